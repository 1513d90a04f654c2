"""Faults of the double: each for the next so many calls of a resource, or by chance."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from threading import Lock
from typing import Final

KINDS: Final[Mapping[str, str]] = {
    "slow": "answer late: after the time of the caller",
    "too_many": "refuse with 429",
    "drop": "close the connection before anything happened",
    "no_effect": "answer 200 as if it had happened",
    "late": "let it happen, and answer after the time of the caller",
    "error_500": "let it happen, and answer 500",
    "overbook": "give a room that somebody has",
    "wrong_price": "book at another price than was told",
    "html": "answer HTML with 200, and do nothing",
    "half": "let it happen, and answer half of the JSON",
    "error_200": "answer 200 with an error inside, and do nothing",
}


class Faults:
    def __init__(self) -> None:
        self._set: dict[tuple[str, str], int] = {}
        self._chance: dict[str, float] = {}
        self._random = Random(7)  # noqa: S311  # the same faults each time
        self._lock = Lock()

    def put(self, kind: str, resource: str = "bookings", times: int = 1) -> None:
        """The next so many calls of this resource meet the fault."""
        if kind not in KINDS:
            raise ValueError(f"no such fault: {kind}; there are {', '.join(KINDS)}")
        with self._lock:
            self._set[kind, resource] = times

    def by_chance(self, chances: Mapping[str, float], seed: int = 7) -> None:
        """Bookings meet each fault with this probability."""
        self._chance, self._random = dict(chances), Random(seed)  # noqa: S311

    def clear(self) -> None:
        with self._lock:
            self._set.clear()
            self._chance.clear()

    def take(self, resource: str) -> str:
        """The fault of this call; empty when it meets none."""
        with self._lock:
            for (kind, of), left in list(self._set.items()):
                if of == resource and left > 0:
                    self._set[kind, of] = left - 1
                    return kind
            return self._by_chance() if resource == "bookings" else ""

    def _by_chance(self) -> str:
        drawn = self._random.random()
        for kind, chance in self._chance.items():
            if drawn < chance:
                return kind
            drawn -= chance
        return ""
