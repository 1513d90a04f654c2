"""Slot filling: wakes an idle conversation, and fills the form with the reading."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.desks import serving
from bot.engine.moves import INTERRUPTED, advance, fill, flow_of, mention_intent, rests, wake
from bot.engine.rules import buttons
from bot.nlu import aftercare
from bot.script import phrases
from bot.script.draft import Draft
from bot.script.forms import place
from bot.script.notes import EARLIER, HEARD
from core.reading import Guess

NUMBER = "ticket_number"
EARLIER_ONES = {"first": 0, "previous": -1}
"""Places, among the values told earlier, of the one that is meant."""


def take_in(draft: Draft) -> None:
    """Take in what was said: wake the conversation when it rested, and fill the form."""
    if rests(draft):
        wake(draft)
        _speak_as_asked(draft)
    if draft.event.kind == "location":
        draft.guesses |= _pin(draft)
    _choose(draft)
    _recall(draft)
    _put_right(draft)
    _find_report(draft)
    _mean_as(draft)
    mention_intent(draft)
    fill(draft)


def _speak_as_asked(draft: Draft) -> None:
    """A browser says which language its user reads."""
    locale = draft.event.content.get("locale")
    if draft.event.kind == "request_welcome" and isinstance(locale, str):
        draft.language = phrases.preferred(locale, draft.before.desk.language, serving(draft.before.desk).languages)


def follow(draft: Draft) -> str:
    """Let the flow answer, by the first trigger its table has a row for."""
    for trigger in _triggers(draft):
        if advance(draft, trigger):
            return draft.intent or "told" if trigger == INTERRUPTED else trigger
    return ""


def _triggers(draft: Draft) -> Iterator[str]:
    """Triggers that an event may fire in a flow, the most certain first."""
    if draft.event.kind == "image":
        yield "photo"
        return
    fills = (
        bool(draft.taken) or any(name in draft.guesses for name in serving(draft.before.desk).told_by) or draft.filling
    )
    if draft.intent in ("no", "correct") and (fills or _names_what_is_asked(draft)):
        yield "told"  # “no, it is 4045102”: the new value answers more than the no
    if draft.intent:
        yield draft.intent
    if draft.intent in serving(draft.before.desk).interrupts or _tells_of_a_thing(draft):
        yield INTERRUPTED
    if fills:
        yield "told"
    if draft.woken and draft.event.kind in ("text", "choice"):
        yield "begin"


def _names_what_is_asked(draft: Draft) -> bool:
    """“y el otro? el 4045109”, while that very one is shown, takes nothing back."""
    asked, said = draft.before.asked, draft.guesses.get(draft.before.asked)
    return said is not None and asked in draft.slots and draft.slots[asked].value == said.value


def _choose(draft: Draft) -> None:
    """An option that was typed means what it would have meant pressed."""
    typed = draft.guesses.pop("choice", None)
    if typed is not None and draft.event.kind in ("text", "choice") and not draft.intent:
        buttons.choose(draft, str(typed.value), "typed")


def _recall(draft: Draft) -> None:
    """“ya te la mandé arriba” is no answer, but says where it is: it was told before."""
    asked = draft.before.asked
    if draft.event.kind != "text" or not asked:
        return
    meant, answer = aftercare.meant(draft.event.text), draft.guesses.get(asked)
    if meant in EARLIER_ONES and answer is None and (told := draft.notes.get(EARLIER, {}).get(asked)):
        draft.guesses[asked] = Guess(told[EARLIER_ONES[meant]], 90, "told before")
    if meant != "before":
        return
    if answer is not None and answer.source != "asked":
        return  # it is told here as well
    draft.guesses.pop(asked, None)
    heard = draft.notes.get(HEARD, {})
    known = next((slot for slot in flow_of(draft).form.ways_of(asked) if slot in heard), "")
    if known:
        draft.guesses[known] = Guess(heard[known], 90, "told before")


def _put_right(draft: Draft) -> None:
    """“no es el 54321, es el 54322”: the new number belongs where the old one stands, whatever was asked."""
    denied = draft.guesses.pop("denied", None)
    stands = next((name for name, slot in draft.slots.items() if denied and slot.value == denied.value), "")
    alike = serving(draft.before.desk).alike
    said = [name for name in alike if name in draft.guesses]
    if stands in alike and said and stands not in said:
        draft.guesses[stands] = draft.guesses.pop(said[0])


def _mean_as(draft: Draft) -> None:
    """“it is that number which I gave you”: the number that was taken for another is moved."""
    named = draft.guesses.pop("meant_as", None)
    others = [
        slot for slot in serving(draft.before.desk).alike if named and slot != named.value and slot in draft.slots
    ]
    if named is not None and named.value not in draft.slots and len(others) == 1:
        draft.guesses[str(named.value)] = Guess(draft.slots.pop(others[0]).value, 90, "told before")


def _find_report(draft: Draft) -> None:
    """The code of a thing, where the number of a report is asked: the report of that thing, where there is one."""
    if draft.before.asked != NUMBER or NUMBER in draft.guesses or draft.woken:
        return
    said = {name: draft.guesses[name].value for name in serving(draft.before.desk).alike if name in draft.guesses}
    mine = draft.fact("tickets", "mine") if said else ()
    of_it = (ticket["number"] for ticket in mine if any(_told_in(ticket, name) == code for name, code in said.items()))
    if number := next(of_it, ""):
        draft.guesses = {NUMBER: Guess(number, 90, "told")}


def _told_in(ticket: Mapping[str, Any], slot: str) -> object:
    given = (ticket.get("content") or {}).get("given") or {}
    return (given.get(slot) or {}).get("value")


def _tells_of_a_thing(draft: Draft) -> bool:
    """Whether the number of a report was asked, and the code of a thing was told that has none."""
    things = serving(draft.before.desk).alike
    return draft.before.asked == NUMBER and not draft.taken and any(name in draft.guesses for name in things)


def _pin(draft: Draft) -> dict[str, Guess]:
    """The point, and what is written beside it on the map, where the flow has use for a place."""
    content = draft.event.content
    point = place({"latitude": content.get("latitude"), "longitude": content.get("longitude")})
    pin = {"location": Guess(point, 95, "pin")}
    written = ", ".join(
        part for part in (content.get("name"), content.get("address")) if isinstance(part, str) and part
    )
    if point and written and "location" in flow_of(draft).form.checks:
        pin["address"] = Guess(written, 85, "pin")
    return pin
