"""The rows that the queries of catalogue, desks and health give."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from core.store.query import Query

Json = Any
"""What `jsonb` holds: a mapping, a list, a text, a number."""


class Content(NamedTuple):
    content: Json


class OfConversation(NamedTuple):
    conversation_id: int
    content: Json


class ByKey(NamedTuple):
    conversation_id: int
    key: str
    content: Json | None


class ChangedLine(NamedTuple):
    key: str
    fresh: bool
    now: Json
    was: Json | None
    added: int
    changed: int


class Size(NamedTuple):
    lines: int


class DeskRow(NamedTuple):
    id: str
    name: str
    language: str
    timezone: str
    menu: str
    settings: Json


class Number(NamedTuple):
    id: int
    kind: str
    address: str
    desk_id: str | None
    paused_until: datetime | None
    paused_why: str
    pulled: bool


class Named(NamedTuple):
    id: str
    name: str


class Waiting(NamedTuple):
    id: str
    menu: str
    waiting: int


class There(NamedTuple):
    there: bool


class Version(NamedTuple):
    version_num: str


class Level(NamedTuple):
    level: str


class Became(NamedTuple):
    external_id: str
    state: str
    retries: int
    error: str
    turn_s: float | None
    steps: int
    replies: int
    accepted: int
    accepted_s: float | None
    text: str


class Trouble(NamedTuple):
    dead_letters: int
    not_sent: int
    refused: int
    conflicts: int
    opened: int


class Tables(NamedTuple):
    tables: int


class ContactsInUse(NamedTuple):
    mapped: bool
    shared: list[str]


class KnownContact(NamedTuple):
    ord: int
    own: str | None
    mapped: str | None
    name: str
    number: str
    branches: list[str]


class FirstCopy(NamedTuple):
    kind: str
    external_id: str
    address: str


class OfDesk(NamedTuple):
    desk_id: str


class MappedContact(NamedTuple):
    kind: str
    value: str
    desk_id: str
    mapped_at: datetime
    mapped_by: str


class Paused(NamedTuple):
    numbers: int


ALL_LINES = Query("catalogue.all", Content)
LINES = Query("catalogue.lines", OfConversation)
BY_KEY = Query("catalogue.one", ByKey)
PUT = Query("catalogue.put", ChangedLine)
SIZE = Query("catalogue.size", Size)
DESKS = Query("desks.all", DeskRow)
NUMBERS = Query("desks.channels", Number)
NAMED = Query("desks.named", Named)
DESK = Query("desks.one", DeskRow)
WAITING = Query("desks.waiting", Waiting)
SCHEMA_EXISTS = Query("health.schema_exists", There)
SCHEMA_VERSION = Query("health.schema_version", Version)
LOG_LEVEL = Query("pulse.log_level", Level)
BECAME = Query("smoke.became", Became)
TROUBLE = Query("smoke.trouble", Trouble)
TABLES = Query("health.tables", Tables)
PAUSED = Query("desks.paused", Paused)
DESK_CONTACTS_IN_USE = Query("desk_contacts.in_use", ContactsInUse)
DESK_CONTACTS_KNOWN = Query("desk_contacts.known", KnownContact)
DESK_CONTACTS_COPIES = Query("desk_contacts.first_copies", FirstCopy)
DESK_CONTACTS_UNMAP = Query("desk_contacts.unmap", OfDesk)
DESK_CONTACTS_MAPPED = Query("desk_contacts.mapped", MappedContact)
