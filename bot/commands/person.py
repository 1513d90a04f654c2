"""`person`: export or erase one person's data."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from bot.commands.naming import add_by, who
from bot.commands.opening import open_database, open_settings
from core import person_file
from core.erasing import Eraser
from core.errors import Broken
from core.settings import Settings
from core.store.db import Database, Tx
from core.store.files.photos_shared import keeping
from core.store.people import person
from core.store.people.person import Gone
from core.store.people.rows import Holdings
from core.store.staff import audit
from core.tombstone import AliasDigest
from core.tombstone_file import TombstoneFile

LONGEST_S = 120.0


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("person", help="export or erase what is kept about one person")
    verbs = parser.add_subparsers(required=True, metavar="verb")
    finding = verbs.add_parser("find", help="the numbers of people, by phone, end of a phone, or another name")
    finding.add_argument("name")
    finding.set_defaults(run=run_find)
    giving = verbs.add_parser("export", help="write everything of a person to a ZIP")
    giving.add_argument("contact", type=int, help="the number that `find` shows")
    giving.add_argument("--to", type=Path, required=True, metavar="FILE.zip")
    giving.set_defaults(run=run_export)
    erasing = verbs.add_parser("erase", help="erase everything of a person, or once more after a restore")
    erasing.add_argument("contact", type=int, nargs="?", help="the number that `find` shows")
    erasing.add_argument("--again", action="store_true", help="erase everybody whom a restored backup brought back")
    erasing.set_defaults(run=run_erase)
    for verb in (giving, erasing):
        verb.add_argument("--reason", default="", help="why, for the audit")
    for verb in (finding, giving, erasing):
        add_by(verb)


def run_find(chosen: argparse.Namespace) -> int:
    _, db = _open()
    with db.transaction() as tx:
        rows = person.find(tx, chosen.name)
        audit.note(tx, who=who(chosen.by), did="looked for a person", subject=f"{len(rows)} found")
    db.close()
    for row in rows:
        print(f"{row.id:>8}  {', '.join(row.names)}  {row.name}")
    if not rows:
        print("nobody is called that")
    return 0 if rows else 2


def run_export(chosen: argparse.Namespace) -> int:
    settings, db = _open()
    with db.transaction() as tx:
        found = person.holdings(tx, chosen.contact)
        if found is None:
            return _nobody(chosen.contact)
        _note(tx, chosen, "exported a person")
    with os.fdopen(os.open(chosen.to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for piece in person_file.pieces(db, chosen.contact, keeping(settings, db), found.desks):
            file.write(piece)
    db.close()
    print(f"{chosen.to}: {_summary(found)}")
    return 0


def run_erase(chosen: argparse.Namespace) -> int:
    if chosen.again == (chosen.contact is not None):
        print("name one person, or --again")
        return 2
    if not chosen.again and not chosen.reason.strip():
        print("an erasure needs a --reason")
        return 2
    settings, db = _open()
    try:
        eraser = Eraser(
            db,
            AliasDigest(settings.erasure_secret.get_secret_value()),
            TombstoneFile(settings.tombstones_file),
            keeping(settings, db),
        )
        return _again(eraser, chosen) if chosen.again else _erase(eraser, chosen)
    except Broken as problem:
        print(problem)
        return 2
    finally:
        db.close()


def _erase(eraser: Eraser, chosen: argparse.Namespace) -> int:
    with eraser.db.transaction() as tx:
        found = person.holdings(tx, chosen.contact)
        if found is None:
            return _nobody(chosen.contact)
        _note(tx, chosen, "erased a person")
    print(_summary(found))
    eraser.erase(chosen.contact, _progress)
    print(f"person {chosen.contact} is erased")
    return 0


def _again(eraser: Eraser, chosen: argparse.Namespace) -> int:
    with eraser.db.transaction() as tx:
        audit.note(tx, who=who(chosen.by), did="erased again after a restore", subject="people", why=chosen.reason)
    print(f"{eraser.again(_progress)} people were there again, and are erased")
    return 0


def _progress(gone: Gone) -> None:
    print(f"  {gone.rows} {gone.part}", flush=True)


def _note(tx: Tx, chosen: argparse.Namespace, did: str) -> None:
    audit.note(tx, who=who(chosen.by), did=did, subject=f"contact:{chosen.contact}", why=chosen.reason)


def _nobody(contact_id: int) -> int:
    print(f"there is no person {contact_id} (any more)")
    return 2


def _summary(found: Holdings) -> str:
    return f"{found.conversations} conversations, {found.events} events, {found.sends} sends, {found.photos} photos, {found.tickets} tickets"


def _open() -> tuple[Settings, Database]:
    """A database that has time for a long statement."""
    settings = open_settings()
    return settings, open_database(settings.model_copy(update={"commit_timeout_s": LONGEST_S}), name="person")
