"""The customer's last open report, in a line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.script.draft import Draft

OPEN = ("pending", "in_progress")


def last_open(draft: Draft) -> str:
    """How it stands, and when somebody arrives where that is known; "" when there is none."""
    ticket = next((each for each in draft.fact("tickets", "mine") if each["status"] in OPEN), None)
    return in_a_line(draft, ticket) if ticket else ""


def in_a_line(draft: Draft, ticket: Mapping[str, Any]) -> str:
    """How an open report stands."""
    arrival = (ticket.get("content") or {}).get("arrival") or {}
    expected = _at(draft, str(arrival.get("expected_at") or ""))
    waits = "urgent" if (ticket.get("kind"), ticket["status"]) == ("danger", "pending") else ticket["status"]
    key = "report_arrives" if expected else f"report_{waits}"
    return draft.words(key, number=ticket["number"], at=expected)


def _at(draft: Draft, written: str) -> str:
    """The time of the day at the desk; "" when it is over, or on another day."""
    if not written:
        return ""
    at = datetime.fromisoformat(written).astimezone(ZoneInfo(draft.before.desk.timezone))
    return f"{at:%H:%M}" if at > draft.local_now and at.date() == draft.local_now.date() else ""
