"""Lists of a hotel: its kinds of rooms, the single rooms, rates, and days on which it takes nobody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bot.script.catalogue.cells import amount, code, day, days, number, whole, words
from bot.script.catalogue.kind import Column, Line

EVERY_DAY: Final = [1, 2, 3, 4, 5, 6, 7]


def _not_before(earlier: str) -> Any:
    def rule(line: Line, value: Any) -> str:
        return "" if value >= line[earlier] else f"must not be before {earlier}"

    return rule


CATALOGUE: Final[Mapping[str, tuple[Column, ...]]] = {
    "room_types": (
        Column("code", code, "the house's own code for the kind", key=True),
        Column("name", words(60), "as guests read it"),
        Column("name_en", words(60), "the same in English, if it differs", default=""),
        Column("name_pt", words(60), "the same in Portuguese, if it differs", default=""),
        Column("sleeps", whole(1, 20), "most people in it, children included"),
        Column("adults", whole(1, 20), "most of them that are no children"),
        Column("text", words(600), "what is in it", default=""),
        Column("text_en", words(600), "the same in English", default=""),
        Column("text_pt", words(600), "the same in Portuguese", default=""),
        Column("photo", words(300), "https address of a picture", default=""),
    ),
    "rooms": (
        Column("number", code, "the room's number", key=True),
        Column("type", code, "the code of its kind"),
    ),
    "rates": (
        Column("code", code, "the house's own code for the rate", key=True),
        Column("type", code, "the kind of room that it is for"),
        Column("from", day, "the first night"),
        Column("to", day, "the last night", rule=_not_before("from")),
        Column("price", amount, "a night without tax, for as many people as are included"),
        Column("tax_percent", number(0, 100), "tax on top of it", default=0.0),
        Column("included", whole(1, 20), "people for whom it is", default=2),
        Column("extra_adult", amount, "a night for each adult more", default="0.00"),
        Column("extra_child", amount, "a night for each child more", default="0.00"),
        Column("least_nights", whole(1, 30), "shortest stay that begins in it", default=1),
        Column("days", days, "the days of its nights, 1 is Monday", default=EVERY_DAY),
    ),
    "house_info": (
        Column("topic", code, "what it is about: breakfast, pool, parking …", key=True),
        Column("es", words(400), "the answer in Spanish", default=""),
        Column("en", words(400), "the answer in English", default=""),
        Column("pt", words(400), "the answer in Portuguese", default=""),
        Column("updated", day, "the day on which reception wrote it, which guests are told"),
    ),
    "closed": (
        Column("code", code, "the house's own code for it", key=True),
        Column("room", words(40), "the number of a room; empty for the whole house", default=""),
        Column("from", day, "the first night"),
        Column("to", day, "the last night", rule=_not_before("from")),
        Column("why", words(100), "why", default=""),
    ),
}
