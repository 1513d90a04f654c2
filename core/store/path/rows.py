"""The rows that the queries on the path of a message give."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from core.messages import DeliveryState
from core.store.query import Query

Json = Mapping[str, Any]


class OfConversation(NamedTuple):
    conversation_id: int


class Loaded(NamedTuple):
    """A session, where it belongs, and its event. Without an event, what follows `event_id` is None, too."""

    conversation_id: int
    version: int
    flow: str
    flow_version: int
    state: str
    language: str
    memory: Json
    agent: str | None
    heard_at: datetime | None
    claims: int
    alone: bool
    desk_id: str
    desk_name: str
    desk_language: str
    timezone: str
    menu: str
    settings: Json
    channel_kind: str
    address: str
    contact_name: str
    event_id: int | None
    external_id: str
    kind: str
    text: str
    content: Json
    sent_at: datetime | None
    received_at: datetime | None
    last_error: str | None


class Fresh(NamedTuple):
    """A session as it would begin."""

    conversation_id: int
    version: int
    flow: str
    flow_version: int
    state: str
    language: str
    memory: Json
    agent: str | None
    heard_at: datetime | None
    contact_name: str
    desk_id: str
    desk_name: str
    desk_language: str
    timezone: str
    menu: str
    settings: Json


class Pinned(NamedTuple):
    flow: str
    flow_version: int
    state: str
    conversations: int


class DueErrands(NamedTuple):
    desk_id: str
    desk_name: str
    desk_language: str
    timezone: str
    menu: str
    settings: Json
    service: str


class ClaimedErrand(NamedTuple):
    id: int
    conversation_id: int
    event_id: int
    service: str
    what: str
    key: str
    content: Json
    within_s: float
    attempts: int
    wanted: int
    result: Json | None
    answer: Json | None
    age_s: float
    begun_s: float | None
    external_id: str
    received_at: datetime
    language: str
    desk_id: str
    desk_name: str
    desk_language: str
    timezone: str
    menu: str
    settings: Json


CLAIMED = Query("sessions.claim", OfConversation)
SAVED = Query("sessions.save", OfConversation)
BORROWED = Query("sessions.borrow", OfConversation)
LOADED = Query("sessions.load", Loaded)
LOADED_FOR_ONE_EVENT = Query("sessions.borrowed", Loaded)
FRESH = Query("sessions.fresh", Fresh)
PINNED = Query("sessions.pinned", Pinned)


class AcceptedRow(NamedTuple):
    external_id: str
    kind: str
    retries: int
    state: str
    fresh: bool


class Waiting(NamedTuple):
    """How much waits in the inbox, and since when; and how many dead letters there are."""

    waiting: int
    oldest_s: float
    buried: int


class Buried(NamedTuple):
    id: int
    kind: str
    received_at: datetime
    error: str | None


class Own(NamedTuple):
    id: int
    fresh: bool


ACCEPTED = Query("inbox.accept", AcceptedRow)
INBOX_FIGURES = Query("inbox.figures", Waiting)
BURIED = Query("inbox.buried", Buried)
OWN = Query("inbox.add_own", Own)


class ClaimedSend(NamedTuple):
    id: int
    conversation_id: int
    correlation_id: str
    kind: str
    text: str
    content: Json
    initiative: bool
    attempts: int
    unknowns: int
    address: str
    in_window: bool | None
    fallback_template: Json | None
    names: Mapping[str, str] | None
    waited_s: float | None


class RefusedSend(NamedTuple):
    id: int
    kind: str
    text: str
    content: Json
    error_code: int | None
    external_id: str | None


class Correlated(NamedTuple):
    id: int
    correlation_id: str


class Settled(NamedTuple):
    id: int
    state: str
    correlation_id: str


class Unsent(NamedTuple):
    """How much waits in the outbox, and since when; and how many sends have an unknown outcome."""

    waiting: int
    oldest_s: float
    unknown: int


CLAIMED_SENDS = Query("outbox.claim", ClaimedSend)
REFUSED_SENDS = Query("outbox.refused", RefusedSend)
SAID_PLAINLY = Query("outbox.say_plainly", Correlated)
RESCUED = Query("outbox.rescue", Correlated)
SETTLED = Query("outbox.settle", Settled)
OUTBOX_FIGURES = Query("outbox.figures", Unsent)


class Moved(NamedTuple):
    """A send that a delivery status moved forward."""

    id: int
    correlation_id: str
    state: str
    delivered_s: float | None
    failed_code: int | None


class ParkedStatus(NamedTuple):
    external_id: str
    state: DeliveryState
    recipient: str
    callback_id: int
    error_code: int | None
    error: str
    pricing_category: str
    billable: bool | None
    at: datetime | None


MOVED = Query("deliveries.apply", Moved)
PARKED_STATUSES = Query("deliveries.parked", ParkedStatus)


class Recorded(NamedTuple):
    """A step with its event and what was said. Without its event, which is gone, what comes from it is None."""

    conversation_id: int
    version: int
    reading: Json | None
    at: datetime
    to_flow: str
    to_state: str
    event_id: int | None
    external_id: str
    kind: str
    text: str
    content: Json
    sent_at: datetime | None
    received_at: datetime
    attempts: int
    error: str | None
    channel_kind: str
    address: str
    language: str
    desk_id: str
    desk_name: str
    desk_language: str
    timezone: str
    menu: str
    settings: Json
    contact_name: str
    said: list[Json]


class Happened(NamedTuple):
    """A step, what was said before it, and what was answered; None where the event or the answer is gone."""

    conversation_id: int
    version: int
    at: datetime
    from_flow: str
    from_state: str
    to_flow: str
    to_state: str
    trigger: str
    origin: str
    note: str
    replies: int
    kind: str | None
    said: str | None
    took_s: float | None
    answered: str | None


RECORDED = Query("steps.recorded", Recorded)
HAPPENED = Query("steps.flow", Happened)
DUE_ERRANDS = Query("errands.due", DueErrands)
CLAIMED_ERRANDS = Query("errands.claim", ClaimedErrand)
