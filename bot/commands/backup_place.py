"""Places of backups: a folder, or a bucket (`s3://BUCKET/PREFIX`) at the storage that the settings S3_… name."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.commands.backup_file import BadBackup
from core.errors import Permanent
from core.settings import Settings
from core.store.files import bucket_large
from core.store.files.bucket import Bucket

FILE = re.compile(r"turno-\d{8}T\d{6}Z\.tar(\.age)?")
_IN_BUCKET = re.compile(r"s3://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(?P<prefix>[\w./-]*))?")
CALL_S = 120.0
"""One part of a large file, on a slow line."""


class NoPlace(Permanent):
    """The place was written in no way we know, or has no keys."""


@dataclass(frozen=True, slots=True)
class InBucket:
    bucket: Bucket
    prefix: str

    def keep(self, file: Path) -> str:
        bucket_large.upload(self.bucket, self.prefix + file.name, file)
        return self.prefix + file.name

    def names(self) -> list[str]:
        """The backups there, the oldest first."""
        found = (key.removeprefix(self.prefix) for key, _ in self.bucket.keys(self.prefix))
        return sorted(name for name in found if FILE.fullmatch(name))

    def forget(self, keep: int) -> int:
        """Remove all but the newest. How many."""
        old = self.names()[:-keep] if keep else []
        for name in old:
            self.bucket.remove(self.prefix + name)
        return len(old)


def in_bucket(written: str, settings: Settings) -> InBucket | None:
    """The bucket that is meant; None for a folder. Raises NoPlace."""
    if not written.startswith("s3://"):
        return None
    found = _IN_BUCKET.fullmatch(written)
    if found is None:
        raise NoPlace(f"{written} is not written like s3://bucket/prefix")
    if not (settings.s3_access_key.get_secret_value() and settings.s3_secret_key.get_secret_value()):
        raise NoPlace("a bucket needs S3_ACCESS_KEY and S3_SECRET_KEY")
    prefix = (found["prefix"] or "").strip("/")
    own = settings.model_copy(update={"s3_bucket": found["bucket"], "s3_timeout_s": CALL_S})
    return InBucket(Bucket(own), f"{prefix}/" if prefix else "")


@contextmanager
def fetched(written: str, settings: Settings) -> Iterator[Path]:
    """The backup that is meant, as a file of this machine: it, or the newest of a folder or a bucket."""
    name = written.rpartition("/")[2]
    named = bool(FILE.fullmatch(name))
    place = in_bucket(written.removesuffix(name) if named else written, settings)
    if place is None:
        yield _newest(Path(written))
        return
    wanted = name if named else next(reversed(place.names()), "")
    if not wanted:
        raise BadBackup(f"there is no backup in {written}")
    with tempfile.TemporaryDirectory(prefix="turno-fetched-") as folder:
        file = Path(folder) / wanted
        bucket_large.download(place.bucket, place.prefix + wanted, file)
        yield file


def _newest(file: Path) -> Path:
    if not file.is_dir():
        return file
    made = sorted(found for found in file.iterdir() if FILE.fullmatch(found.name))
    if not made:
        raise BadBackup(f"there is no backup in {file}")
    return made[-1]
