"""A turn: everything that was decided in answer to one event, as one value.

`core/store/commit.py` is the only reader that writes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.messages import Event, Outbound
from core.reading import Reading
from core.session import Session


@dataclass(frozen=True, slots=True)
class TimerSet:
    """Ring at `due_at`; with `rest_s`, only once nothing was heard from the customer for that long."""

    name: str
    due_at: datetime
    rest_s: float | None = None
    content: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TimerCancelled:
    name: str


@dataclass(frozen=True, slots=True)
class TicketOpened:
    """A record for staff: a failure report, a help-desk ticket, …"""

    number: str
    kind: str
    summary: str
    content: Mapping[str, Any] = field(default_factory=dict)


Record = TicketOpened
TimerChange = TimerSet | TimerCancelled


@dataclass(frozen=True, slots=True)
class Turn:
    """`after` is `before` one version later; everything else is written with it or not at all."""

    event: Event
    before: Session
    after: Session
    trigger: str
    reading: Reading | None = None
    replies: tuple[Outbound, ...] = ()
    records: tuple[Record, ...] = ()
    timers: tuple[TimerChange, ...] = ()
    note: str = ""
    """Why, when the states alone do not tell: "stale timer", "session could not be read"…"""

    @property
    def conversation_id(self) -> int:
        return self.before.conversation_id
