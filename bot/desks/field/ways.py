"""The travel time of a technician, a slow fact: asked of a service that knows the roads, else reckoned."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Any

from bot.desks.field import roads
from bot.script.facts import Ask, Slow
from core import geography
from core.geography import Point
from core.settings import Settings

TOWN_KM_PER_H = 30
Ends = tuple[Point, Point]


@dataclass(frozen=True, slots=True)
class Way:
    km: float
    minutes: int
    simple: bool = False
    """Reckoned from the distance alone, without roads and traffic."""

    def as_json(self) -> dict[str, Any]:
        return {"km": self.km, "minutes": self.minutes, "simple": self.simple}


def key_of(start: Point, end: Point) -> str:
    return f"{geography.written(start)} {geography.written(end)}"


def _ends(key: str) -> Ends:
    start, end = map(geography.read, key.split())
    return start, end


def great_circle(start: Point, end: Point) -> Way:
    """The great circle at the speed of a town: what is always known."""
    km = geography.great_circle_km(start, end)
    return Way(round(km, 1), ceil(km / TOWN_KM_PER_H * 60), simple=True)


def by_road(settings: Settings) -> Ask | None:
    """Asks the server at ROADS_URL."""
    if not settings.roads_url:
        return None
    server = roads.Osrm(settings.roads_url)

    def ask(key: str, limit_s: float) -> dict[str, Any]:
        metres, seconds = server.route(*_ends(key), limit_s=limit_s)
        return Way(round(metres / 1000, 1), ceil(seconds / 60)).as_json()

    return ask


WAY = Slow(service=by_road, otherwise=lambda key: great_circle(*_ends(key)).as_json())
