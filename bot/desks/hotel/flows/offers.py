"""The offers of the house: shown with their prices, each of which is a quote that the sentence names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.desks.hotel import room_kinds, saying, settings
from bot.desks.hotel.after.quoted import rooms_offered
from bot.desks.hotel.flows import wish
from bot.desks.hotel.flows.wish import STAY, keep, note
from bot.desks.hotel.house import written
from bot.script import awaiting
from bot.script.draft import Draft
from bot.script.flow import Sample, Standing
from bot.script.phrases import phrase, title
from core.messages import Option
from core.session import Slot

FLOW: Final = "hotel_stay"
MOST: Final = 5
"""Offers that are shown; the house tells the cheapest first."""
MOST_KEPT: Final = 3
"""First offers of earlier lists that are kept: “la primera que me dijiste”."""
WHICH: Final = {"first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "last": -1}
Quote = Mapping[str, Any]


# --- guards ---


def found_some(draft: Draft) -> bool:
    return bool(draft.result.get("offers"))


def found_near(draft: Draft) -> bool:
    return bool(draft.result.get("nearest"))


def only_by_hand(draft: Draft) -> bool:
    return draft.result.get("why") == "by_hand"


def picked(draft: Draft) -> bool:
    """One of the offers that were shown was chosen."""
    return chosen(draft) is not None


def chosen(draft: Draft) -> Quote | None:
    """The offer that was pressed, or that is meant by “the second one”."""
    quotes = note(draft).get("offers", ())
    said = draft.guesses.get("which")
    if said is not None and "offer" not in draft.taken:
        return _meant(draft, str(said.value), quotes)
    if "offer" in draft.taken:
        return next((quote for quote in quotes if quote["quote"] == draft.value("offer")), None)
    named = draft.value("kind") if "kind" in draft.taken else ""
    if draft.intent in ("book", "yes") and not draft.taken:
        return _only(quotes)  # “dale”, to the only one there is
    return _only([quote for quote in quotes if named and room_kinds.matching(named, [_kind(quote)])])


def _meant(draft: Draft, which: str, quotes: Sequence[Quote]) -> Quote | None:
    if which == "told_first":
        return next(iter(note(draft).get("told", ())), None)
    if which in ("cheapest", "dearest"):
        pick = min if which == "cheapest" else max
        return pick(quotes, key=lambda quote: Decimal(quote["total"]), default=None)
    if which == "other":
        standing = (note(draft).get("offer") or {}).get("quote")
        return _only([quote for quote in quotes if quote["quote"] != standing])
    at = WHICH.get(which)
    return quotes[at] if at is not None and -len(quotes) <= at < len(quotes) else None


def _only(quotes: Sequence[Quote]) -> Quote | None:
    return quotes[0] if len(quotes) == 1 else None


def _kind(quote: Quote) -> Mapping[str, str]:
    return {"code": quote["room"], "name": quote["name"]}


# --- effects ---


def keep_found(draft: Draft) -> None:
    """Of the kinds that were asked for, where the house has some of them; else all, saying so."""
    quotes, said = draft.result["offers"], draft.value("kind")
    codes = room_kinds.matching(said, list(map(_kind, quotes))) if said else ()
    wanted = [quote for quote in quotes if quote["room"] in codes]
    lead = note(draft).get("lead", "") or ("no_such_kind_left" if said and not wanted else "")
    _keep(draft, wanted or quotes, why="", lead=lead)


def keep_near(draft: Draft) -> None:
    """Nothing for the wish: why, and the nearest that there is."""
    _keep(draft, draft.result["nearest"], why=draft.result["why"], lead=note(draft).get("lead", ""))


def _keep(draft: Draft, quotes: Sequence[Quote], *, why: str, lead: str) -> None:
    shown = [dict(quote) for quote in quotes[:MOST]]
    told = [*note(draft).get("told", ()), shown[0]][-MOST_KEPT:]
    keep(draft, offers=shown, told=told, why=why, lead=lead, age_s=int(draft.result.get("age_s", 0)))
    draft.forget("offer")
    awaiting.ring_no_more(draft, "slow")
    rooms_offered(draft)


def regret(draft: Draft) -> None:
    """Nothing is free, and nothing near it: other days are asked for."""
    draft.say("nothing", why=_why(draft, str(draft.result.get("why") or "sold_out")), **wish.shown(draft))
    draft.forget("arrives", "leaves", "nights")
    awaiting.ring_no_more(draft, "slow")


# --- what is shown ---


def found(draft: Draft) -> Mapping[str, object]:
    """The offers that stand, a line each."""
    known = note(draft)
    quotes = known.get("offers", ())
    lines = "\n".join(line(draft, number, quote) for number, quote in enumerate(quotes, 1))
    until = min((datetime.fromisoformat(quote["good_until"]) for quote in quotes), default=draft.now)
    return {"head": _head(draft, known), "lines": lines, "until": clock(draft, until)}


def _head(draft: Draft, known: Mapping[str, Any]) -> str:
    """Above the offers: what happened, why they are not quite what was asked for, and how old they are."""
    key = "near_head" if known.get("why") else "found_head"
    minutes = round(known.get("age_s", 0) / 60)
    parts = [
        draft.words(f"lead_{known['lead']}") if known.get("lead") else "",
        draft.words(key, why=_why(draft, known.get("why", "")), **wish.shown(draft)),
        draft.words("read_before", minutes=minutes) if minutes else "",
        draft.words(f"breakfast_{settings.of(draft).breakfast}") if draft.value("breakfast") else "",
    ]
    return "\n".join(part for part in parts if part)


def _why(draft: Draft, why: str) -> str:
    return draft.words(f"why_{why}", **wish.shown(draft)) if why else ""


def line(draft: Draft, number: int, quote: Quote) -> str:
    """One offer: its price a night and in all, with the number of its quote."""
    when = f" · {saying.stay(draft.language, written.stay(quote), today(draft))}" if quote.get("near") else ""
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
    return [*_apart(options), Option("other_days", title(language, FLOW, "other_days"))]


def _option(language: str, quote: Quote) -> Option:
    return Option(f"offer={quote['quote']}", f"{quote['name']}"[:20].strip(), total(language, quote))


def _apart(options: Sequence[Option]) -> Sequence[Option]:
    """With its number before each, where two would be called the same."""
    if len({option.title for option in options}) == len(options):
        return options
    return [
        Option(each.id, f"{number}. {each.title}"[:20].strip(), each.description)
        for number, each in enumerate(options, 1)
    ]


def samples() -> Iterator[Sample]:
    """None, one, and as many as are shown."""
    for count in (0, 1, MOST):
        quotes = [{**SAMPLE, "quote": 10**9 + number, "name": "X" * 60} for number in range(count)]
        yield {"offer": Slot(1)}, {STAY: {"offers": quotes}}


TRIED_ON: Final = {"offered": samples}
SAMPLE: Final = {
    "arrives": "2027-01-03", "leaves": "2027-01-06", "total": "123456789.99", "tax": "1234567.00", "currency": "ARS",
    "nights": [{"day": "2027-01-03", "price": "123456.00", "tax": "0.00"}], "good_until": "2027-01-01T00:00:00+00:00",
}  # fmt: skip
