"""`catalogue import` and `catalogue export`: a desk's catalogue from and to spreadsheets."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.commands.naming import add_by, who
from bot.commands.opening import open_database, open_settings
from bot.commands.progress import Progress
from bot.desks.catalogues import sheet
from bot.desks.catalogues.kinds import KINDS
from bot.desks.catalogues.sheet import Problem, Sheet
from core.store import catalogue
from core.store.catalogue import Change, Put
from core.store.db import Database, Tx
from core.store.staff import audit

DESK = "field-service"
LONGEST_S = 120.0
MOST_TOLD = 1000


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("catalogue", help="import or export what a desk knows")
    verbs = parser.add_subparsers(required=True, metavar="verb")
    taking = verbs.add_parser("import", help="put the lines of a CSV file in place, all or none")
    taking.add_argument("kind", choices=KINDS)
    taking.add_argument("file", type=Path, help="UTF-8, with a header; , or ; between the cells")
    taking.add_argument("--dry-run", action="store_true", help="show what would change, and change nothing")
    taking.add_argument("--why", default="", help="the reason, which the audit keeps")
    add_by(taking)
    giving = verbs.add_parser("export", help="write a catalogue to standard output")
    giving.add_argument("kind", choices=KINDS)
    for verb, run in ((taking, run_import), (giving, run_export)):
        verb.add_argument("--desk", default=DESK, help=f"whose it is (default: {DESK})")
        verb.set_defaults(run=run)


def run_import(chosen: argparse.Namespace) -> int:
    try:
        content = chosen.file.read_bytes()
    except OSError as error:
        return _refuse(f"{chosen.file} cannot be read: {error.strerror}")
    with Progress(content.count(b"\n") + 1, "reading") as progress:
        found = sheet.read(chosen.kind, content, progress.reach)
    if found.problems:
        return _print_problems(found.problems, chosen.file)
    db = _open()
    try:
        return _put(db, chosen, found)
    finally:
        db.close()


def run_export(chosen: argparse.Namespace) -> int:
    db = _open()
    with db.transaction() as tx:
        known = chosen.desk in catalogue.desks(tx)
        rows = catalogue.all_of(tx, chosen.kind, chosen.desk)
    db.close()
    if not known:
        return _refuse(f"there is no desk {chosen.desk}")
    sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]  # it is a text stream
    sys.stdout.writelines(sheet.write(chosen.kind, rows))
    return 0


class _NothingChanges(Exception):
    """Ends a dry run's transaction, and with it everything it did."""


def _put(db: Database, chosen: argparse.Namespace, found: Sheet) -> int:
    """In one transaction; a dry run does the same and takes it back, so that it tells exactly what would happen."""
    done: Put | None = None
    try:
        with db.transaction() as tx:
            if chosen.desk not in catalogue.desks(tx):
                return _refuse(f"there is no desk {chosen.desk}")
            done = catalogue.put(tx, chosen.kind, chosen.desk, found.columns(chosen.kind))
            if chosen.dry_run:
                raise _NothingChanges
            _note(tx, chosen, done)
    except _NothingChanges:
        pass
    assert done is not None
    _show(done, chosen)
    return 0


def _note(tx: Tx, chosen: argparse.Namespace, done: Put) -> None:
    """A file that changed nothing did nothing."""
    if done.added or done.changed:
        told = f"{done.added} added, {done.changed} changed"
        why = f"{told}: {chosen.why}" if chosen.why else told
        subject = f"catalogue:{chosen.kind}"
        audit.note(tx, who=who(chosen.by), did="imported a catalogue", subject=subject, why=why, desk=chosen.desk)


def _show(done: Put, chosen: argparse.Namespace) -> None:
    if chosen.dry_run:
        for change in done.examples:
            print(_line(change))
        if (more := done.added + done.changed - len(done.examples)) > 0:
            print(f"  … and {more} more")
    would = "would be " if chosen.dry_run else ""
    print(
        f"{chosen.kind} of {chosen.desk}: {done.added} {would}added, {done.changed} {would}changed, {done.same} the same, "
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
