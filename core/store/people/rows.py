"""The rows that the queries about people give."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from core.store.query import Query


class Phone(NamedTuple):
    desk: str | None
    value: str | None


class Copy(NamedTuple):
    external_id: str


class Id(NamedTuple):
    id: int


class ErasedPhoto(NamedTuple):
    sha256: str
    stored_at: datetime


class FoundPerson(NamedTuple):
    id: int
    name: str
    erased_at: datetime | None
    names: list[str]


class Holdings(NamedTuple):
    id: int
    name: str
    created_at: datetime
    erased_at: datetime | None
    names: list[str]
    conversations: int
    desks: list[str]
    events: int
    sends: int
    steps: int
    photos: int
    tickets: int
    open_tickets: int


class Living(NamedTuple):
    id: int
    created_at: datetime
    scope: str | None
    kind: str | None
    value: str | None


class Locked(NamedTuple):
    id: int
    now: datetime


class Name(NamedTuple):
    scope: str
    kind: str
    value: str


class TombstoneRow(NamedTuple):
    digest: str
    key: str
    erased_at: datetime


class File(NamedTuple):
    sha256: str


class Email(NamedTuple):
    email: str


class Address(NamedTuple):
    address: str


CALLBACK = Query("contacts.callback_of", Phone)
PHONE = Query("contacts.phone_of", Phone)
COPIES = Query("person.copies", Copy)
DOOMED = Query("person.doomed", Id)
ERASED_PHOTOS = Query("person.erase_photos", ErasedPhoto)
FOUND = Query("person.find", FoundPerson)
HOLDINGS = Query("person.holdings", Holdings)
LIVING = Query("person.living", Living)
LOCKED = Query("person.lock", Locked)
NAMES = Query("person.names", Name)
TOMBSTONES = Query("person.tombstones", TombstoneRow)
UPLOADS = Query("person.uploads", File)
STAFF = Query("person_export.staff", Email)
SYNTHETIC_CHANNELS = Query("synthetic.channels", Address)
SYNTHETIC_CUSTOMERS = Query("synthetic.customers", Id)
