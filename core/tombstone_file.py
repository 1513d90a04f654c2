"""Tombstone file: keeps the tombstones that a database restored from an older backup has lost."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from core.errors import Broken
from core.store.people.person import Tombstone


class TombstoneFile:
    """One tombstone a line, only ever added to."""

    def __init__(self, path: str | Path):
        self._path = Path(path)

    def add(self, stones: Sequence[Tombstone]) -> None:
        """On the disk when this returns."""
        if not stones:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a") as file:
            file.write("".join(f"{_line(stone)}\n" for stone in stones))
            file.flush()
            os.fsync(file.fileno())

    def read(self) -> list[Tombstone]:
        """Read the tombstones in the file; empty when there is no file."""
        if not self._path.exists():
            return []
        lines = self._path.read_text(encoding="utf-8").splitlines()
        return [self._stone(number, line) for number, line in enumerate(lines, start=1) if line.strip()]

    def _stone(self, number: int, line: str) -> Tombstone:
        try:
            stone = json.loads(line)
            return Tombstone(str(stone["digest"]), str(stone["key"]), datetime.fromisoformat(stone["erased_at"]))
        except (ValueError, KeyError, TypeError) as error:
            raise Broken(f"line {number} of {self._path} is no tombstone") from error


def _line(stone: Tombstone) -> str:
    return json.dumps({"digest": stone.digest, "key": stone.key, "erased_at": stone.erased_at.isoformat()})
