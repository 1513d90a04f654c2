"""Rate limits over HTTP: moving windows of the library `limits`, stored in PostgreSQL."""

from __future__ import annotations

import math
from dataclasses import dataclass
from time import time

from flask import Response, g
from limits import RateLimitItem, parse_many
from limits.storage import MovingWindowSupport, Storage
from limits.strategies import MovingWindowRateLimiter

from core.errors import Refused
from core.store.chat import limits
from core.store.chat.limits import Taken, Window
from core.store.db import Database

HEADERS = "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a window stands after a hit."""

    limit: int
    remaining: int
    reset_s: int

    @property
    def room(self) -> float:
        """How much of the window is left, between 0 and 1."""
        return self.remaining / self.limit


class TooMany(Refused):
    """A window is full. `retry_after_s` says when there is room again."""

    status = 429

    def __init__(self, name: str, item: RateLimitItem | str, retry_after_s: int):
        super().__init__(f"more than {item} ({name})")
        self.name = name
        self.retry_after_s = retry_after_s


class PostgresWindows(Storage, MovingWindowSupport):
    """The storage of the rate-limit strategies in PostgreSQL, one statement an operation."""

    STORAGE_SCHEME = ["turno"]  # noqa: RUF012  # the class above declares it so

    def __init__(self, db: Database):
        super().__init__("turno://")
        self._db = db

    @property
    def base_exceptions(self) -> type[Exception]:
        return Exception

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        return self.take(key, limit, expiry).took

    def take(self, key: str, limit: int, expiry: int) -> Taken:
        """A hit, and how the window stands after it."""
        return limits.take(self._db, key, Window(limit, expiry))

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        with self._db.transaction() as tx:
            found = limits.stands(tx, key, Window(limit, expiry))
        return found.oldest_at, found.held

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        raise NotImplementedError("moving windows only")

    def get(self, key: str) -> int:
        raise NotImplementedError("moving windows only")

    def get_expiry(self, key: str) -> float:
        raise NotImplementedError("moving windows only")

    def check(self) -> bool:
        return True

    def reset(self) -> int | None:
        raise NotImplementedError("moving windows only")

    def clear(self, key: str) -> None:
        with self._db.transaction() as tx:
            limits.forget(tx, key)


class CountedWindows(MovingWindowRateLimiter):
    """The moving window, telling with each hit how it stands: one statement, not two."""

    storage: PostgresWindows

    def count(self, item: RateLimitItem, *who: str) -> tuple[bool, Standing]:
        taken = self.storage.take(item.key_for(*who), item.amount, item.get_expiry())
        reset_s = max(1, math.ceil(taken.oldest_at + item.get_expiry() - time()))
        return taken.took, Standing(item.amount, max(0, item.amount - taken.held), reset_s)


class Limits:
    """Rate limits: refuses a client over its limit with `Retry-After`, and reports the rest to everybody."""

    def __init__(self, db: Database):
        self._windows = CountedWindows(PostgresWindows(db))

    def check(self, rule: str, name: str, *who: str) -> None:
        """Count a hit of this kind by these; raises TooMany. `rule` is like `50/minute;200/hour`."""
        for item in _items(rule):
            took, standing = self._windows.count(item, name, *who)
            _note(standing)
            if not took:
                raise TooMany(name, item, standing.reset_s)

    def first(self, rule: str, name: str, *who: str) -> bool:
        """Count one hit, and return whether it is within the limit. Sends no header."""
        return all(self._windows.count(item, name, *who)[0] for item in _items(rule))


def with_headers(response: Response) -> Response:
    """The answer, with how the fullest of its windows stands; a refusal also says when to come again."""
    standing: Standing | None = g.get("standing")
    if standing is not None:
        values = standing.limit, standing.remaining, standing.reset_s
        response.headers.update(zip(HEADERS, map(str, values), strict=True))
        if response.status_code == TooMany.status:
            response.headers.setdefault("Retry-After", str(standing.reset_s))
    return response


def _note(standing: Standing) -> None:
    known: Standing | None = g.get("standing")
    g.standing = standing if known is None else min(known, standing, key=lambda each: each.room)


def _items(rule: str) -> list[RateLimitItem]:
    return parse_many(rule) if rule else []
