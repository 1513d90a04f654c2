"""Travel times: asked of a routing service, outside every transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from typing import Any, Protocol

from core import geography
from core.errors import TurnoError
from core.geography import Point
from core.telemetry import log

TOWN_KM_PER_H = 30


@dataclass(frozen=True, slots=True)
class Way:
    km: float
    minutes: int
    simple: bool = False
    """Reckoned from the distance alone, without roads and traffic."""


class Ways(Protocol):
    def way(self, start: Point, end: Point) -> Way:
        """The way by road, as the traffic is now, within its own limit of time. Raises a TurnoError when it cannot."""
        ...


class AsTheCrowFlies:
    """The great circle at the speed of a town: what is always known."""

    def way(self, start: Point, end: Point) -> Way:
        km = geography.great_circle_km(start, end)
        return Way(round(km, 1), ceil(km / TOWN_KM_PER_H * 60), simple=True)


def facts(ways: Ways, keys: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The way of each key, "from to", as a fact."""
    return {key: _fact(_way(ways, *map(geography.read, key.split()))) for key in keys}


def _way(ways: Ways, start: Point, end: Point) -> Way:
    """A provider that fails costs its precision, never the answer."""
    try:
        return ways.way(start, end)
    except TurnoError as error:
        log.warning("way.reckoned", error=type(error).__name__)
        return AsTheCrowFlies().way(start, end)


def _fact(way: Way) -> dict[str, Any]:
    return {"km": way.km, "minutes": way.minutes, "simple": way.simple}
