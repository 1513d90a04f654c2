"""Tickets by one button, without a form: one at a time, while it is open and new."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.desks import FLOWS
from bot.engine.moves import rests
from bot.script.draft import Draft
from bot.script.flow import Flow
from bot.script.phrases import phrase
from core.turn import TicketOpened

NEW = timedelta(hours=1)
OPEN = ("pending", "in_progress")
LONGEST_SUMMARY = 500


def open_ticket(draft: Draft) -> str:
    """Keep a ticket with what is known, unless there is one from within the hour: that is what is wanted, too."""
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
    """The case, when one was told; else the thing it is about."""
    flow = _flow(draft)
    summary = flow.sums_up(draft) if flow.sums_up else draft.value("problem")
    summary = summary or draft.event.content.get("device") or phrase(draft.language, flow.name, "help_wanted")
    return str(summary)[:LONGEST_SUMMARY]


def _content(draft: Draft) -> dict[str, Any]:
    sent = {name: draft.event.content[name] for name in ("name", "device", "history") if name in draft.event.content}
    flow = _flow(draft)
    known = flow.details(draft) if flow.details else {}
    return {"given": draft.given(), "at": f"{draft.flow}.{draft.state}" if draft.flow else "", **known, **sent}


def _flow(draft: Draft) -> Flow:
    return FLOWS[draft.flow or draft.before.desk.menu]
