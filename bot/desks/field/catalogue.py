"""Catalogues of a field desk: what it mends, from where, and for whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.desks.field import alike
from bot.script.catalogue.cells import LATITUDE, LONGITUDE, code, days, flag, matching, number, time, words
from bot.script.catalogue.kind import Column, Line, after
from bot.script.facts import Among, Listed
from core import geography
from core.geography import Point, great_circle_km

SAP_CODE = matching(r"[0-9]{5,10}", "5 to 10 digits")

CATALOGUE: Final[Mapping[str, tuple[Column, ...]]] = {
    "customers": (
        Column("code", code, "the business's own code for it", key=True),
        Column("name", words(200), "the shop"),
        Column("contact", words(200), "who answers there", default="", personal=True),
        Column("city", words(100), "where it is", default=""),
    ),
    "equipment": (
        Column("code", SAP_CODE, "the SAP code on its label", key=True),
        Column("model", words(100), "as the maker calls it"),
        Column("brand", words(100), "the maker"),
        Column("serial", words(100), "its serial number", default=""),
        Column("client", words(200), "where it stands: the shop"),
        Column("place", words(300), "where it stands: the address"),
    ),
    "vehicles": (
        Column("code", SAP_CODE, "the code it is known by", key=True),
        Column("model", words(100), "as the maker calls it"),
        Column("plate", words(20), "its number plate", default=""),
    ),
    "centres": (
        Column("code", code, "the centre's own code", key=True),
        Column("name", words(200), "as customers read it"),
        Column("address", words(300), "street and number"),
        Column("city", words(100), "the city"),
        Column("latitude", number(*LATITUDE), "degrees, north is positive"),
        Column("longitude", number(*LONGITUDE), "degrees, east is positive"),
        Column("phone", words(40), "the centre's number", default=""),
        Column("opens", time, "when its day begins"),
        Column("closes", time, "when its day ends", rule=after("opens")),
        Column("days", days, "its days, 1 is Monday"),
        Column("active", flag, "whether technicians set out from it", default=True),
    ),
}

OF_A_CENTRE = ("code", "name", "address", "city", "phone", "latitude", "longitude", "opens", "closes", "days")


def _picked(line: Line, names: Sequence[str]) -> dict[str, Any]:
    return {name: line[name] for name in names}


def in_use(key: str, centres: Sequence[Line]) -> list[dict[str, Any]]:
    """Every centre that technicians set out from."""
    return [_picked(centre, OF_A_CENTRE) for centre in centres if centre["active"]]


def nearest(key: str, centres: Sequence[Line]) -> dict[str, Any] | None:
    """The one of them that is nearest to a place by great circle."""
    here = geography.read(key)
    return min(
        in_use(key, centres),
        key=lambda c: great_circle_km(Point(c["latitude"], c["longitude"]), here),
        default=None,
    )


EQUIPMENT = Listed("equipment", alike.card)
VEHICLE = Listed("vehicles", lambda line: _picked(line, ("model", "plate")), unlisted=False)
CENTRE = Among("centres", nearest)
CENTRES = Among("centres", in_use)
ALIKE: Final = Among("equipment", alike.among)
"""Equipment by the words that somebody says of it."""
