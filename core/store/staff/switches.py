"""Feature switches that staff change at run time: the AI, a flow, the sending of a number. The default is on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, NamedTuple

from core.store.db import Tx
from core.store.query import Query

Kind = Literal["ai", "flow", "sending"]
KINDS: tuple[Kind, ...] = ("ai", "flow", "sending")


class Switch(NamedTuple):
    """How one switch stands, and who moved it last. `until`: it is on again by itself."""

    kind: Kind
    subject: str
    off: bool
    reason: str
    by: str
    at: datetime
    until: datetime | None


class TurnedOff(NamedTuple):
    kind: Kind
    subject: str
    reason: str


SWITCHES = Query("switches.all", Switch)
OFF = Query("switches.off", TurnedOff)


def name(kind: Kind, subject: str = "") -> str:
    """The name of a switch, such as `ai` or `flow:survey`."""
    return f"{kind}:{subject}" if subject else kind


def turn_off(tx: Tx, kind: Kind, subject: str = "", *, by: str, reason: str = "", for_s: float | None = None) -> bool:
    """Off, for so long or until it is turned on. False: there is no such number."""
    return _put(tx, kind, subject, off=True, by=by, reason=reason, for_s=for_s)


def turn_on(tx: Tx, kind: Kind, subject: str = "", *, by: str, reason: str = "") -> bool:
    """On again. False: there is no such number."""
    return _put(tx, kind, subject, off=False, by=by, reason=reason, for_s=None)


def off(tx: Tx) -> Mapping[str, str]:
    """The switches that are off now, by name, each with its reason."""
    return {name(row.kind, row.subject): row.reason for row in tx.rows(OFF)}


def all_of(tx: Tx) -> list[Switch]:
    """Every switch that was ever moved."""
    return tx.rows(SWITCHES)


def _put(tx: Tx, kind: Kind, subject: str, *, off: bool, by: str, reason: str, for_s: float | None) -> bool:
    values = {"kind": kind, "subject": subject, "off": off, "reason": reason, "by": by, "for_s": for_s}
    return tx.run("switches.put", **values) == 1
