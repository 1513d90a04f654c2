"""Rooms as they look: each kind that is offered is shown once with its photo, where there is one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.desks.hotel import pictures, settings
from bot.desks.hotel.flows.wish import keep, note
from bot.desks.hotel.room_kinds import words_in
from bot.script import showing
from bot.script.catalogue.kind import Line
from bot.script.draft import Draft
from bot.script.facts import Among

SHOWN: Final = "shown"
"""In the note of a stay: codes of the kinds that were shown."""
CAPTION: Final = 600


def _looks(codes: str, lines: Sequence[Line]) -> dict[str, Mapping[str, Any]]:
    """Of the kinds with these codes, those that have a photo: what it is, and what is in the room."""
    wanted = codes.split()
    return {str(line["code"]): dict(line) for line in lines if line["code"] in wanted and line.get("photo")}


LOOKS: Final = Among("room_types", _looks)
"""Fact `room_looks`: how kinds of rooms look, by their codes with spaces between."""


def show_rooms(draft: Draft) -> None:
    """A card for each kind on offer that was not shown yet; a single one stands above the question itself."""
    quotes = _not_shown(draft)
    if not quotes:
        return
    looks = draft.fact("room_looks", " ".join(quotes)) or {}
    cards = {code: picture for code in quotes if (picture := pictures.named(looks.get(code, {}).get("photo")))}
    if len(note(draft)["offers"]) == 1:
        showing.head(draft, next(iter(cards.values()), None))
    else:
        for code, picture in cards.items():
            showing.show(
                draft,
                picture,
                "room_card",
                name=quotes[code],
                text=words_in(looks[code], draft.language)["text"][:CAPTION],
            )
    keep(draft, **{SHOWN: [*note(draft).get(SHOWN, ()), *cards]})


def _not_shown(draft: Draft) -> dict[str, str]:
    """The names of the kinds on offer, by code, cheapest first."""
    known = note(draft)
    seen = known.get(SHOWN, ())
    kinds = {str(quote["room"]): str(quote["name"]) for quote in known["offers"] if quote["room"] not in seen}
    return dict(list(kinds.items())[: settings.of(draft).rooms_shown])
