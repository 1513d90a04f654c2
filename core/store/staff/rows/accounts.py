"""The rows that the queries about accounts and sign-ins give."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, NamedTuple

from core.store.query import Query

Json = Any
"""What `jsonb` holds: a mapping, a list, a text, a number."""

Role = Literal["viewer", "operator", "analyst", "admin"]


class Accepted(NamedTuple):
    id: int
    email: str


class Id(NamedTuple):
    id: int


class Person(NamedTuple):
    id: int
    email: str
    name: str
    role: str
    desks: list[str] | None
    can_enter: bool
    has_totp: bool
    invitation_until: datetime | None
    created_at: datetime
    disabled_at: datetime | None
    signed_in_at: datetime | None
    sessions: int
    seen_at: datetime | None


class Account(NamedTuple):
    id: int
    email: str
    name: str
    role: str
    desks: list[str] | None
    password_hash: str | None
    totp_secret: str | None
    disabled_at: datetime | None


class Invited(NamedTuple):
    id: int
    email: str
    name: str
    role: str
    desks: list[str] | None
    totp_secret: str | None


class News(NamedTuple):
    news: Json


class Entered(NamedTuple):
    session_id: int
    complete: bool
    said: Json
    id: int
    email: str
    name: str
    role: Role
    desks: list[str] | None


class Factor(NamedTuple):
    totp_secret: str | None


class OwnSession(NamedTuple):
    id: int
    created_at: datetime
    seen_at: datetime
    address: str
    browser: str


class Tries(NamedTuple):
    tries: int


class Wait(NamedTuple):
    wait_s: float


ACCEPTED = Query("staff.accept_invitation", Accepted)
CREATED = Query("staff.create", Id)
EVERYBODY = Query("staff.everybody", Person)
ACCOUNT = Query("staff.find", Account)
ACCOUNT_BY_EMAIL = Query("staff.find_by_email", Account)
ADMINS = Query("staff.hold_admins", Id)
INVITED = Query("staff.invited", Invited)
NEWS = Query("staff.take_news", News)
ENTERED = Query("staff_sessions.enter", Entered)
FACTOR = Query("staff_sessions.kept_factor", Factor)
SESSIONS = Query("staff_sessions.of_person", OwnSession)
PAID = Query("staff_sessions.pay_for_try", Tries)
STARTED = Query("staff_sessions.start", Id)
WAIT = Query("staff_sessions.wait_for_try", Wait)
