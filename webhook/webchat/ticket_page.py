"""Content of a ticket's public page: its steps, what is expected, what its customer added. Personal data is masked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core import pii
from core.store.chat.rows import LinkedTicket, TicketSteps
from webhook.webchat.ticket_words import Words, words

OPEN = ("pending", "in_progress")
MOST_ADDED = 20
MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86_400


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a ticket: reached at a time, reached at some time, or still to come."""

    name: str
    title: str
    reached: bool
    at: datetime | None = None
    shown_at: str = ""
    current: bool = False


def content(
    ticket: LinkedTicket, steps: TicketSteps, usual_s: float | None, now: datetime | None = None
) -> dict[str, Any]:
    """All that the page shows."""
    said = words(ticket.language)
    return {
        "ticket": ticket,
        "words": said,
        "open": ticket.status in OPEN,
        "summary": pii.mask(ticket.summary),
        "opened": _local(ticket.created_at, ticket),
        "steps": list(_steps(ticket, steps, said)),
        "expected": _expected(ticket, usual_s, said, now or datetime.now(UTC)) if ticket.status in OPEN else "",
        "added": [_note(one, ticket) for one in (ticket.added or [])[-MOST_ADDED:]],
        "waits": steps.waiting > 0,
    }


def _steps(ticket: LinkedTicket, steps: TicketSteps, said: Words) -> Iterator[Step]:
    """From received to solved. What was skipped or is not known is reached with what comes after it."""
    reached = {
        "received": ticket.created_at,
        "assigned": steps.assigned_at,
        "under_way": steps.begun_at,
        "solved": ticket.resolved_at,
    }
    if ticket.status == "cancelled":
        known = (
            {"assigned": steps.assigned_at, "under_way": steps.begun_at} if ticket.assigned or steps.begun_at else {}
        )
        reached = {
            "received": ticket.created_at,
            **{n: at for n, at in known.items() if at},
            "cancelled": steps.cancelled_at,
        }
    last = _last(ticket, list(reached))
    for place, (name, at) in enumerate(reached.items()):
        there = place <= last
        shown_at = _local(at, ticket) if at and there else ""
        yield Step(name, said[f"step_{name}"], there, at if there else None, shown_at, place == last)


def _last(ticket: LinkedTicket, names: list[str]) -> int:
    """The place of the step at which it stands."""
    at = {"in_progress": "under_way", "resolved": "solved", "cancelled": "cancelled"}.get(ticket.status)
    return names.index(at or ("assigned" if ticket.assigned else "received"))


def _expected(ticket: LinkedTicket, usual_s: float | None, said: Words, now: datetime) -> str:
    """When something happens next, by the surest that is known."""
    arrives = datetime.fromisoformat(ticket.expected_at) if ticket.expected_at else None
    if arrives and arrives > now:
        return said["arrives"].format(at=f"{arrives.astimezone(ZoneInfo(ticket.timezone)):%H:%M}")
    calls = ticket.created_at + timedelta(hours=ticket.calls_within_h or 0)
    if ticket.status == "pending" and calls > now:
        return said["calls"].format(at=_local(calls, ticket))
    return said["usual"].format(time=_in_words(usual_s, said)) if usual_s else said["unknown"]


def _in_words(seconds: float, said: Words) -> str:
    if seconds < 1.5 * HOUR_S:
        return said["minutes"].format(n=max(5, round(seconds / MINUTE_S / 5) * 5))
    if seconds < 2 * DAY_S:
        return said["hours"].format(n=round(seconds / HOUR_S))
    return said["days"].format(n=round(seconds / DAY_S))


def _note(one: Any, ticket: LinkedTicket) -> dict[str, str]:
    at = datetime.fromisoformat(one["at"])
    return {"at": at.isoformat(), "shown_at": _local(at, ticket), "text": pii.mask(str(one["text"]))}


def _local(at: datetime, ticket: LinkedTicket) -> str:
    """The time at the desk, with the name of its zone where the desk tells it."""
    written = at.astimezone(ZoneInfo(ticket.timezone)).strftime("%d-%m-%Y %H:%M")
    return f"{written} ({ticket.zone})" if ticket.zone else written
