"""What staff do with a ticket, told to its customer; and when a resolved one may be asked about."""

from __future__ import annotations

from bot import timers
from bot.draft import Draft
from bot.moves import advance, rests

TOLD = {
    "in_progress": "ticket_in_progress",
    "resolved": "ticket_resolved",
    "cancelled": "ticket_cancelled",
    "pending": "ticket_reopened",
}
NOTE_LENGTH = 300


def tell(draft: Draft) -> str:
    """Tell the customer what became of the ticket; a resolved one is asked about later, a reopened one no more."""
    if draft.event.kind != "ticket":
        return ""
    content = draft.event.content
    number, status = str(content.get("number")), str(content.get("status"))
    if status not in TOLD:
        draft.note = "unknown status"
        return "ticket"
    draft.by_itself = True
    _change_survey(draft, number, status)
    if draft.notes.get("opted_out"):
        draft.note = "opted out"
        return "ticket"
    note = str(content.get("note") or "").strip()[:NOTE_LENGTH]
    draft.say(TOLD[status], number=number)
    if note:
        draft.say("ticket_note", note=note)
    if not rests(draft) and draft.agent is None:
        draft.repeat()
    return "ticket"


def _change_survey(draft: Draft, number: str, status: str) -> None:
    timer = timers.survey_of(number)
    if status == "resolved" and draft.before.desk.settings.get("surveys", True):
        after_s = 3600.0 * timers.hours(draft, "survey_after_h")
        draft.arm(timer, timers.civil_wait_s(draft, after_s), ticket=number)
        return
    draft.disarm(timer)
    if draft.flow == timers.SURVEY and draft.notes.get("survey", {}).get("ticket") == number:
        advance(draft, "expire")
