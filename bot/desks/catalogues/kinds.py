"""Catalogues and their columns: required format and resulting type of each cell."""

from __future__ import annotations

from bot.desks.catalogues.cells import Column, Row, Wrong, days, flag, matching, number, time, words

LATITUDE, LONGITUDE = (-90.0, 90.0), (-180.0, 180.0)
CODE = r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}"


def _hours(row: Row) -> None:
    """A centre closes after it opens."""
    if row["closes"] <= row["opens"]:
        raise Wrong("closes", "must be after opens")


KINDS: dict[str, tuple[Column, ...]] = {
    "customers": (
        Column("code", matching(CODE, "letters, digits, points and dashes, 40 at most"), key=True),
        Column("name", words(200)),
        Column("contact", words(200), default=""),
        Column("city", words(100), default=""),
    ),
    "equipment": (
        Column("code", matching(r"[0-9]{5,10}", "5 to 10 digits"), key=True),
        Column("model", words(100)),
        Column("brand", words(100)),
        Column("serial", words(100), default=""),
        Column("client", words(200)),
        Column("place", words(300)),
    ),
    "vehicles": (
        Column("code", matching(r"[0-9]{5,10}", "5 to 10 digits"), key=True),
        Column("model", words(100)),
        Column("plate", words(20), default=""),
    ),
    "centres": (
        Column("code", matching(CODE, "letters, digits, points and dashes, 40 at most"), key=True),
        Column("name", words(200)),
        Column("address", words(300)),
        Column("city", words(100)),
        Column("latitude", number(*LATITUDE)),
        Column("longitude", number(*LONGITUDE)),
        Column("phone", words(40), default=""),
        Column("opens", time),
        Column("closes", time),
        Column("days", days),
        Column("active", flag, default=True),
    ),
    "survey_questions": (
        Column("number", matching(r"[1-6]", "1 to 6"), key=True),
        Column("text", words(500)),
        Column("short", words(60)),
    ),
}

RULES = {"centres": _hours}
"""What the cells of a line must be to each other."""


def key_of(kind: str) -> str:
    """The column that tells one line from another."""
    return next(column.name for column in KINDS[kind] if column.key)
