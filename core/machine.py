"""The machine under a process: its resident memory, and the room on the disks it writes to."""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

STATM = Path("/proc/self/statm")


@dataclass(frozen=True, slots=True)
class Disk:
    """Parts of a file system that are free, between 0 and 1."""

    free: float
    inodes_free: float


def memory_bytes() -> int:
    """Resident memory of this process; where the system does not tell the present, the most it ever was."""
    if STATM.exists():
        return int(STATM.read_text().split()[1]) * resource.getpagesize()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def disk(folder: Path) -> Disk:
    """The file system that holds the folder, or that will hold it once the folder is made."""
    usage = os.statvfs(_existing(folder))
    return Disk(_part(usage.f_bavail, usage.f_blocks), _part(usage.f_favail, usage.f_files))


def disks(folders: Mapping[str, Path]) -> dict[str, Disk]:
    """The file systems under these folders, by the folders' names."""
    return {name: disk(folder) for name, folder in folders.items()}


def _existing(folder: Path) -> Path:
    return next(place for place in (folder, *folder.absolute().parents) if place.exists())


def _part(free: int, whole: int) -> float:
    """A file system without a fixed number of inodes tells 0 of them: it never runs out."""
    return free / whole if whole else 1.0
