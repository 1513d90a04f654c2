"""Report of an AI outage: replies with their readings, and the breaker's changes, from the recorded data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.rows import namedtuple_row

REPLIES = """
    select i.external_id, s.reading, s.trigger, min(o.id)::text as outbound
    from inbox i join steps s on s.event_id = i.id left join outbox o on o.event_id = i.id
    where i.kind = 'text' group by i.external_id, s.reading, s.trigger
"""
CHANGES = """
    select extract(epoch from at)::float as at, from_state, to_state, why
    from report.breaker_changes where breaker = 'ai' order by at
"""


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase of the AI's behaviour, from when to when, with its most concurrent calls."""

    mode: str
    began_at: float
    ended_at: float
    most_at_once: int


@dataclass(frozen=True, slots=True)
class Change:
    at: float
    before: str
    after: str
    why: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One sentence of a customer and its answer. `latency_s` is from the saying to the platform's taking the answer."""

    said_at: float
    latency_s: float
    source: str
    why: str
    trigger: str


@dataclass(frozen=True, slots=True)
class Timeline:
    phases: Sequence[Phase]
    changes: Sequence[Change]
    replies: Sequence[Reply]
    unanswered: int

    @property
    def began_at(self) -> float:
        return self.phases[0].began_at

    def state(self, at: float) -> str:
        """How the breaker stood then."""
        return next((change.after for change in reversed(self.changes) if change.at <= at), "closed")

    def said_in(self, phase: Phase) -> list[Reply]:
        return [reply for reply in self.replies if phase.began_at <= reply.said_at < phase.ended_at]


def timeline(
    database: str, said: Mapping[str, float], accepted: Sequence[Mapping[str, Any]], phases: Sequence[Phase]
) -> Timeline:
    """The timeline, from what the customers, the platform and the database know."""
    taken = {entry["callback_id"]: float(entry["at"]) for entry in accepted}
    with psycopg.connect(database, row_factory=namedtuple_row) as connection:
        rows = {row.external_id: row for row in connection.execute(REPLIES).fetchall()}
        changes = [Change(*row) for row in connection.execute(CHANGES).fetchall()]
    replies = [
        Reply(at, taken[row.outbound] - at, row.reading["source"], row.reading.get("why", ""), row.trigger)
        for wamid, at in said.items()
        if (row := rows.get(wamid)) is not None and row.outbound in taken
    ]
    return Timeline(phases, changes, sorted(replies, key=lambda reply: reply.said_at), len(said) - len(replies))
