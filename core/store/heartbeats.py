"""Heartbeats: each process reports that it lives, and what it counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import orjson

from core.metrics import Noted
from core.store import rows
from core.store.db import Tx
from core.version import VERSION


@dataclass(frozen=True, slots=True)
class Who:
    """A process of ours."""

    process: str
    kind: str
    host: str
    pid: int
    jobs: list[str]
    version: str = VERSION


def beat(tx: Tx, who: Who, breakers: Mapping[str, str]) -> None:
    """It lives, and so stand its breakers. Rows of processes that were killed long ago are removed on the way."""
    tx.run(
        "pulse.beat",
        process=who.process,
        kind=who.kind,
        host=who.host,
        pid=who.pid,
        jobs=who.jobs,
        version=who.version,
        breakers=orjson.dumps(breakers).decode(),
    )
    tx.run("pulse.forget")


def leave(tx: Tx, who: Who) -> None:
    """It ended in order."""
    tx.run("pulse.leave", process=who.process)


def write(tx: Tx, noted: Noted) -> None:
    """Write one heartbeat with what the process counted since the last."""
    if found := noted.happenings:
        tx.run(
            "pulse.note",
            at=[h.at for h in found],
            kind=[h.kind for h in found],
            name=[h.name for h in found],
            conversation_id=[h.conversation_id for h in found],
            count=[h.count for h in found],
            detail=[orjson.dumps(h.detail).decode() for h in found],
        )
    if noted.heard:
        tx.run("pulse.hear", address=list(noted.heard), at=list(noted.heard.values()))


def purge(tx: Tx, *, keep_days: int, size: int = 1000) -> int:
    return tx.run("pulse.purge", keep_days=keep_days, size=size)


def log_level(tx: Tx) -> str | None:
    """The log level set at run time; None when each process keeps the one it was started with."""
    row = tx.one(rows.LOG_LEVEL)
    return str(row.level) if row else None


def set_log_level(tx: Tx, level: str | None) -> None:
    """Every process hears of it with its next beat."""
    if level is None:
        tx.run("pulse.forget_log_level")
    else:
        tx.run("pulse.set_log_level", level=level)
