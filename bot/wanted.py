"""A ticket that a customer wants without filling in a form, by a button of the page: one, while one is open and new."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.draft import Draft
from bot.moves import rests
from bot.phrases import phrase
from core.turn import TicketOpened

NEW = timedelta(hours=1)
OPEN = ("pending", "in_progress")
LONGEST_SUMMARY = 500


def open_ticket(draft: Draft) -> str:
    """Keep a ticket with what is known, unless there is one from within the hour: that is what is wanted, too."""
    if draft.event.kind != "ticket_wanted":
        return ""
    if any(_serves(draft, ticket) for ticket in draft.fact("tickets", "mine")):
        draft.note = "there is one"
        return "ticket_wanted"
    number = draft.ticket_number()
    draft.keep(TicketOpened(number, "help", _summary(draft), _content(draft)))
    if draft.agent is None:
        draft.say("ticket_ready", number=number)
        if not rests(draft):
            draft.repeat()
    return "ticket_wanted"


def _serves(draft: Draft, ticket: Mapping[str, Any]) -> bool:
    opened_at = datetime.fromisoformat(str(ticket["created_at"]))
    return ticket["status"] in OPEN and draft.now - opened_at < NEW


def _summary(draft: Draft) -> str:
    """The fault, when one was told; else the thing it is about."""
    told = draft.value("problem") or draft.value("device") or draft.event.content.get("device")
    return str(told or phrase(draft.language, draft.flow, "help_wanted"))[:LONGEST_SUMMARY]


def _content(draft: Draft) -> dict[str, Any]:
    told = {name: draft.event.content[name] for name in ("name", "device", "history") if name in draft.event.content}
    return {"given": draft.given(), "at": f"{draft.flow}.{draft.state}" if draft.flow else "", **told}
