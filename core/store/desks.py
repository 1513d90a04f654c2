"""Desks, the numbers they answer on, and their catalogues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from core.store import catalogue
from core.store.db import Row, Tx

PULLED: Mapping[str, bool] = {"whatsapp": False, "web": True}
"""The channels of the program itself, and whether customers fetch their answers there."""


@dataclass(slots=True)
class Loaded:
    desks: int = 0
    channels: int = 0
    customers: int = 0
    equipment: int = 0
    centres: int = 0


def load(tx: Tx, described: Mapping[str, Any], pulled: Mapping[str, bool] = PULLED) -> Loaded:
    """Put every described desk with its numbers and catalogues in place; what is there is renewed.

    `pulled` has every kind of channel that a desk may name, and whether its customers fetch their answers.
    """
    loaded = Loaded()
    for desk in described["desks"]:
        own = {key: desk[key] for key in ("id", "name", "language", "timezone", "menu")}
        tx.run("desks.put_desk", **own, settings=orjson.dumps(desk.get("settings", {})).decode())
        loaded.desks += 1
        template = orjson.dumps(desk["template"]).decode() if "template" in desk else None
        for kind, fetched in pulled.items():
            for address in desk.get(kind, ()):
                loaded.channels += tx.run(
                    "desks.put_channel", kind=kind, address=address, desk_id=desk["id"], template=template,
                    pulled=fetched,
                )  # fmt: skip
        for kind in ("customers", "survey_questions"):
            _fill(tx, kind, desk["id"], desk.get(kind, ()))
        loaded.customers += len(desk.get("customers", ()))
        for piece in desk.get("equipment", ()):
            loaded.equipment += tx.run("desks.put_equipment", desk_id=desk["id"], **piece)
        for centre in desk.get("centres", ()):
            loaded.centres += tx.run("desks.put_centre", desk_id=desk["id"], **centre)
    return loaded


def _fill(tx: Tx, kind: str, desk_id: str, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        catalogue.put(tx, kind, desk_id, {name: [row[name] for row in rows] for name in rows[0]})


def hold(tx: Tx) -> None:
    """Wait until nobody else puts desks in place, and keep others waiting until this transaction ends."""
    tx.run("desks.hold")


def one(tx: Tx, desk_id: str) -> Row | None:
    return tx.one("desks.one", id=desk_id)


def all_of(tx: Tx) -> list[Row]:
    return tx.rows("desks.all")


def put(tx: Tx, desk: Mapping[str, Any]) -> None:
    """Put a desk in place without its numbers and catalogues; one that is there is renewed."""
    own = {key: desk[key] for key in ("id", "name", "language", "timezone", "menu")}
    tx.run("desks.put_desk", **own, settings=orjson.dumps(desk.get("settings", {})).decode())


def put_channel(tx: Tx, desk: Mapping[str, Any], kind: str, address: str) -> None:
    """Have a desk answer on a number."""
    template = orjson.dumps(desk["template"]).decode() if "template" in desk else None
    which = {"kind": kind, "address": address, "desk_id": desk["id"]}
    tx.run("desks.put_channel", **which, template=template, pulled=kind == "web")


def channels(tx: Tx) -> list[Row]:
    return tx.rows("desks.channels")


def named(tx: Tx, desks: Sequence[str] | None = None) -> list[Row]:
    """The desks somebody may see (None: all), with the name people know them by."""
    return tx.rows("desks.named", desks=None if desks is None else list(desks))


def waiting(tx: Tx) -> list[Row]:
    """Every desk with its menu, and how many events wait there."""
    return tx.rows("desks.waiting")


def paused(tx: Tx) -> int:
    """How many numbers may not send, because the platform or a person stopped them."""
    row = tx.one("desks.paused")
    return int(row.numbers) if row else 0
