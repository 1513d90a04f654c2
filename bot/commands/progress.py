"""Progress bar for long files: on a terminal only."""

from __future__ import annotations

import sys
from typing import Self

LONG = 20_000
STEPS = 40


class Progress:
    def __init__(self, most: int, what: str):
        self._most, self._what, self._shown = most, what, -1
        self._on = most >= LONG and sys.stderr.isatty()

    def reach(self, line: int) -> None:
        step = STEPS * line // self._most
        if self._on and step != self._shown:
            self._shown = step
            print(f"\r{self._what} {'█' * step}{'░' * (STEPS - step)} {line:,}", end="", file=sys.stderr, flush=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._on:
            print(file=sys.stderr)
