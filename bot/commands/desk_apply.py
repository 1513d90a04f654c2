"""`desk apply`: business data from a file into the database, all or nothing."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.channels import CHANNELS
from bot.commands.desk_check import broken_panels
from bot.commands.naming import add_by, who
from bot.commands.opening import open_database, open_settings
from bot.desks import MENUS, kinds_of
from bot.desks.business import NEEDED, File, lines_of
from bot.script.catalogue.kind import Kind
from core.errors import Broken
from core.settings import Settings
from core.store import catalogue, desks
from core.store.catalogue import Put
from core.store.db import Database, Tx
from core.store.staff import audit

Described = Mapping[str, Any]
PLAIN = tuple(name for name in NEEDED if name != "id")


class Refused(Exception):
    """Ends the transaction: the file asks for something that may not be."""


class _NothingChanges(Exception):
    """Ends a dry run's transaction, and with it everything it did."""


def run(chosen: argparse.Namespace) -> int:
    settings = open_settings()
    try:
        file = File(chosen.file)
    except OSError as error:
        return refuse([f"{chosen.file} cannot be read: {error.strerror}"])
    except Broken as error:
        return refuse([str(error)])
    if problems := file.problems():
        return refuse(problems)
    db = open_database(settings, name="desk")
    try:
        if problems := _of_panels(db, settings, file):
            return refuse(problems)
        with db.transaction() as tx:
            changes = put_file(tx, file, by=chosen.by, why=chosen.why)
            show(changes, dry=chosen.dry_run)
            if chosen.dry_run:
                raise _NothingChanges
    except _NothingChanges:
        pass
    except Refused as error:
        return refuse([str(error)])
    finally:
        db.close()
    return 0


def put_file(tx: Tx, file: File, *, by: str = "", why: str = "") -> dict[str, list[str]]:
    """Put every desk of a file in place, audited. What that changes, by desk."""
    changes = {desk["id"]: apply(tx, desk) for desk in file.desks}
    for desk_id, lines in changes.items():
        if lines:
            reason = "; ".join([*([why] if why else []), *lines])
            did, subject = "put a desk in place", f"desk:{desk_id}"
            audit.note(tx, who=who(by), did=did, subject=subject, why=reason, desk=desk_id)
    return changes


def _of_panels(db: Database, settings: Settings, file: File) -> list[str]:
    """The panels of the desks that the file speaks of, as far as the database does not answer them."""
    names = {MENUS[desk["menu"]].name for desk in file.desks}
    return [problem for name in sorted(names) for problem in broken_panels(db, settings, name)]


def apply(tx: Tx, desk: Described) -> list[str]:
    """Put one business in place. Returns the changes, a line each. Raises Refused when another desk has its number."""
    desks.hold(tx)
    before = desks.one(tx, desk["id"])
    changes = [*_differences(before, desk)] if before else [f"+ desk {desk['id']} ({desk['name']})"]
    if changes:
        desks.put(tx, desk)
    return [*changes, *_numbers(tx, desk), *_catalogues(tx, desk)]


def _differences(before: Any, desk: Described) -> Iterator[str]:
    for name in PLAIN:
        if getattr(before, name) != desk[name]:
            yield f"~ {name}: {getattr(before, name)!r} → {desk[name]!r}"
    was, now = before.settings, desk.get("settings", {})
    for name in sorted({*was, *now}):
        if was.get(name) != now.get(name):
            yield f"~ settings.{name}: {was.get(name)!r} → {now.get(name)!r}"


def _numbers(tx: Tx, desk: Described) -> Iterator[str]:
    answering = {(row.kind, row.address): row.desk_id for row in desks.channels(tx)}
    for kind, channel in CHANNELS.items():
        for address in desk.get(kind, ()):
            other = answering.get((kind, address))
            if other not in (None, desk["id"]):
                raise Refused(
                    f"{kind} {address} is a number of the desk {other}: take it away there, or give {desk['id']} another"
                )
            desks.put_channel(tx, desk, kind, address, pulled=channel.pulled)
            if other is None:
                yield f"+ {kind} {address}"


def _catalogues(tx: Tx, desk: Described) -> Iterator[str]:
    for name, kind in kinds_of(desk["menu"]).items():
        if desk.get(name):
            done = put(tx, kind, desk["id"], lines_of(kind, desk[name]))
            if done.added or done.changed:
                yield f"~ {name}: {done.added} added, {done.changed} changed"


def put(tx: Tx, kind: Kind, desk_id: str, lines: list[dict[str, Any]]) -> Put:
    """Put lines of one kind in place; each key once."""
    by_key = {str(line[kind.key]): line for line in lines}
    return catalogue.put(tx, desk_id, kind.name, by_key, personal=kind.personal)


def show(changes: Mapping[str, list[str]], *, dry: bool) -> None:
    for desk_id, lines in changes.items():
        heading = "nothing changes" if not lines else "would change" if dry else "changed"
        print(f"{desk_id}: {heading}")
        for line in lines:
            print(f"  {line}")


def refuse(problems: list[str]) -> int:
    for problem in problems:
        print(f"✗ {problem}", file=sys.stderr)
    print("nothing was changed", file=sys.stderr)
    return 2


def add_to(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = verbs.add_parser("apply", help="put business data of desks in place, all or nothing")
    parser.add_argument("file", type=Path, help="a TOML file: name, numbers, settings and catalogues of each desk")
    parser.add_argument("--dry-run", action="store_true", help="show what would change, and change nothing")
    parser.add_argument("--why", default="", help="the reason, which the audit keeps")
    add_by(parser)
    parser.set_defaults(run=run)
