"""Operations: backups, restores, drills, canaries, smokes and digests, each with its outcome."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, NamedTuple

import orjson

from core.store.db import Tx
from core.store.query import Query

What = Literal["backup", "restore", "drill", "canary", "smoke", "digest"]


class Standing(NamedTuple):
    """How one kind of operation stands. `age_s` is the time since it last succeeded; None: it never did."""

    what: str
    age_s: float | None
    failed: bool


STANDING = Query("operations.standing", Standing)


def note(tx: Tx, what: What, began_at: datetime, *, ok: bool, detail: Mapping[str, Any] | None = None) -> None:
    """Record that one ended just now. `detail` holds figures and reasons, never what a customer said."""
    tx.run("operations.note", what=what, began_at=began_at, ok=ok, detail=orjson.dumps(dict(detail or {})).decode())


def standing(tx: Tx) -> list[Standing]:
    """Each kind that was ever done."""
    return tx.rows(STANDING)


def purge(tx: Tx, *, keep_days: float) -> int:
    """Forget old ones; the last success of each kind is kept."""
    return tx.run("operations.purge", keep_days=keep_days)
