"""Staff sessions, and the rate limit (token bucket) of sign-in attempts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import orjson

from core.store.db import Database, Tx
from core.store.staff.accounts import digest
from core.store.staff.rows import accounts as rows

Said = Sequence[Sequence[str]]
"""Kinds and lines that the next page shows."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a session lasts: unused, and at all."""

    idle_s: float
    longest_s: float


@dataclass(frozen=True, slots=True)
class Tries:
    """So many at once; then waits that double until one is `every_s` long."""

    scope: Literal["account", "address", "code", "browser", "inside"]
    most: int
    every_s: float


FIRST_WAIT_S = 5.0


def start(tx: Tx, staff_id: int, token: str, *, complete: bool, address: str, browser: str, said: Said = ()) -> int:
    row = tx.one(
        rows.STARTED,
        token_hash=digest(token), staff_id=staff_id, complete=complete, address=address, browser=browser[:200],
        said=orjson.dumps(said).decode(),
    )  # fmt: skip
    assert row is not None
    return int(row.id)


def enter(db: Database, token: str, limits: Limits, *, noted: bool) -> rows.Entered | None:
    """The account that this session token opens."""
    found = db.at_once(
        rows.ENTERED,
        token_hash=digest(token), idle_s=limits.idle_s, longest_s=limits.longest_s, noted=noted,
    )  # fmt: skip
    return found[0] if found else None


def say(tx: Tx, id: int, said: Said) -> None:
    tx.run("staff_sessions.say", id=id, said=orjson.dumps(said).decode())


def of_person(tx: Tx, staff_id: int) -> list[rows.OwnSession]:
    return tx.rows(rows.SESSIONS, staff_id=staff_id)


def end(tx: Tx, id: int, *, staff_id: int) -> bool:
    return tx.run("staff_sessions.end", id=id, staff_id=staff_id) > 0


def end_by_token(tx: Tx, token: str) -> None:
    tx.run("staff_sessions.end_by_token", token_hash=digest(token))


def end_all(tx: Tx, staff_id: int, *, but: int | None = None) -> int:
    return tx.run("staff_sessions.end_all", staff_id=staff_id, but=but)


def sweep(tx: Tx, limits: Limits) -> None:
    """Forget what can open nothing any more."""
    tx.run("staff_sessions.forget_old", idle_s=limits.idle_s, longest_s=limits.longest_s)
    tx.run("staff_sessions.forget_tries")


def pay_for_try(db: Database, tries: Tries, *key: str) -> float:
    """Spend one sign-in attempt. None when it was allowed; otherwise the seconds until the next is."""
    place = {"scope": tries.scope, "key": _key(key)}
    if db.at_once(rows.PAID, **place, every_s=tries.every_s, most=tries.most, first_s=FIRST_WAIT_S):
        return 0.0
    waits = db.at_once(rows.WAIT, **place)
    return max(1.0, waits[0].wait_s) if waits else 1.0


def forgive_tries(tx: Tx, scope: str, *key: str) -> None:
    """The tries of this key, and of every longer one that begins with it."""
    tx.run("staff_sessions.forgive_tries", scope=scope, key=_key(key))


def forgive_addresses(tx: Tx) -> None:
    tx.run("staff_sessions.forgive_addresses")


def keep_factor(tx: Tx, session_id: int, secret: str, *, valid_s: float) -> None:
    """The sealed secret of a new second factor, until its first code."""
    tx.run("staff_sessions.keep_factor", id=session_id, secret=secret, valid_s=valid_s)


def kept_factor(tx: Tx, session_id: int) -> str | None:
    row = tx.one(rows.FACTOR, id=session_id)
    return row.totp_secret if row else None


def _key(parts: Sequence[str]) -> str:
    return ":".join(map(digest, parts))
