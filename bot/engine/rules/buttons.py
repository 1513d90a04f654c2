"""Stale buttons: each button carries flow, version and turn, so that an old one is recognised."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.engine.moves import flow_of, rests, wake
from bot.script.draft import Draft
from bot.script.notes import PRESSED
from core.messages import Option, Outbound
from core.reading import Guess

TWICE_WITHIN_S = 5.0
ALWAYS = ("person", "menu", "help")
"""Options that mean the same whenever they are pressed."""
LOOKS = ("ticket_number",)
"""To look at something again is right whenever nothing else is under way."""


@dataclass(frozen=True, slots=True)
class Stamp:
    choice: str
    flow: str
    flow_version: int
    version: int

    def __str__(self) -> str:
        return f"{self.choice}|{self.flow}|{self.flow_version}|{self.version}"


def read(option_id: object) -> Stamp | None:
    """The stamp of a pressed button; None when it is not one of ours."""
    parts = option_id.split("|") if isinstance(option_id, str) else []
    if len(parts) != 4 or not all(_is_count(part) for part in parts[2:]):
        return None
    return Stamp(parts[0], parts[1], int(parts[2]), int(parts[3]))


def stamped(question: Outbound, draft: Draft, version: int) -> Outbound:
    """The question with its options as they go out."""
    return replace(
        question,
        options=tuple(
            Option(str(Stamp(option.id, draft.flow, draft.flow_version, version)), option.title, option.description)
            for option in question.options
        ),
    )


def press(draft: Draft) -> str:
    """Take a pressed button at its word, unless it is out of date."""
    stamp = read(draft.event.content.get("id"))
    if stamp is None and (draft.intent or draft.guesses) and draft.event.content.get("source") == "template":
        return ""  # its words say enough
    if stamp is None:
        draft.intent, draft.guesses, draft.note = "menu", {}, "unknown button"
        return ""
    draft.intent, draft.guesses = "", {}
    if _just_pressed(draft, stamp):
        draft.note = "pressed twice"
        return "pressed_twice"
    choose(draft, stamp.choice, "pressed")
    return "" if _current(draft, stamp) else _refuse(draft, stamp)


def choose(draft: Draft, choice: str, source: str) -> None:
    """Apply an option: an intent, or the value of a slot when it is called “slot=value”."""
    slot, fills, value = choice.partition("=")
    if fills:
        draft.guesses[slot] = Guess(value, 100, source)
        draft.filling = True
    else:
        draft.intent = choice


def _just_pressed(draft: Draft, stamp: Stamp) -> bool:
    """A finger that taps twice: the first has its answer already, the second says nothing."""
    stamped, at = draft.notes.get(PRESSED) or ("", 0.0)
    now = draft.now.timestamp()
    draft.notes[PRESSED] = [str(stamp), round(now, 1)]
    return stamped == str(stamp) and now - at < TWICE_WITHIN_S


def _current(draft: Draft, stamp: Stamp) -> bool:
    if stamp.choice in ALWAYS:
        return True
    if rests(draft):
        return stamp.flow == draft.before.desk.menu or stamp.choice.partition("=")[0] in LOOKS
    if (stamp.flow, stamp.flow_version) != (draft.flow, draft.flow_version):
        return False
    return stamp.version == draft.before.asked_at_version or _is_offered_again(draft, stamp)


def _is_offered_again(draft: Draft, stamp: Stamp) -> bool:
    """An older one of the very menu that stands; a yes or a no may be to something else."""
    flow = flow_of(draft)
    stands = flow.states[draft.state].expects == "choice"
    return stands and any(option.id == stamp.choice for option in flow.offered(draft.state, draft))


def _refuse(draft: Draft, stamp: Stamp) -> str:
    draft.note = "old button"
    if stamp.flow == draft.flow == "survey" and not rests(draft):
        return "old_button"  # a rating pressed twice: the next question is already there
    if rests(draft):
        wake(draft)
    draft.say("survey_is_over" if stamp.flow == "survey" else "old_button")
    draft.repeat()
    return "old_button"


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10
