"""The page of a ticket: what its customer adds there, or takes back. The page itself tells what came of it; in the
conversation only a ticket that nobody looks after any more is told, and danger is answered as anywhere else."""

from __future__ import annotations

from bot.engine.moves import rest
from bot.engine.rules import cancelling, danger
from bot.script.draft import Draft
from core.turn import TicketAdded, TicketChanged


def take(draft: Draft) -> str:
    """Do what was asked on the page, when the ticket is one of this conversation and open."""
    number = str(draft.event.content.get("number"))
    stands = draft.fact("own_ticket", number)
    if stands is None or stands["status"] not in cancelling.OPEN:
        draft.note = "no such ticket" if stands is None else "it is settled"
    elif draft.event.content.get("action") == "cancel":
        _cancel(draft, number, waits=stands["status"] == "pending")
    elif text := draft.event.text.strip()[: cancelling.LONGEST]:
        draft.keep(TicketAdded(number, text))
    return "" if danger.GUESS in draft.guesses else "ticket_page"


def _cancel(draft: Draft, number: str, *, waits: bool) -> None:
    """Only what still waits is taken back; where somebody is at work on it, or people are in danger, a person decides."""
    settles = waits and not cancelling.of_danger(draft, number)
    if settles:
        draft.keep(TicketChanged(number, "status", "pending", "cancelled", "customer"))
    else:
        draft.want_person()
    if draft.agent is None:
        draft.announce()
        draft.say("case_cancelled" if settles else "case_told_people", number=number)
    if settles and cancelling.asks_about(draft, number):
        rest(draft, "rested")
