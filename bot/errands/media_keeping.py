"""Retention of photos: expired rows are deleted first, then the files that no row names.

What was uploaded goes as soon as it was looked into: only the small copy is kept, which has no notes of the camera.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from bot.channels.whatsapp.upload_media import OURS
from core.bell import Ear
from core.errors import TurnoError
from core.settings import Settings
from core.store.db import Database, Tx
from core.store.files import photos
from core.store.files.photos import Photos
from core.store.path import errands
from core.store.path.errands import Errand
from core.telemetry import log

EVERY_S = 600.0
AT_ONCE = 500


def forget_upload(db: Database, kept: Photos, errand: Errand) -> None:
    """Remove what this errand looked into, unless somebody else's photo is the same. What fails is left to the sweep."""
    media_id = str(errand.content["media_id"])
    if not media_id.startswith(OURS):
        return
    name = media_id.removeprefix(OURS)
    try:
        with db.transaction() as tx:
            unnamed = photos.unnamed(tx, [name])
        if unnamed:
            kept.drop(name, errand.received_at)
    except (TurnoError, OSError) as error:
        log.warning("media.upload_left", correlation_id=errand.correlation_id, error=type(error).__name__)


class PhotoKeeper:
    name = "photos"

    def __init__(self, db: Database, ear: Ear, kept: Photos, settings: Settings):
        self._db, self._ear, self._kept, self._settings = db, ear, kept, settings

    def run_once(self) -> int:
        """Remove what is too old. Nothing is left for another round."""
        days = self._settings.photos_keep_days
        rows = self._purge(lambda tx: photos.purge(tx, keep_days=days, size=AT_ONCE))
        over = self._purge(lambda tx: errands.purge(tx, keep_days=days, size=AT_ONCE))
        files = self._kept.sweep(self._unnamed)
        if rows or over or files:
            log.info("photos.swept", photos=rows, errands=over, files=files)
        return 0

    def wait(self) -> None:
        self._ear.pause(EVERY_S)

    def wake(self) -> None:
        """Do nothing: no wait of this worker can be cut short, and the end of its ear ends the pause."""

    def drain(self) -> None:
        """Do nothing: no work is ever half done."""

    def _purge(self, purge: Callable[[Tx], int]) -> int:
        """In small batches, each a transaction of its own."""
        removed = 0
        while True:
            with self._db.transaction() as tx:
                batch = purge(tx)
            removed += batch
            if batch < AT_ONCE:
                return removed

    def _unnamed(self, names: Collection[str]) -> Collection[str]:
        with self._db.transaction() as tx:
            return photos.unnamed(tx, names)
