"""The offers of the house: shown with their prices, each of which is a quote that the sentence names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.desks.hotel import saying
from bot.desks.hotel.after.quoted import rooms_offered
from bot.desks.hotel.flows import wish
from bot.desks.hotel.house import written
from bot.script.draft import Draft
from bot.script.flow import Sample, Standing
from bot.script.phrases import phrase, title
from core.messages import Option
from core.session import Slot

FLOW: Final = "hotel_stay"
STAY: Final = "stay"
"""A note: what is under way of a stay: `offers`, what was said of them (`about`), and later the hold."""
MOST: Final = 5
"""Offers that are shown; the house tells the cheapest first."""
Quote = Mapping[str, Any]


def note(standing: Standing | Draft) -> Mapping[str, Any]:
    known: Mapping[str, Any] = standing.notes.get(STAY, {})
    return known


def keep(draft: Draft, **more: Any) -> None:
    draft.notes[STAY] = {**note(draft), **more}


# --- guards ---


def found_some(draft: Draft) -> bool:
    return bool(draft.result.get("offers"))


def found_near(draft: Draft) -> bool:
    return bool(draft.result.get("nearest"))


def picked(draft: Draft) -> bool:
    """One of the offers that were shown was chosen."""
    return chosen(draft) is not None


def chosen(draft: Draft) -> Quote | None:
    return next((quote for quote in note(draft).get("offers", ()) if quote["quote"] == draft.value("offer")), None)


# --- effects ---


def keep_found(draft: Draft) -> None:
    keep(draft, offers=_kept(draft.result["offers"]), why="", age_s=draft.result.get("age_s", 0))
    draft.forget("offer")
    rooms_offered(draft)


def keep_near(draft: Draft) -> None:
    """Nothing for the wish: why, and the nearest that there is."""
    keep(draft, offers=_kept(draft.result["nearest"]), why=draft.result["why"], age_s=draft.result.get("age_s", 0))
    draft.forget("offer")
    rooms_offered(draft)


def _kept(quotes: Sequence[Quote]) -> list[Quote]:
    return [dict(quote) for quote in quotes[:MOST]]


def regret(draft: Draft) -> None:
    """Nothing is free, and nothing near it: other days are asked for."""
    draft.say("nothing", why=_why(draft, str(draft.result.get("why") or "sold_out")), **wish.shown(draft))
    draft.forget("arrives", "leaves", "nights")


# --- what is shown ---


def found(draft: Draft) -> Mapping[str, object]:
    """The offers that stand, a line each."""
    known = note(draft)
    quotes = known.get("offers", ())
    lines = "\n".join(line(draft, number, quote) for number, quote in enumerate(quotes, 1))
    key = "near_head" if known.get("why") else "found_head"
    head = draft.words(key, why=_why(draft, known.get("why", "")), **wish.shown(draft))
    until = min((datetime.fromisoformat(quote["good_until"]) for quote in quotes), default=draft.now)
    return {"head": head, "lines": lines, "until": clock(draft, until)}


def _why(draft: Draft, why: str) -> str:
    return draft.words(f"why_{why}") if why else ""


def line(draft: Draft, number: int, quote: Quote) -> str:
    """One offer: its price a night and in all, with the number of its quote."""
    stay = written.stay(quote)
    when = f" · {saying.stay(draft.language, stay, today(draft))}" if quote.get("near") else ""
    return draft.words(
        "offer", number=number, name=quote["name"], stay=when, night=night(draft.language, quote),
        total=total(draft.language, quote), tax=tax(draft.language, quote), quote=quote["quote"],
    )  # fmt: skip


def night(language: str, quote: Quote) -> str:
    """The price of a night with tax: where nights differ, of the cheapest."""
    prices = {Decimal(each["price"]) + Decimal(each["tax"]) for each in quote["nights"]}
    key = "a_night" if len(prices) == 1 else "a_night_from"
    return phrase(language, FLOW, key, price=saying.money(language, min(prices), quote["currency"]))


def total(language: str, quote: Quote) -> str:
    return saying.money(language, Decimal(quote["total"]), quote["currency"])


def tax(language: str, quote: Quote) -> str:
    return saying.money(language, Decimal(quote["tax"]), quote["currency"])


def today(draft: Draft) -> date:
    return draft.local_now.date()


def clock(draft: Draft, at: datetime) -> str:
    return f"{at.astimezone(ZoneInfo(draft.before.desk.timezone)):%H:%M}"


def offered(standing: Standing) -> Sequence[Option]:
    """One button for each offer, and one for other days."""
    language = standing.language
    options = [_option(language, quote) for quote in note(standing).get("offers", ())]
    return [*options, Option("other_days", title(language, FLOW, "other_days"))]


def _option(language: str, quote: Quote) -> Option:
    return Option(f"offer={quote['quote']}", f"{quote['name']}"[:20].strip(), total(language, quote))


TRIED_ON: Final = {"offered": lambda: _samples()}


def _samples() -> Iterator[Sample]:
    """None, one, and as many as are shown."""
    for count in (0, 1, MOST):
        quotes = [{**SAMPLE, "quote": 10**9 + number, "name": f"{number} {'X' * 58}"} for number in range(count)]
        yield {"offer": Slot(1)}, {STAY: {"offers": quotes}}


SAMPLE: Final = {
    "arrives": "2027-01-03", "leaves": "2027-01-06", "total": "123456789.99", "tax": "1234567.00", "currency": "ARS",
    "nights": [{"day": "2027-01-03", "price": "123456.00", "tax": "0.00"}], "good_until": "2027-01-01T00:00:00+00:00",
}  # fmt: skip
