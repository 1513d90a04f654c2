"""Passwords of staff: Argon2id hashes, verified in constant time whether or not the account exists."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHash

SHORTEST, LONGEST = 12, 200
_hasher = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=1)
"""As RFC 9106 has it for machines with little memory, but on one core: the other ones have customers to answer."""


def weakness(password: str, *, email: str = "") -> str:
    """Why this password is not good enough; nothing when it is."""
    if not SHORTEST <= len(password) <= LONGEST:
        return f"A password has {SHORTEST} to {LONGEST} characters."
    if len(set(password)) < 5:
        return "A password needs at least five different characters."
    if email and email.partition("@")[0].casefold() in password.casefold():
        return "A password must not contain the e-mail address."
    return ""


def hashed(password: str) -> str:
    return _hasher.hash(password)


def matches(kept: str | None, password: str) -> bool:
    """Whether this password fits the hash. Without a hash the check takes as long, and is False: timing names no account."""
    try:
        _hasher.verify(kept or _nobodys(), password[:LONGEST])
    except (Argon2Error, InvalidHash):
        return False
    return kept is not None and len(password) <= LONGEST


def outdated(kept: str) -> bool:
    """Kept with weaker parameters than those of today."""
    return _hasher.check_needs_rehash(kept)


@cache
def _nobodys() -> str:
    return _hasher.hash("nobody has this password")
