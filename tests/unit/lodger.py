"""A guest with bookings, in memory: what they mean is given, and so is what the house tells of an errand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot import desks
from bot.engine.rehearsal import Rehearsal
from core.messages import Event
from core.reading import Guess, Reading
from core.turn import ErrandWanted, TicketOpened, Turn
from tests.unit.talk import rehearsed

HOTEL, FACTS = rehearsed(desks.folders()["hotel"])
ZONE = ZoneInfo("America/Argentina/Buenos_Aires")
MINE, OTHER, THEIRS = "HTL-4KQ7MB", "HTL-7TTB3C", "HTL-2XXXXX"


def booking(
    reference: str = MINE, arrives: str = "2026-03-10", leaves: str = "2026-03-12", **more: Any
) -> dict[str, Any]:
    """A booking as the fact tells it: two nights of a double for two."""
    night = {"price": "100000.00", "tax": "21000.00"}
    content = {
        "arrives": arrives, "leaves": leaves, "name": "Doble estándar", "parties": [{"adults": 2, "ages": []}],
        "nights": [{"day": arrives, **night}, {"day": arrives, **night}], "units": ["201"], **more.pop("content", {}),
    }  # fmt: skip
    lower, upper = (datetime.fromisoformat(f"{day}T{at}").replace(tzinfo=ZONE).isoformat()
                    for day, at in ((arrives, "15:00"), (leaves, "12:00")))  # fmt: skip
    return {
        "reference": reference, "resource": "standard_double", "state": "booked", "attention": "", "amount": "242000.00",
        "currency": "ARS", "key": f"turno-1-book:{reference}", "hold": "h", "lower": lower, "upper": upper,
        "content": content, **more,
    }  # fmt: skip


def quote(number: int = 77, total: str = "363000.00", **more: Any) -> dict[str, Any]:
    """A quote as a search tells it: three nights from the day before."""
    night = {"day": "2026-03-09", "price": "100000.00", "tax": "21000.00"}
    return {
        "quote": number, "room": "standard_double", "name": "Doble estándar", "arrives": "2026-03-09",
        "leaves": "2026-03-12", "parties": [{"adults": 2, "ages": []}], "nights": [night] * 3, "total": total,
        "tax": "63000.00", "currency": "ARS", "good_until": "2026-03-02T18:00:00+00:00", **more,
    }  # fmt: skip


class Lodger(Rehearsal):
    """A guest who has these bookings, and no others."""

    def __init__(self, *bookings: Mapping[str, Any], language: str = "", **settings: Any):
        desk = replace(HOTEL, settings={**HOTEL.settings, **settings})
        super().__init__(desk, language, facts={**FACTS, "bookings": {}})
        self.have(*bookings)

    def have(self, *bookings: Mapping[str, Any]) -> None:
        """From now on the look-up finds these."""
        named = {str(each["reference"]): [each] for each in bookings}
        self.facts["bookings"] = {"mine": list(bookings), **named}

    def _fact(self, missing: Any) -> Any:
        if missing.kind == "bookings":
            return self.facts["bookings"].get(missing.key, [])
        return super()._fact(missing)

    def means(self, intent: str = "", **slots: Any) -> Turn:
        """Whatever was written, it was understood so."""
        event = Event(f"e{len(self.turns)}", "text", text="…", sent_at=self.now)
        return self.step(
            event, Reading(intent, 0.9, {name: Guess(value, 90, "rules") for name, value in slots.items()})
        )

    def hears(self, outcome: str, **result: Any) -> Turn:
        """The result of the errand that was wanted last."""
        wanted = self.wanted
        return self.event(
            "errand", service=wanted.service, what=wanted.what, key=wanted.key, outcome=outcome, result=result
        )

    @property
    def wanted(self) -> ErrandWanted:
        """The last errand."""
        return [each for turn in self.turns for each in turn.records if isinstance(each, ErrandWanted)][-1]

    @property
    def tickets_opened(self) -> list[TicketOpened]:
        return [each for turn in self.turns for each in turn.records if isinstance(each, TicketOpened)]


def said(turn: Turn) -> str:
    return "\n".join(reply.text for reply in turn.replies)


DONE: Final = {"reference": MINE, "room": "standard_double", "currency": "ARS", **booking()["content"]}
"""A booking as an errand tells it, but for its state and total."""


def asked_to_change(**settings: Any) -> Lodger:
    lodger = Lodger(booking(), **settings)
    lodger.means("change_booking", arrives="2026-03-09", leaves="2026-03-12")
    return lodger


def quoted(**settings: Any) -> Lodger:
    lodger = asked_to_change(**settings)
    lodger.hears("done", offers=[quote()], nearest=[], why="")
    return lodger
