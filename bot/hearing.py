"""Hearing the customer: wake the conversation when it rested, and fill the form with what was said."""

from __future__ import annotations

from collections.abc import Iterator

from bot import buttons, phrases
from bot.draft import Draft
from bot.forms import place
from bot.moves import advance, fill, rests, wake
from core.reading import Guess


def hear(draft: Draft) -> str:
    """Take in what was said. It answers nothing: the rules after it do."""
    if rests(draft):
        wake(draft)
        _speak_as_asked(draft)
    if draft.event.kind == "location":
        draft.guesses["location"] = _pin(draft)
    _choose(draft)
    fill(draft)
    return ""


def _speak_as_asked(draft: Draft) -> None:
    """A browser says which language its user reads."""
    locale = draft.event.content.get("locale")
    if draft.event.kind == "request_welcome" and isinstance(locale, str):
        draft.language = phrases.preferred(locale, draft.before.desk.language)


def follow(draft: Draft) -> str:
    """Let the flow answer, by the first trigger its table has a row for."""
    for trigger in _triggers(draft):
        if advance(draft, trigger):
            return trigger
    return ""


def _triggers(draft: Draft) -> Iterator[str]:
    """What an event may mean to a flow, the surest first."""
    if draft.event.kind == "image":
        yield "photo"
        return
    told = bool(draft.taken) or "equipment_kind" in draft.guesses or draft.filling
    if told and draft.intent in ("no", "correct"):
        yield "told"  # “no, it is 4045102”: the new value answers more than the no
    if draft.intent:
        yield draft.intent
    if told:
        yield "told"
    if draft.woken and draft.event.kind in ("text", "choice"):
        yield "begin"


def _choose(draft: Draft) -> None:
    """An option that was typed means what it would have meant pressed."""
    typed = draft.guesses.pop("choice", None)
    if typed is not None and draft.event.kind == "text" and not draft.intent:
        buttons.choose(draft, str(typed.value), "typed")


def _pin(draft: Draft) -> Guess:
    content = draft.event.content
    point = {"latitude": content.get("latitude"), "longitude": content.get("longitude")}
    return Guess(place(point), 95, "pin")
