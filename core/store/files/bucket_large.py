"""Large files of an S3-compatible bucket: multipart upload, and a download in ranges. No more than a part is in memory.

A file is there when its last call was answered, and not before: what fails in the middle is taken back.
"""

from __future__ import annotations

from pathlib import Path

from core.errors import TurnoError, Unreachable
from core.store.files.bucket import Bucket

PART = 16 * 1024 * 1024
"""A bucket takes 10,000 parts, of 5 MiB at least."""


def upload(bucket: Bucket, key: str, file: Path, *, part: int = PART) -> None:
    """Keep the file under this key. Raises Unreachable, and then nothing new is there."""
    if file.stat().st_size <= part:
        bucket.put(key, file.read_bytes())
        return
    upload_id = bucket.begin_parts(key)
    try:
        with file.open("rb") as source:
            pieces = iter(lambda: source.read(part), b"")
            etags = [bucket.put_part(key, upload_id, number, piece) for number, piece in enumerate(pieces, 1)]
        bucket.end_parts(key, upload_id, etags)
    except (TurnoError, OSError):
        bucket.drop_parts(key, upload_id)
        raise


def download(bucket: Bucket, key: str, file: Path, *, part: int = PART) -> None:
    """Write what is kept under this key to a new file. Raises Unreachable when it is not there, or not whole."""
    with file.open("xb") as out:
        size = bucket.size(key)
        for first in range(0, size, part):
            piece = bucket.piece(key, first, min(part, size - first))
            out.write(piece)
        if out.tell() != size:
            raise Unreachable(f"the storage gave {out.tell():,} of {size:,} bytes")
