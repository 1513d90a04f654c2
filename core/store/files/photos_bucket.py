"""Photos in an S3-compatible bucket: for many machines, and a database that stays small."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from core.store.files.bucket import Bucket
from core.store.files.photos import GRACE_S, batches

PREFIX = "photos/"
_NAME = re.compile(r"[0-9a-f]{64}")


class InBucket:
    """The same promises as a folder's.

    The storage cannot remove a file only if nobody kept it anew: it is asked first, so for a moment it could. Whoever
    keeps it in that very moment does so for a photo that is looked into now and kept again.
    """

    def __init__(self, bucket: Bucket, *, grace_s: float = GRACE_S):
        self._bucket, self._grace_s = bucket, grace_s

    def put(self, picture: bytes) -> str:
        name = sha256(picture).hexdigest()
        self._bucket.put(PREFIX + name, picture)
        return name

    def get(self, name: str) -> bytes | None:
        return self._bucket.get(PREFIX + name) if _NAME.fullmatch(name) else None

    def holds(self, name: str) -> bool:
        return _NAME.fullmatch(name) is not None and self._bucket.changed_at(PREFIX + name) is not None

    def sweep(self, unnamed: Callable[[Collection[str]], Collection[str]]) -> int:
        until = datetime.now(UTC) - timedelta(seconds=self._grace_s)
        removed = 0
        for names in batches(self._old(until)):
            removed += sum(self._remove(name, until) for name in unnamed(names))
        return removed

    def drop(self, name: str, kept_at: datetime) -> bool:
        return _NAME.fullmatch(name) is not None and self._remove(name, kept_at)

    def _old(self, until: datetime) -> Iterator[str]:
        """Names of the files that are not too young; what else lies in the bucket is not ours."""
        for key, at in self._bucket.keys(PREFIX):
            if at <= until and _NAME.fullmatch(name := key.removeprefix(PREFIX)):
                yield name

    def _remove(self, name: str, until: datetime) -> bool:
        changed_at = self._bucket.changed_at(PREFIX + name)
        if changed_at is None or changed_at > until:
            return False
        self._bucket.remove(PREFIX + name)
        return True
