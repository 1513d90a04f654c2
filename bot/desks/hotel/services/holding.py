"""Service `hold`: takes the rooms of a quote for the guest who decides, or says that somebody else has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.desks.hotel.house import written
from bot.desks.hotel.house.book.book import no
from bot.desks.hotel.house.days import Days
from bot.desks.hotel.house.made import house, settings_of
from bot.desks.hotel.services.near import shown
from bot.errands.service import Means, ServiceOf
from core import telemetry
from core.errors import Broken
from core.store.path.errands import Errand
from core.store.promises import holds, quotes
from core.store.promises.holds import Wanted
from core.store.promises.rows import Hold, Quote


class Holding:
    def __init__(self, means: Means):
        self._house, self._settings, self._db, self._desk = house(means), settings_of(means), means.db, means.desk
        self._days = Days.of(means.desk, self._settings)

    def do(self, errand: Errand, limit_s: float) -> Mapping[str, Any]:
        quote = self._quote(errand)
        free = self._house.free(quote.resource, written.stay(quote.content), limit_s)
        key, count = _owner(errand), len(quote.content["parties"])
        wanted = Wanted(
            self._desk.id, quote.resource, free.units, self._days.period(written.stay(quote.content)), key, count,
            most=len(free.units) if free.counted else None,
        )  # fmt: skip
        with telemetry.hold_wait(), self._db.transaction() as tx:
            held = holds.take(tx, wanted, for_s=self._settings.hold_s, conversation_id=errand.conversation_id)
            if held:
                quotes.extend(tx, quote.id, held[0].until)
        telemetry.hold("taken" if held else "conflict")
        if not held:
            raise no("taken")
        return self._of_hold(quote, key, held)

    def _quote(self, errand: Errand) -> Quote:
        with self._db.transaction() as tx:
            quote = quotes.one(tx, int(errand.content["quote"]), conversation_id=errand.conversation_id)
            mine = bool(quote) and bool(holds.live(tx, self._desk.id, _owner(errand)))
        if quote is None:
            raise Broken("a flow holds what was not quoted in its conversation")
        if quote.over and not mine:
            raise no("quote_over")
        return quote

    def _of_hold(self, quote: Quote, key: str, held: list[Hold]) -> Mapping[str, Any]:
        return {
            "hold": key,
            "until": held[0].until.isoformat(),
            "units": [hold.unit for hold in held],
            "kept": held[0].kept,
            "offer": shown(quote),
        }


def _owner(errand: Errand) -> str:
    """The key of the hold: one for a quote, however often its rooms are wanted."""
    return f"turno-{errand.conversation_id}-hold:{errand.content['quote']}"


HOLDING = ServiceOf(Holding, limit_s=5.0, tries=3, backoff_s=0.2, at_once=8, behind="house")
