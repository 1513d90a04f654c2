"""The file of a backup: a tar with a manifest first and checksums last, so that one which was cut off is known.

A member is verified before anything is done with it: restoring begins when the whole file was read.
"""

from __future__ import annotations

import hashlib
import json
import tarfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from typing import IO

from core.errors import Permanent

FORMAT = 1
MANIFEST, SUMS = "manifest.json", "checksums.json"
DUMP, ROLES, TOMBSTONES, PHOTOS = "database.dump", "roles.sql", "tombstones.jsonl", "photos"
PIECE = 1 << 20
Progress = Callable[[str, int], None]


def progress(name: str, size: int) -> None:
    """Print one part of a backup; photos are too many to be named."""
    if not name.startswith(f"{PHOTOS}/"):
        print(f"  {name}: {size:,} bytes", flush=True)


class BadBackup(Permanent):
    """This is no backup, not a whole one, or not one for us."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The description that a backup carries."""

    version: str
    schema: str
    made_at: str
    photos: str
    """Where photos are: in this backup (`folder`), in its database, or in a bucket of their own (`s3`)."""
    secrets: tuple[str, ...]
    """Settings that a restored service needs, and that are in no backup."""
    format: int = FORMAT


def write(out: IO[bytes], manifest: Manifest, members: Iterable[tuple[str, Path]], progress: Progress) -> None:
    """Write a backup to a stream."""
    sums: dict[str, str] = {}
    with tarfile.open(fileobj=out, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        _add(tar, MANIFEST, json.dumps(asdict(manifest), indent=1).encode())
        for name, file in members:
            sums[name] = _add_file(tar, name, file)
            progress(name, file.stat().st_size)
        _add(tar, SUMS, json.dumps(sums, indent=1).encode())


def read(source: IO[bytes], folder: Path, progress: Progress, accept: Callable[[Manifest], None]) -> Manifest:
    """Unpack a whole backup into a folder. `accept` sees the manifest first, and raises when it does not want it.

    Raises BadBackup when it was cut off, changed, or never was a backup.
    """
    try:
        with tarfile.open(fileobj=source, mode="r|") as tar:
            return _unpack(iter(tar), tar, folder, progress, accept)
    except (tarfile.TarError, EOFError, OSError) as problem:
        if isinstance(problem, OSError) and problem.errno is not None:
            raise
        raise BadBackup(f"the file is no whole backup: {problem}") from problem


def _unpack(
    members: Iterator[tarfile.TarInfo],
    tar: tarfile.TarFile,
    folder: Path,
    progress: Progress,
    accept: Callable[[Manifest], None],
) -> Manifest:
    manifest = _manifest(tar, next(members, None))
    accept(manifest)
    sums: dict[str, str] = {}
    for member in members:
        if member.name == SUMS:
            _compare(sums, json.loads(_content(tar, member)))
            return manifest
        sums[member.name] = _extract(tar, member, folder)
        progress(member.name, member.size)
    raise BadBackup("the backup was cut off: its checksums are missing")


def _manifest(tar: tarfile.TarFile, member: tarfile.TarInfo | None) -> Manifest:
    if member is None or member.name != MANIFEST:
        raise BadBackup("the file is no backup: it has no manifest")
    told = json.loads(_content(tar, member))
    if told.get("format") != FORMAT:
        raise BadBackup(f"the backup has format {told.get('format')}, and this version reads {FORMAT}")
    return Manifest(**{**told, "secrets": tuple(told["secrets"])})


def _compare(found: dict[str, str], told: dict[str, str]) -> None:
    wrong = sorted(name for name in found.keys() | told.keys() if found.get(name) != told.get(name))
    if wrong:
        raise BadBackup(f"{len(wrong)} files of the backup are not what they were: {', '.join(wrong[:3])}")


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    tar.addfile(member, BytesIO(content))


def _add_file(tar: tarfile.TarFile, name: str, file: Path) -> str:
    with file.open("rb") as source:
        digest = hashlib.file_digest(source, "sha256").hexdigest()
    tar.add(file, name, recursive=False)
    return digest


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    source = tar.extractfile(member)
    return source.read(16 * PIECE) if source else b""


def _extract(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> str:
    """Write one file below the folder, wherever its name would like to be. Returns its digest."""
    place = (folder / member.name).resolve()
    if not member.isfile() or not place.is_relative_to(folder.resolve()):
        raise BadBackup(f"the backup has a member that is none of ours: {member.name}")
    place.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    source = tar.extractfile(member)
    with place.open("wb") as out:
        while source and (piece := source.read(PIECE)):
            digest.update(piece)
            out.write(piece)
    return digest.hexdigest()
