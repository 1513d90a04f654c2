"""Photos stored in the database: for web and worker machines that share no folder."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from hashlib import sha256

from core.settings import Settings
from core.store.db import Database
from core.store.files import rows
from core.store.files.bucket import Bucket
from core.store.files.photos import GRACE_S, SWEPT_AT_ONCE, Folder, Photos
from core.store.files.photos_bucket import InBucket


class Shared:
    """The same promises as a folder's."""

    def __init__(self, db: Database, *, grace_s: float = GRACE_S):
        self._db = db
        self._grace_s = grace_s

    def put(self, picture: bytes) -> str:
        name = sha256(picture).hexdigest()
        with self._db.transaction() as tx:
            tx.run("files.put", name=name, content=picture)
        return name

    def get(self, name: str) -> bytes | None:
        with self._db.transaction() as tx:
            row = tx.one(rows.CONTENT, name=name)
        return bytes(row.content) if row else None

    def holds(self, name: str) -> bool:
        with self._db.transaction() as tx:
            return tx.one("files.holds", name=name) is not None

    def sweep(self, unnamed: Callable[[Collection[str]], Collection[str]]) -> int:
        removed, after = 0, ""
        while names := self._old(after):
            after = names[-1]
            removed += self._remove(list(unnamed(names)))
        return removed

    def drop(self, name: str, kept_at: datetime) -> bool:
        with self._db.transaction() as tx:
            return tx.run("files.drop", name=name, kept_at=kept_at) == 1

    def _old(self, after: str) -> list[str]:
        with self._db.transaction() as tx:
            found = tx.rows(rows.OLD, grace_s=self._grace_s, after=after, size=SWEPT_AT_ONCE)
        return [row.name for row in found]

    def _remove(self, names: list[str]) -> int:
        with self._db.transaction() as tx:
            return tx.run("files.remove", name=names, grace_s=self._grace_s)


def keeping(settings: Settings, db: Database) -> Photos:
    """Open the photo storage that the settings name."""
    if settings.photos_store == "s3":
        return InBucket(Bucket(settings))
    return Shared(db) if settings.photos_store == "database" else Folder(settings.photos_folder)
