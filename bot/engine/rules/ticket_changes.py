"""Ticket changes by staff: written by the turn and reported to the customer; a resolved ticket may get a survey."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.desks import follow_up_of
from bot.engine.moves import advance, rest, rests
from bot.engine.rules import cancelling, staff
from bot.script import follow_ups
from bot.script.draft import Draft
from bot.script.notes import AWAITED_TICKETS
from core.turn import TicketChanged

TOLD = {
    "in_progress": "ticket_in_progress",
    "resolved": "ticket_resolved",
    "cancelled": "ticket_cancelled",
    "pending": "ticket_reopened",
}
NOTE_LENGTH = 300
FOLLOWED_BY = "survey"
"""The follow-up about a resolved ticket."""


def change(draft: Draft) -> str:
    """Refused when it is so already, or no longer as it was when somebody wanted this."""
    content = draft.event.content
    what = "status" if "status" in content else "assignee"
    wanted, expected = str(content.get(what) or ""), content.get("expected")
    stands = draft.fact("own_ticket", str(content.get("number")))
    if stands is None or (what == "status" and wanted not in TOLD):
        return staff.refuse(draft, "no such ticket" if stands is None else "unknown status")
    if stands[what] == wanted and "expected" in content:
        return staff.refuse(draft, "it is so already")
    if expected is not None and stands[what] != expected:
        return staff.refuse(draft, "changed meanwhile")
    if stands[what] != wanted:  # without `expected` it was written with the event, by the version before: only tell it
        draft.keep(_changed(content, what, stands[what], wanted))
    if what == "status":
        _notify(draft, str(content["number"]), wanted)
    return "ticket"


def _changed(content: Mapping[str, Any], what: Any, before: str, after: str) -> TicketChanged:
    return TicketChanged(str(content["number"]), what, before, after, str(content.get("by") or ""), _note(content))


def _notify(draft: Draft, number: str, status: str) -> None:
    """Tell the customer what became of the ticket; a resolved one is asked about later, a reopened one no more."""
    draft.by_itself = True
    _change_survey(draft, number, status)
    if _goes_on(draft, number, status):
        return
    draft.say(TOLD[status], number=number)
    if note := _note(draft.event.content):
        draft.say("ticket_note", note=note)
    if cancelling.asks_about(draft, number):
        rest(draft, "rested")  # it is settled meanwhile, or somebody has begun
    elif not rests(draft) and draft.agent is None:
        draft.repeat()


def _goes_on(draft: Draft, number: str, status: str) -> bool:
    """Whether the flow under way waited for this, and tells the customer by itself what follows."""
    awaited = draft.notes.get(AWAITED_TICKETS, {})
    if number not in awaited or draft.agent is not None or rests(draft):
        return False
    if note := _note(draft.event.content):
        draft.say("ticket_note", note=note)
    if not advance(draft, f"{awaited[number]}_{status}"):
        draft.said.clear()
        return False
    return True


def _note(content: Mapping[str, Any]) -> str:
    return str(content.get("note") or "").strip()[:NOTE_LENGTH]


def _change_survey(draft: Draft, number: str, status: str) -> None:
    survey = follow_up_of(draft.before.desk, FOLLOWED_BY)
    if survey is None:
        return
    if status == "resolved" and draft.desk_settings.surveys:
        follow_ups.schedule(draft, survey, number, 3600.0 * draft.desk_settings.survey_after_h, ticket=number)
        return
    follow_ups.cancel(draft, survey, number)
    if draft.flow == survey.flow and draft.notes.get(survey.about, {}).get("ticket") == number:
        advance(draft, "expire")
