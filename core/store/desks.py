"""Desks, and the numbers they answer on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from core.store import rows
from core.store.db import Tx


def hold(tx: Tx) -> None:
    """Wait until nobody else puts desks in place, and keep others waiting until this transaction ends."""
    tx.run("desks.hold")


def one(tx: Tx, desk_id: str) -> rows.DeskRow | None:
    return tx.one(rows.DESK, id=desk_id)


def all_of(tx: Tx) -> list[rows.DeskRow]:
    return tx.rows(rows.DESKS)


def put(tx: Tx, desk: Mapping[str, Any]) -> None:
    """Put a desk in place without its numbers and catalogues; one that is there is renewed."""
    own = {key: desk[key] for key in ("id", "name", "language", "timezone", "menu")}
    tx.run("desks.put_desk", **own, settings=orjson.dumps(desk.get("settings", {})).decode())


def put_channel(tx: Tx, desk: Mapping[str, Any], kind: str, address: str, *, pulled: bool) -> None:
    """Have a desk answer on a number. `pulled`: its customers fetch their answers there."""
    template = orjson.dumps(desk["template"]).decode() if "template" in desk else None
    which = {"kind": kind, "address": address, "desk_id": desk["id"]}
    tx.run("desks.put_channel", **which, template=template, pulled=pulled)


def channels(tx: Tx) -> list[rows.Number]:
    return tx.rows(rows.NUMBERS)


def named(tx: Tx, desks: Sequence[str] | None = None) -> list[rows.Named]:
    """The desks somebody may see (None: all), with the name people know them by."""
    return tx.rows(rows.NAMED, desks=None if desks is None else list(desks))


def waiting(tx: Tx) -> list[rows.Waiting]:
    """Every desk with its menu, and how many events wait there."""
    return tx.rows(rows.WAITING)


def paused(tx: Tx) -> int:
    """How many numbers may not send, because the platform or a person stopped them."""
    return tx.first(rows.PAUSED).numbers
