"""`catalogue import`, `export` and `kinds`: the catalogue of a business from and to spreadsheets."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.commands import desk_apply
from bot.commands.naming import add_by, who
from bot.commands.opening import open_database, open_settings
from bot.commands.progress import Progress
from bot.desks import kinds_of
from bot.script.catalogue import sheet
from bot.script.catalogue.kind import Column, Kind
from bot.script.catalogue.sheet import Problem
from core.store import catalogue, desks
from core.store.catalogue import Change, Put
from core.store.db import Database, Tx
from core.store.staff import audit

LONGEST_S = 120.0
MOST_TOLD = 1000


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("catalogue", help="import or export what a desk knows")
    verbs = parser.add_subparsers(required=True, metavar="verb")
    taking = verbs.add_parser("import", help="put the lines of a CSV file in place, all or none")
    taking.add_argument("kind", help="see `catalogue kinds`")
    taking.add_argument("file", type=Path, help="UTF-8, with a header; , or ; between the cells")
    taking.add_argument("--dry-run", action="store_true", help="show what would change, and change nothing")
    taking.add_argument("--why", default="", help="the reason, which the audit keeps")
    add_by(taking)
    giving = verbs.add_parser("export", help="write a catalogue to standard output")
    giving.add_argument("kind", help="see `catalogue kinds`")
    telling = verbs.add_parser("kinds", help="the kinds of lines of each business, and their columns")
    for verb, run in ((taking, run_import), (giving, run_export), (telling, run_kinds)):
        verb.add_argument("--desk", default="", help="the business; needed when several have this kind")
        verb.set_defaults(run=run)


class _Refused(Exception):
    """The command cannot do what it was asked."""


def run_import(chosen: argparse.Namespace) -> int:
    try:
        content = chosen.file.read_bytes()
    except OSError as error:
        return _refuse(f"{chosen.file} cannot be read: {error.strerror}")
    db = _open()
    try:
        desk_id, kind = _whose(db, chosen)
        with Progress(content.count(b"\n") + 1, "reading") as progress:
            found = sheet.read(kind, content, progress.reach)
        if found.problems:
            return _print_problems(found.problems, chosen.file)
        return _put(db, chosen, desk_id, kind, found.rows)
    except _Refused as error:
        return _refuse(str(error))
    finally:
        db.close()


def run_export(chosen: argparse.Namespace) -> int:
    db = _open()
    try:
        desk_id, kind = _whose(db, chosen)
        with db.transaction() as tx:
            lines = catalogue.all_of(tx, desk_id, kind.name)
    except _Refused as error:
        return _refuse(str(error))
    finally:
        db.close()
    sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]  # it is a text stream
    sys.stdout.writelines(sheet.write(kind, lines))
    return 0


def run_kinds(chosen: argparse.Namespace) -> int:
    db = _open()
    known = _kinds(db)
    db.close()
    if chosen.desk not in ("", *known):
        return _refuse(f"there is no desk {chosen.desk}")
    for desk_id in [chosen.desk] if chosen.desk else known:
        print(desk_id)
        for kind in known[desk_id].values():
            print(f"  {kind.name}")
            print(*(f"    {_described(column)}" for column in kind.columns), sep="\n")
    return 0


def _described(column: Column) -> str:
    marks = ["key"] if column.key else [] if column.needed else ["may be empty"]
    return f"{column.name:<12} {', '.join([column.help, *marks, *(['personal'] if column.personal else [])])}"


def _kinds(db: Database) -> dict[str, dict[str, Kind]]:
    """The kinds of lines of every business."""
    with db.transaction() as tx:
        return {row.id: kinds_of(row.menu) for row in desks.all_of(tx)}


def _whose(db: Database, chosen: argparse.Namespace) -> tuple[str, Kind]:
    """The business that is meant, and the kind. Without `--desk`, it is the only one that has this kind."""
    known = _kinds(db)
    if chosen.desk not in ("", *known):
        raise _Refused(f"there is no desk {chosen.desk}")
    having = [desk_id for desk_id, kinds in known.items() if chosen.kind in kinds and chosen.desk in ("", desk_id)]
    if not having:
        some = sorted({name for desk_id, kinds in known.items() if chosen.desk in ("", desk_id) for name in kinds})
        raise _Refused(f"there is no kind {chosen.kind} (there are {', '.join(some) or 'none'})")
    if len(having) > 1:
        raise _Refused(f"several desks have {chosen.kind}: say --desk ({', '.join(having)})")
    return having[0], known[having[0]][chosen.kind]


class _NothingChanges(Exception):
    """Ends a dry run's transaction, and with it everything it did."""


def _put(db: Database, chosen: argparse.Namespace, desk_id: str, kind: Kind, lines: list[dict[str, Any]]) -> int:
    """In one transaction; a dry run does the same and takes it back, so that it tells exactly what would happen."""
    done: Put | None = None
    try:
        with db.transaction() as tx:
            done = desk_apply.put(tx, kind, desk_id, lines)
            if chosen.dry_run:
                raise _NothingChanges
            _note(tx, chosen, desk_id, done)
    except _NothingChanges:
        pass
    assert done is not None
    _show(done, f"{kind.name} of {desk_id}", dry=chosen.dry_run)
    return 0


def _note(tx: Tx, chosen: argparse.Namespace, desk_id: str, done: Put) -> None:
    """A file that changed nothing did nothing."""
    if done.added or done.changed:
        told = f"{done.added} added, {done.changed} changed"
        why = f"{told}: {chosen.why}" if chosen.why else told
        subject = f"catalogue:{chosen.kind}"
        audit.note(tx, who=who(chosen.by), did="imported a catalogue", subject=subject, why=why, desk=desk_id)


def _show(done: Put, what: str, *, dry: bool) -> None:
    if dry:
        for change in done.examples:
            print(_line(change))
        if (more := done.added + done.changed - len(done.examples)) > 0:
            print(f"  … and {more} more")
    would = "would be " if dry else ""
    print(
        f"{what}: {done.added} {would}added, {done.changed} {would}changed, {done.same} the same, "
        f"{done.kept} kept that are not in the file"
    )


def _line(change: Change) -> str:
    if change.added:
        return f"  + {change.key}"
    told = ", ".join(f"{name}: {was!r} → {now!r}" for name, (was, now) in change.columns.items())
    return f"  ~ {change.key}  {told}"


def _print_problems(problems: Sequence[Problem], file: Path) -> int:
    for problem in problems[:MOST_TOLD]:
        print(f"✗ {problem}", file=sys.stderr)
    if len(problems) > MOST_TOLD:
        print(f"… and {len(problems) - MOST_TOLD} more", file=sys.stderr)
    return _refuse(f"{file}: {len(problems)} {'problem' if len(problems) == 1 else 'problems'}; nothing was changed")


def _refuse(why: str) -> int:
    print(why, file=sys.stderr)
    return 2


def _open() -> Database:
    """A database that has time for a long statement."""
    settings = open_settings()
    return open_database(settings.model_copy(update={"commit_timeout_s": LONGEST_S}), name="catalogue")
