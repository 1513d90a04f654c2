"""Cancelling a ticket that is filed: asked first, and done only while nobody is at work on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.engine.moves import go, rest, rests
from bot.script.draft import Draft
from bot.script.notes import ABOUT_CASE
from core.turn import TicketAdded

FLOW = "last_case"
"""The flow that asks about a ticket."""
OPEN = ("pending", "in_progress")
LONGEST = 500


def cancel(draft: Draft, number: str) -> None:
    """Ask before a ticket is taken back; what is settled, or is no ticket of this conversation, is told as it is."""
    state = draft.fact("own_ticket", number)
    if state is None:
        _cancel_elsewhere(draft, number)
    elif state["status"] == "pending" and not of_danger(draft, number):
        ask(draft, "cancelling", {"number": number})
    elif state["status"] in OPEN:
        tell_people(draft, number)
    else:
        _say_and_go_on(draft, "case_is_settled", number)


def of_danger(draft: Draft, number: str) -> bool:
    """A call for help is looked after by people, until they say that it is over."""
    found = draft.fact("tickets", number)
    return found is not None and found["kind"] == "danger"


def tell_people(draft: Draft, number: str) -> None:
    """Somebody is at work on it: a person decides."""
    draft.want_person()
    if said := draft.event.text.strip()[:LONGEST]:
        draft.keep(TicketAdded(number, said))
    _say_and_go_on(draft, "case_told_people", number)


def _cancel_elsewhere(draft: Draft, number: str) -> None:
    found = draft.fact("tickets", number)
    if found is not None and found["mine"]:
        draft.want_person()
        _say_and_go_on(draft, "still_open", number)
    else:
        _say_and_go_on(draft, "case_not_yours", number)


def _say_and_go_on(draft: Draft, key: str, number: str) -> None:
    """The question of a report under way is put again; else there is nothing to ask."""
    draft.say(key, number=number)
    if draft.woken or rests(draft) or stands(draft):
        rest(draft, "rested")
    else:
        draft.repeat()


def ask(draft: Draft, state: str, about: Mapping[str, Any]) -> None:
    draft.notes[ABOUT_CASE] = dict(about)
    go(draft, FLOW, state)


def asks_about(draft: Draft, number: str) -> bool:
    """Whether the question that stands is about this ticket."""
    return stands(draft) and draft.notes.get(ABOUT_CASE, {}).get("number") == number


def stands(draft: Draft) -> bool:
    return draft.flow == FLOW and not rests(draft)
