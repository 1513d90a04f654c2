"""Coordinates, and the distance between them."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

EARTH_KM = 6371.0


class Point(NamedTuple):
    latitude: float
    longitude: float


def great_circle_km(start: Point, end: Point) -> float:
    """The distance over the ground between two points."""
    a = (
        sin(radians(end.latitude - start.latitude) / 2) ** 2
        + cos(radians(start.latitude))
        * cos(radians(end.latitude))
        * sin(radians(end.longitude - start.longitude) / 2) ** 2
    )
    return 2 * EARTH_KM * asin(sqrt(min(1.0, a)))


def written(point: Point) -> str:
    """The point as a key: to six decimals, which is a hand's breadth."""
    return f"{point.latitude:.6f},{point.longitude:.6f}"


def read(key: str) -> Point:
    latitude, longitude = key.split(",")
    return Point(float(latitude), float(longitude))
