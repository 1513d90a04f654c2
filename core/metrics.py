"""Metrics of one process: counted in memory until its heartbeat writes them to the database.

Noticing costs a dictionary entry, so that neither the door nor a turn waits for it. Equal things within a minute are
one entry with a count, and there is room for so many entries only: what comes on top is counted by the metrics alone.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

Kind = Literal["conflict", "refused", "breaker"]

ROOM = 5_000
"""Different things noticed between two beats."""


@dataclass(slots=True)
class Happening:
    """Something noticed, and how often within its minute."""

    at: datetime
    kind: Kind
    name: str = ""
    conversation_id: int | None = None
    detail: Mapping[str, str] = field(default_factory=dict)
    count: int = 1


@dataclass(frozen=True, slots=True)
class Noted:
    """Everything since the last time."""

    happenings: tuple[Happening, ...] = ()
    heard: Mapping[str, datetime] = field(default_factory=dict)
    """When each of our numbers last got something signed."""


class Metrics:
    """Aggregates a process's happenings in memory. Thread-safe: written by many threads, taken by one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._happenings: dict[object, Happening] = {}
        self._heard: dict[str, datetime] = {}

    def note(
        self, kind: Kind, name: str = "", conversation_id: int | None = None, detail: Mapping[str, str] | None = None
    ) -> None:
        """This happened just now."""
        happening = Happening(datetime.now(UTC), kind, name, conversation_id, detail or {})
        with self._lock:
            self._add(happening)

    def signed_for(self, addresses: Iterable[str]) -> None:
        """The platform brought something signed for these numbers."""
        now = datetime.now(UTC)
        with self._lock:
            for address in addresses:
                if address in self._heard or len(self._heard) < ROOM:
                    self._heard[address] = now

    def take(self) -> Noted:
        """Return what was counted since the last call, and start again from zero."""
        with self._lock:
            noted = Noted(tuple(self._happenings.values()), self._heard)
            self._happenings, self._heard = {}, {}
            return noted

    def put_back(self, noted: Noted) -> None:
        """It could not be written down: keep it for the next time."""
        with self._lock:
            for happening in noted.happenings:
                self._add(happening)
            self._heard = {**noted.heard, **self._heard}

    def _add(self, happening: Happening) -> None:
        minute = happening.at.replace(second=0, microsecond=0)
        key = (minute, happening.kind, happening.name, happening.conversation_id, tuple(happening.detail.items()))
        known = self._happenings.get(key)
        if known is not None:
            known.count += happening.count
        elif len(self._happenings) < ROOM:
            self._happenings[key] = happening


METRICS = Metrics()
"""This process's own."""
