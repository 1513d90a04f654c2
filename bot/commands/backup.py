"""`backup`: everything that is needed to be back after a disaster, in one file."""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

from pydantic import SecretStr

from bot.commands import backup_encryption, backup_file
from bot.commands.backup_file import Manifest
from bot.commands.backup_place import FILE, in_bucket
from bot.commands.opening import open_database, open_settings
from core.errors import TurnoError
from core.settings import Settings
from core.store import dump, health, operations
from core.store.db import Database
from core.version import VERSION

KEEP = 14


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("backup", help="database, photos and tombstones in one encrypted file")
    parser.add_argument(
        "--to", required=True, metavar="PLACE", help="a folder, best of another machine, or s3://BUCKET/PREFIX"
    )
    parser.add_argument(
        "--recipient", action="append", default=[], metavar="age1…", help="public key of who may read it"
    )
    parser.add_argument("--plain", action="store_true", help="do not encrypt: it holds what customers wrote")
    parser.add_argument(
        "--keep", type=int, default=KEEP, help=f"how many files are kept there (default {KEEP}; 0: all)"
    )
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    if chosen.plain == bool(chosen.recipient):
        print("name who may read it with --recipient (a public key of age), or say --plain")
        return 2
    settings = open_settings()
    db = open_database(settings, name="backup")
    began, since = datetime.now(UTC), monotonic()
    try:
        kept, size, gone = _keep(chosen, settings, db, began)
    except (TurnoError, OSError) as problem:
        _note(db, began, ok=False, why=str(problem)[:200])
        print(f"no backup was made: {problem}")
        return 1
    _note(db, began, ok=True, bytes=size, took_s=round(monotonic() - since, 1))
    print(f"{kept}: {size:,} bytes in {monotonic() - since:.1f} s; {gone} older ones removed")
    return 0


def _keep(chosen: argparse.Namespace, settings: Settings, db: Database, began: datetime) -> tuple[str, int, int]:
    """Make it and keep it there: where, how large it is, and how many older ones were removed."""
    place = in_bucket(chosen.to, settings)
    if place is None:
        file = make(Path(chosen.to), settings, db, began, chosen.recipient)
        return str(file), file.stat().st_size, _forget(Path(chosen.to), chosen.keep)
    with tempfile.TemporaryDirectory(prefix="turno-backup-") as folder:
        file = make(Path(folder), settings, db, began, chosen.recipient)
        return place.keep(file), file.stat().st_size, place.forget(chosen.keep)


def make(folder: Path, settings: Settings, db: Database, began: datetime, recipients: list[str]) -> Path:
    """Write a backup into the folder. What is there is whole: an unfinished one has another name, and is removed."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = folder / f"turno-{began:%Y%m%dT%H%M%SZ}.tar{'.age' if recipients else ''}"
    unfinished = file.with_name(f".{file.name}.part")
    before = os.umask(0o077)
    try:
        with tempfile.TemporaryDirectory(prefix=".turno-", dir=folder) as place:
            _write(unfinished, Path(place), settings, db, began, recipients)
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)
        os.umask(before)
    return file


def _write(file: Path, place: Path, settings: Settings, db: Database, began: datetime, recipients: list[str]) -> None:
    manifest = _manifest(settings, db, began)
    dump.dump(db.url, place / backup_file.DUMP)
    (place / backup_file.ROLES).write_text(dump.roles(db.url))
    with backup_encryption.writing(file, recipients) as out:
        backup_file.write(out, manifest, _members(place, settings), backup_file.progress)
    with file.open("rb") as written:
        os.fsync(written.fileno())


def _members(place: Path, settings: Settings) -> Iterator[tuple[str, Path]]:
    """The files of a backup. Photos come after the dump, which names them: none that it names is missing."""
    yield backup_file.DUMP, place / backup_file.DUMP
    yield backup_file.ROLES, place / backup_file.ROLES
    if (stones := Path(settings.tombstones_file)).exists():
        yield backup_file.TOMBSTONES, Path(shutil.copy(stones, place / backup_file.TOMBSTONES))
    if settings.photos_store == "folder" and (photos := Path(settings.photos_folder)).exists():
        for photo in sorted(photo for photo in photos.rglob("*") if photo.is_file()):
            yield f"{backup_file.PHOTOS}/{photo.relative_to(photos)}", photo


def _manifest(settings: Settings, db: Database, began: datetime) -> Manifest:
    with db.transaction() as tx:
        schema = health.schema_version(tx) or ""
    held = [name for name, value in settings if isinstance(value, SecretStr) and value.get_secret_value()]
    secrets = tuple(name.upper() for name in held)
    return Manifest(VERSION, schema, began.isoformat(), settings.photos_store, secrets)


def _note(db: Database, began: datetime, *, ok: bool, **detail: object) -> None:
    with db.transaction() as tx:
        operations.note(tx, "backup", began, ok=ok, detail=detail)


def _forget(folder: Path, keep: int) -> int:
    """Remove all but the newest. How many."""
    made = sorted(file for file in folder.iterdir() if FILE.fullmatch(file.name))
    old = made[:-keep] if keep else []
    for file in old:
        file.unlink()
    return len(old)
