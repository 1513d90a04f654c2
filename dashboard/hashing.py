"""Passwords, checked beside the other requests: a hash takes a tenth of a second, and nobody else shall wait for it.

One at once for each process: what an attack can make it work for is bounded.
"""

from __future__ import annotations

from functools import cache

from gevent.threadpool import ThreadPool

from core import passwords

AT_ONCE = 1


def matches(kept: str | None, password: str) -> bool:
    return bool(_threads().apply(passwords.matches, (kept, password)))


def hashed(password: str) -> str:
    return str(_threads().apply(passwords.hashed, (password,)))


@cache
def _threads() -> ThreadPool:
    return ThreadPool(AT_ONCE)
