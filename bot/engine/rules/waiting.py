"""A customer who asked for a person is told who comes and when, may leave a number, and is asked nothing more.

The form goes on only when the customer goes on with it; what is not understood meanwhile is for the person who comes.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from bot.desks import serving
from bot.engine.moves import flow_of, rest
from bot.engine.rules.staff_tickets import tell_staff
from bot.nlu.fold import plain, words_in
from bot.script import hours
from bot.script.draft import Draft
from bot.script.faq import person_wait
from bot.script.notes import CALLBACK, CARD, FOREIGN, QUIET, REASSURED_AT, STAFF_NAME
from bot.script.phrases import FIRST_AID, phrase

PHONE: Final = re.compile(r"\+?\d[\d ().-]{8,20}\d")
URGENT: Final = re.compile(r"(?i)\b(?:urgente|urgent|urgencia|urgência|emergencia|emergência|emergency)\b")
FEWEST_DIGITS, MOST_DIGITS = 10, 15
CALLS: Final = frozenset(
    "hablar hablen hablarme hablenme hablame hablarnos hableme llamar llamen llame llamarme llamenme llamame llamada marcar marquen marcame marquenme telefono call phone ring".split()
)
SMALL: Final = frozenset({"", "greeting", "thanks", "farewell", "person"})
POLITE: Final = {"thanks": "welcome_anytime", "farewell": "goodbye"}
DECISIONS: Final = frozenset({"yes", "no"})
FEW_WORDS: Final = 2
SAID_ANEW: Final = timedelta(minutes=5)
"""So long the same comfort is not said again."""


def take_number(draft: Draft) -> str:
    """Take a number to call, before a form takes it for a code."""
    number = _number_to_call(draft, is_quiet(draft)) if draft.from_customer and draft.agent is None else ""
    if not number:
        return ""
    _note_number(draft, number)
    return "callback"


def escalate(draft: Draft) -> str:
    """Pass what is urgent to the person on call after hours: of who waits for a person, or who writes that word alone."""
    if not draft.desk_settings.on_call or draft.agent is not None or not URGENT.search(draft.event.text):
        return ""
    alone = len(words_in(plain(draft.event.text))) <= FEW_WORDS
    if not (is_quiet(draft) or alone):
        return ""
    if hours.opens_next(draft) is None:
        if is_quiet(draft):
            return ""
        call_person(draft)
        return "person"
    number = tell_staff(draft, "urgent", urgent=True)
    draft.want_person()
    draft.notes |= {QUIET: True, REASSURED_AT: draft.now.isoformat()}
    draft.answers.append(draft.words("urgent_on_call", number=number, phone=draft.desk_settings.on_call))
    draft.hush()
    return "urgent"


def keep_quiet(draft: Draft) -> str:
    """While a person is awaited, answer small talk once and ask nothing."""
    if not draft.from_customer or draft.agent is not None or not is_quiet(draft) or _goes_on(draft):
        return ""
    comfort(draft)
    return "waits"


def is_quiet(draft: Draft) -> bool:
    """Whether the customer asked for a person, and the form rests until they go on with it."""
    return draft.person_wanted and bool(draft.notes.get(QUIET))


def call_person(draft: Draft) -> None:
    """Put the customer in the line, say who comes and when, and let the form rest."""
    again = is_quiet(draft)
    if not draft.person_wanted:
        draft.notes.pop(CALLBACK, None)  # of another time
    draft.want_person()
    draft.notes[QUIET] = True
    draft.answers.append(" ".join([_comes(draft, again), *_when(draft), *([] if again else [_or_call(draft)])]))
    draft.notes[REASSURED_AT] = draft.now.isoformat()


def comfort(draft: Draft) -> None:
    """Say that the person still comes, unless that was said a moment ago."""
    said_at = draft.notes.get(REASSURED_AT)
    draft.hush()
    if draft.woken:
        rest(draft, "rested")
        draft.hush()
    polite = POLITE.get(draft.intent)
    if FOREIGN in draft.notes:
        _comfort_abroad(draft, polite is None)
        return
    if polite:
        draft.answers.append(draft.words(polite, **({"name": draft.called} if polite == "welcome_anytime" else {})))
        return
    if said_at and draft.now - datetime.fromisoformat(said_at) < SAID_ANEW and draft.intent != "person":
        draft.note = "waits for a person: quiet"
        return
    draft.notes[REASSURED_AT] = draft.now.isoformat()
    draft.answers.append(draft.words("person_still_wanted"))


def _comfort_abroad(draft: Draft, asks: bool) -> None:
    """The same in the customer's own language."""
    key = "still_passed_on" if asks else "passed_on_thanked"
    draft.answers.append(phrase(draft.notes[FOREIGN], FIRST_AID, key))


def _goes_on(draft: Draft) -> bool:
    """Whether something was told, chosen or asked that the form or the menu has use for."""
    if draft.event.kind not in ("text", "sticker", "reaction"):
        return True
    told = serving(draft.before.desk).told_by
    if draft.taken or draft.filling or any(name in draft.guesses for name in told):
        return True
    if draft.intent in DECISIONS:
        return flow_of(draft).states[draft.state].expects == "yes_no" and not draft.woken
    return draft.intent not in SMALL


def _number_to_call(draft: Draft, waits: bool) -> str:
    """A phone number, where a call was offered or is asked for."""
    if draft.event.kind != "text":
        return ""
    found = PHONE.search(draft.event.text)
    if found is None or not FEWEST_DIGITS <= len(re.sub(r"\D", "", found[0])) <= MOST_DIGITS:
        return ""
    asks = not CALLS.isdisjoint(words_in(plain(draft.event.text)))
    return found[0].strip() if waits or asks else ""


def _note_number(draft: Draft, number: str) -> None:
    draft.want_person()
    draft.notes |= {QUIET: True, CALLBACK: number, REASSURED_AT: draft.now.isoformat()}
    draft.answers.append(draft.words("callback_noted", number=number))
    draft.hush()
    if draft.woken:
        rest(draft, "rested")
        draft.hush()


def call_card(draft: Draft) -> None:
    """The contact whose card was sent shall be called."""
    name, number = draft.notes.pop(CARD, ["", ""])
    if number:
        _note_number(draft, f"{number} ({name})")
    else:
        draft.repeat()


def _comes(draft: Draft, again: bool) -> str:
    name = draft.notes.get(STAFF_NAME)
    if again:
        return draft.words("person_still_wanted")
    return draft.words("person_named", name=name) if name else draft.words("person_will_write")


def _when(draft: Draft) -> list[str]:
    """The hours of the desk, and how long people waited lately; when they are there again, and who is on call, after hours."""
    if closed := after_hours(draft):
        return closed
    value = serving(draft.before.desk).faq.values.get("hours")
    told = value(draft) if value else ""
    return [*([draft.words("person_hours", hours=told)] if told else []), person_wait(draft)]


def after_hours(draft: Draft) -> list[str]:
    """The moment at which people are there again, and who is on call; nothing within the hours."""
    opens_at, own = hours.opens_next(draft), hours.of_settings(draft)
    if opens_at is None or own is None:
        return []
    when = draft.words("person_after_hours", hours=hours.in_words(draft, own), when=hours.moment(draft, opens_at))
    return [when, *([draft.words("urgent_offer")] if draft.desk_settings.on_call else [])]


def _or_call(draft: Draft) -> str:
    return draft.words("person_callback")
