"""The rows that the queries about queues give."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from core.store.query import Query


class ErrandQueue(NamedTuple):
    service: str
    waiting: int
    held: int
    oldest_at: datetime
    tries: int


class Held(NamedTuple):
    holder: str
    conversations: int
    until: datetime
    tries: int


class Number(NamedTuple):
    id: int
    kind: str
    address: str
    desk: str | None


class NumberQueue(NamedTuple):
    id: int
    kind: str
    address: str
    desk: str | None
    rate_per_s: float | None
    pulled: bool
    paused_until: datetime | None
    paused_why: str
    behind_s: float
    last_post_at: datetime | None
    events: int
    event_at: datetime | None
    sends: int
    sends_later: int
    send_at: datetime | None
    claimed: int
    undecided: int
    unknown: int
    parked: int


class Process(NamedTuple):
    process: str
    kind: str
    host: str
    pid: int
    jobs: list[str]
    version: str
    started_at: datetime
    at: datetime
    alive: bool


class Stuck(NamedTuple):
    id: int
    conversation_id: int | None
    state: str
    kind: str
    text: str
    error_code: int | None
    error: str | None
    created_at: datetime
    initiative: bool
    settle_at: datetime | None
    address: str
    desk: str | None


ERRANDS = Query("queues.errands", ErrandQueue)
LEASES = Query("queues.leases", Held)
NUMBER = Query("queues.number", Number)
NUMBERS = Query("queues.numbers", NumberQueue)
PROCESSES = Query("queues.processes", Process)
STUCK = Query("queues.stuck", Stuck)
