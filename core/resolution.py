"""Tenant resolution: which of the desks of one owner serves a customer. Pure.

Three resolvers are asked in order. Dynamic: staff mapped the contact to a desk. Static: the channel has a desk of its own.
Default: the desk for channels without one. A contact mapped to one desk is never served by another: that is `REJECTED`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

_BRANCH = re.compile(r"(.+)/([a-z0-9][a-z0-9-]{0,59})")


class Resolution(StrEnum):
    """The resolver that found the desk, or why there is none."""

    DYNAMIC = "dynamic"
    STATIC = "static"
    DEFAULT = "default"
    REJECTED = "rejected"
    """The contact is mapped to a desk, and another one answers here."""
    NONE = "none"
    """No desk answers here: what comes in is kept."""


@dataclass(frozen=True, slots=True)
class Known:
    """Stored facts about a channel and the contact who writes there."""

    address: str
    own: str | None = None
    """The desk of the channel."""
    mapped: str | None = None
    """The desk that the contact is mapped to."""
    branches: frozenset[str] = frozenset()
    """Desks that share the number."""
    name: str = ""
    """The name of the desk that the contact is mapped to, and the number at which it is reached."""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Fallback:
    """A resolver that was left for the next one, or the last one that was used, and why. `step` is the name of its log entry."""

    step: str
    reason: str


@dataclass(frozen=True, slots=True)
class Resolved:
    """The outcome: the desk, the address of its channel, and each fallback on the way."""

    by: Resolution
    address: str
    desk: str | None = None
    known: Known | None = None
    fallbacks: tuple[Fallback, ...] = ()

    @property
    def kept(self) -> dict[str, Any]:
        """The record that the event keeps, so that the method can be audited."""
        if self.by is not Resolution.REJECTED or self.known is None:
            return {"by": str(self.by)}
        told = {"desk": self.known.mapped, "name": self.known.name, "number": self.known.number}
        return {"by": str(self.by), **{key: value for key, value in told.items() if value}}


def number_of(address: str) -> str:
    """The number itself, without the desk that shares it: `100/north` is 100."""
    found = _BRANCH.fullmatch(address)
    return found[1] if found else address


def branch_of(address: str, desk: str) -> str:
    """The address at which a desk shares a number."""
    return f"{number_of(address)}/{desk}"


def resolve(known: Known, default: str) -> Resolved:
    """Ask the resolvers in order."""
    fallbacks: list[Fallback] = []
    found = _dynamic(known, fallbacks) or _static(known, fallbacks) or _default(known, default, fallbacks)
    if found is None:
        return Resolved(Resolution.NONE, known.address, fallbacks=tuple(fallbacks))
    by, desk, address = found
    if known.mapped not in (None, desk):
        by = Resolution.REJECTED
    return Resolved(by, address, desk, known, tuple(fallbacks))


_Found = tuple[Resolution, str, str] | None


def _dynamic(known: Known, fallbacks: list[Fallback]) -> _Found:
    if known.mapped in known.branches:
        return Resolution.DYNAMIC, known.mapped, branch_of(known.address, known.mapped)
    if known.mapped is not None and known.mapped == known.own:
        return Resolution.DYNAMIC, known.mapped, known.address
    reason = "the contact is mapped to no desk" if known.mapped is None else "its desk does not answer here"
    fallbacks.append(Fallback("dynamic_failed", reason))
    return None


def _static(known: Known, fallbacks: list[Fallback]) -> _Found:
    reason = "the channel has a desk" if known.own else "the channel has no desk"
    fallbacks.append(Fallback("static_attempted", reason))
    return (Resolution.STATIC, known.own, known.address) if known.own else None


def _default(known: Known, default: str, fallbacks: list[Fallback]) -> _Found:
    if not default:
        return None
    fallbacks.append(Fallback("default_used", "DEFAULT_DESK answers on channels without a desk"))
    return Resolution.DEFAULT, default, branch_of(known.address, default)
