"""Tickets for reception, with all that was told; and the house's policy in a sentence."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from bot.desks.hotel import saying, settings
from bot.desks.hotel.flows import wish
from bot.desks.hotel.flows.wish import note
from bot.script.draft import Draft
from core.turn import TicketOpened

SUMMARY = 500


def open_ticket(
    draft: Draft, kind: str, summary: str, *, priority: Literal["normal", "urgent"] = "normal", **more: object
) -> str:
    """A ticket for reception; its number."""
    number, offer = draft.ticket_number(), note(draft).get("offer") or {}
    values: dict[str, Any] = {
        "room": offer.get("name", ""),
        "quote": offer.get("quote", ""),
        **wish.shown(draft),
        **more,
    }
    text = draft.words(summary, name=draft.value("name") or draft.name or "—", **values)
    content = {"given": draft.given(), "offer": offer, "hold": note(draft).get("hold", ""), **more}
    draft.keep(TicketOpened(number, kind, text[:SUMMARY], content, priority))
    return number


def policy(draft: Draft, arrives: str) -> str:
    """Until when cancelling costs nothing, and the price of it later."""
    own, zone = settings.of(draft), ZoneInfo(draft.before.desk.timezone)
    check_in = datetime.combine(date.fromisoformat(arrives), time.fromisoformat(own.check_in), zone)
    free_until = check_in - timedelta(hours=own.cancel_free_h)
    percent = f"{own.cancel_percent:f}"
    if free_until <= draft.now:
        return draft.words("policy_late", percent=percent)
    day = saying.day(draft.language, free_until.date(), draft.local_now.date())
    return draft.words("policy", day=day, hour=f"{free_until:%H:%M}", percent=percent)
