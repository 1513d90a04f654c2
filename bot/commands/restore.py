"""`restore`: an empty database and folders filled from a backup; with `--drill`, in a place of its own, to see that it works."""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

from bot.commands import backup_encryption, backup_file
from bot.commands.backup_file import BadBackup, Manifest
from bot.commands.backup_place import fetched
from bot.commands.opening import open_database, open_settings
from core.erasing import Eraser
from core.errors import Broken, TurnoError
from core.settings import Settings
from core.store import dump, embedded, health, operations, schema
from core.store.db import Database
from core.store.files.photos_shared import keeping
from core.tombstone import AliasDigest
from core.tombstone_file import TombstoneFile

LONGEST_S = 600.0


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("restore", help="fill an empty DATABASE_URL and PHOTOS_FOLDER from a backup")
    parser.add_argument("file", help="a file of `turno backup`, or a folder or s3://BUCKET/PREFIX: its newest")
    parser.add_argument("--identity", type=Path, metavar="FILE", help="the key that opens it (a file of age-keygen)")
    parser.add_argument("--drill", action="store_true", help="try it in a database of its own, and record how it went")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    settings = open_settings()
    try:
        with fetched(chosen.file, settings) as file:
            if chosen.drill:
                return _drill(file, chosen.identity, settings)
            manifest = restore(file, chosen.identity, settings, embedded.url_for(settings))
    except (TurnoError, OSError) as problem:
        print(f"nothing was restored: {problem}")
        return 1
    print(f"restored what was there at {manifest.made_at}")
    print(f"now: put the secrets in place ({', '.join(manifest.secrets)}), then the smoke of docs/rollout.md")
    return 0


def restore(file: Path, identity: Path | None, settings: Settings, url: str) -> Manifest:
    """Fill the empty database at `url`, the folder of photos and the file of tombstones. Raises before anything is
    changed when the backup is not whole, not for us, or the database is not empty."""
    began = datetime.now(UTC)
    _expect_empty(url)
    with tempfile.TemporaryDirectory(prefix="turno-restore-") as place:
        folder = Path(place)
        with backup_encryption.reading(file, identity) as source:
            manifest = backup_file.read(source, folder, backup_file.progress, _for_us)
        dump.restore(url, folder / backup_file.DUMP, (folder / backup_file.ROLES).read_text())
        _photos(folder / backup_file.PHOTOS, Path(settings.photos_folder))
        _tombstones(folder / backup_file.TOMBSTONES, Path(settings.tombstones_file))
    schema.upgrade(url)
    db = Database(url, timeout_s=LONGEST_S, name="turno restore")
    try:
        _erase_again(db, settings)
        with db.transaction() as tx:
            operations.note(tx, "restore", began, ok=True, detail={"made_at": manifest.made_at})
    finally:
        db.close()
    return manifest


def _drill(file: Path, identity: Path | None, settings: Settings) -> int:
    """Restore into a server of its own that ends with it; the live database is told how it went."""
    began, since = datetime.now(UTC), monotonic()
    db = open_database(settings, name="drill")
    try:
        with _elsewhere(settings) as (there, url):
            manifest = restore(file, identity, there, url)
        detail = {"rto_s": round(monotonic() - since, 1), "rpo_s": _age_s(manifest, began), "file": file.name}
    except (TurnoError, OSError) as problem:
        _note(db, began, ok=False, detail={"why": str(problem)[:200]})
        print(f"the drill failed: {problem}")
        return 1
    _note(db, began, ok=True, detail=detail)
    print(f"restored in {detail['rto_s']} s what was there {detail['rpo_s']} s ago")
    return 0


def _age_s(manifest: Manifest, now: datetime) -> float:
    return round((now - datetime.fromisoformat(manifest.made_at)).total_seconds(), 1)


def _note(db: Database, began: datetime, *, ok: bool, detail: dict[str, object]) -> None:
    with db.transaction() as tx:
        operations.note(tx, "drill", began, ok=ok, detail=detail)


@contextmanager
def _elsewhere(settings: Settings) -> Iterator[tuple[Settings, str]]:
    """Settings and a database that nobody else has."""
    with tempfile.TemporaryDirectory(prefix="turno-drill-") as place:
        folder = Path(place)
        apart = {"photos_folder": str(folder / "photos"), "tombstones_file": str(folder / "tombstones.jsonl")}
        with embedded.running(folder / "postgres") as url:
            yield settings.model_copy(update=apart), url


def _expect_empty(url: str) -> None:
    db = Database(url, name="turno restore")
    try:
        with db.transaction() as tx:
            tables = health.tables(tx)
    finally:
        db.close()
    if tables:
        raise BadBackup(f"the database is not empty ({tables} tables): name a new one in DATABASE_URL")


def _for_us(manifest: Manifest) -> None:
    """Raise when the backup is of a schema that this version does not know."""
    if not schema.knows(manifest.schema):
        raise BadBackup(
            f"the backup is of version {manifest.version} with schema {manifest.schema}: restore it with that"
        )


def _photos(found: Path, folder: Path) -> None:
    if found.exists():
        shutil.copytree(found, folder, dirs_exist_ok=True)


def _tombstones(found: Path, file: Path) -> None:
    """Add the tombstones of the backup to those of this machine, which may be newer."""
    if found.exists():
        here = TombstoneFile(file)
        known = {stone.digest for stone in here.read()}
        here.add([stone for stone in TombstoneFile(found).read() if stone.digest not in known])


def _erase_again(db: Database, settings: Settings) -> None:
    """Erase whom the backup brought back. Without the secret it cannot be done, and is said."""
    secret = settings.erasure_secret.get_secret_value()
    if not secret:
        print("  ERASURE_SECRET is not set: run `turno person erase --again` with it before the workers start")
        return
    eraser = Eraser(db, AliasDigest(secret), TombstoneFile(settings.tombstones_file), keeping(settings, db))
    try:
        print(f"  {eraser.again()} erased people had come back, and are erased")
    except Broken as problem:
        raise BadBackup(str(problem)) from problem
