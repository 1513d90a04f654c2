"""The rows that the queries of the search give."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from core.store.query import Query


class FoundConversation(NamedTuple):
    id: int
    desk: str | None
    name: str
    alias: str | None
    flow: str
    state: str
    agent: str | None
    updated_at: datetime


class FoundTicket(NamedTuple):
    number: str
    desk: str
    kind: str
    status: str
    summary: str
    created_at: datetime
    conversation_id: int | None


BY_NAME = Query("search.by_name", FoundConversation)
BY_NUMBER = Query("search.by_number", FoundTicket)
BY_PHONE = Query("search.by_phone", FoundConversation)
