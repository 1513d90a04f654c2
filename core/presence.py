"""Presence: when people of a desk are there, and how soon one of them answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Presence:
    """Without hours, nothing is known of when people are there; without minutes, not how soon they answer."""

    opens: str = ""
    closes: str = ""
    days: tuple[int, ...] = ()
    """Days of the week on which they are; 1 is Monday."""
    timezone: str = ""
    opens_at: datetime | None = None
    """When they are there next; None while they are."""
    wait_minutes: int | None = None
    calls_within_h: float = 0
    """Hours within which somebody calls who has a case; 0: none is promised."""

    @property
    def as_json(self) -> dict[str, Any]:
        """For a page."""
        return {
            "opens": self.opens, "closes": self.closes, "days": list(self.days), "timezone": self.timezone,
            "opensAt": self.opens_at.isoformat() if self.opens_at else None, "waitMinutes": self.wait_minutes,
            "callsWithinHours": self.calls_within_h,
        }  # fmt: skip


Present = Callable[[str], Presence]
"""Presence of the desk that answers at this address of the chat. It is lent: the door does not know the desks' settings."""


def nobody(_: str) -> Presence:
    """Nothing is known, where no engine is lent."""
    return Presence()
