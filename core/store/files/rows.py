"""The rows that the queries about files give."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from core.store.query import Query


class Content(NamedTuple):
    content: bytes


class Name(NamedTuple):
    name: str


class ClaimedJob(NamedTuple):
    id: int
    conversation_id: int
    event_id: int
    kind: str
    media_id: str
    purpose: str
    attempts: int
    received_at: datetime
    language: str
    menu: str
    external_id: str
    age_s: float


class File(NamedTuple):
    sha256: str


CONTENT = Query("files.get", Content)
OLD = Query("files.old", Name)
CLAIMED = Query("media.claim", ClaimedJob)
UNNAMED = Query("photos.unnamed", File)
