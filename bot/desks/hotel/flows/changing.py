"""The stay that a guest wants instead of the booked one: what was told of it, over what was booked. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from bot.desks.hotel import room_kinds, saying, settings, wanting
from bot.desks.hotel.flows import own
from bot.desks.hotel.house import written
from bot.desks.hotel.house.port import Stay, Wish
from bot.script.draft import Draft
from bot.script.flow import Sample, Standing
from core.messages import Option

TOLD: Final = ("arrives", "leaves", "nights", "parties", "kind")
MOST: Final = 3
"""Offers near the wish that are shown."""
Quote = Mapping[str, Any]


# --- the wish ---


def wished(draft: Draft) -> Wish:
    """The stay that is wanted now: whatever was not told stays as it is booked."""
    booked = own.meant(draft)
    parties = written.parties(draft.value("parties")) if draft.value("parties") else booked.parties
    kinds = kinds_meant(draft)
    room = booked.room if not kinds or booked.room in kinds else kinds[0] if len(kinds) == 1 else ""
    return Wish(_stay(draft, booked.stay), parties, room)


def kinds_meant(draft: Draft) -> Sequence[str]:
    """The codes of the kinds of room that were named."""
    said = draft.value("kind")
    return room_kinds.matching(said, draft.fact("room_types", "all") or []) if said else ()


def _stay(draft: Draft, booked: Stay) -> Stay:
    """A new arrival keeps the number of nights, a new departure keeps the arrival."""
    arrives, leaves, nights = (draft.value(name) for name in ("arrives", "leaves", "nights"))
    begins = date.fromisoformat(arrives) if arrives else booked.arrives
    if leaves:
        return Stay(begins, date.fromisoformat(leaves))
    lasts = int(nights) if nights else booked.nights
    return Stay(begins, begins + timedelta(days=lasts))


def is_told(draft: Draft) -> bool:
    return any(draft.value(name) for name in TOLD)


def is_the_same(draft: Draft) -> bool:
    booked, now = own.meant(draft), wished(draft)
    return (now.stay, now.parties, now.room) == (booked.stay, booked.parties, booked.room)


def wrong(draft: Draft) -> str:
    """Why the house need not be asked: a word, or nothing."""
    if not is_told(draft):
        return ""
    if draft.value("kind") and not kinds_meant(draft):
        return "lead_no_such_kind"
    now, booked, rules, today = wished(draft), own.meant(draft), settings.of(draft), draft.local_now.date()
    if now.stay.leaves <= today or (now.stay.arrives < today and now.stay.arrives != booked.stay.arrives):
        return "in_the_past"
    if now.stay.nights < 1:
        return "leaves_first"
    if now.stay.nights > rules.nights_most:
        return "too_long"
    if now.stay.arrives > today + timedelta(days=rules.days_ahead):
        return "too_far_ahead"
    if any(party.adults < 1 for party in now.parties):
        return "children_alone"
    return "too_many" if sum(party.people for party in now.parties) > rules.people_most else ""


# --- guards ---


def unsure_of_something(draft: Draft) -> bool:
    return "unsure" in draft.guesses


def impossible(draft: Draft) -> bool:
    return bool(wrong(draft))


def unchanged(draft: Draft) -> bool:
    return is_told(draft) and is_the_same(draft)


def told_anew(draft: Draft) -> bool:
    return bool({*TOLD} & {*draft.taken})


def serves(draft: Draft) -> bool:
    return bool(_serving(draft))


def _serving(draft: Draft) -> list[Quote]:
    """The offers of the kinds that are meant, cheapest first."""
    kinds = kinds_meant(draft)
    return [dict(offer) for offer in draft.result.get("offers") or () if not kinds or offer["room"] in kinds]


def has_near(draft: Draft) -> bool:
    return bool(draft.result.get("nearest"))


def picked(draft: Draft) -> bool:
    return _picked(draft) is not None


def _picked(draft: Draft) -> Quote | None:
    return next((quote for quote in note_of(draft).get("near", ()) if quote["quote"] == draft.value("offer")), None)


def note_of(standing: Standing | Draft) -> Mapping[str, Any]:
    return own.note(standing)


# --- effects ---


def ask_back(draft: Draft) -> None:
    """Nothing is guessed of what was said: it is asked, and nothing else beside it."""
    draft.hush()
    own.say_of(draft, "hotel_stay", f"unsure_{draft.guesses['unsure'].value}")


def refuse(draft: Draft) -> None:
    rules, arrives = settings.of(draft), wished(draft).stay.arrives
    own.say_of(
        draft, "hotel_stay", wrong(draft), nights=rules.nights_most, days=rules.days_ahead, people=rules.people_most,
        day=own.day(draft, arrives),
    )  # fmt: skip
    forget_wish(draft)


def forget_wish(draft: Draft) -> None:
    draft.forget(*own.OF_THE_STAY)


def say_same(draft: Draft) -> None:
    draft.say("same_as_before", **own.shown(draft, own.meant(draft)))
    forget_wish(draft)


def search(draft: Draft) -> None:
    wanting.search(draft, wished(draft), instead_of=own.meant(draft).reference)
    draft.forget("offer")
    own.wait(draft)


def keep_offer(draft: Draft) -> None:
    own.keep(draft, quote=_serving(draft)[0], looks=0)


def keep_near(draft: Draft) -> None:
    near = [dict(quote) for quote in draft.result["nearest"][:MOST]]
    own.keep(draft, near=near, why=str(draft.result.get("why") or "sold_out"))


def keep_pick(draft: Draft) -> None:
    own.keep(draft, quote=_picked(draft), looks=0)


def keep_new_price(draft: Draft) -> None:
    """The price is another one now: it is told, and asked again."""
    own.keep(draft, quote=dict(draft.result["offer"]))
    draft.say("price_changed")


def regret(draft: Draft) -> None:
    draft.say("nothing_free", why=draft.words(f"why_{draft.result.get('why') or 'sold_out'}"))
    forget_wish(draft)


def change_it(draft: Draft) -> None:
    wanting.change(draft, own.meant(draft).reference, int(note_of(draft)["quote"]["quote"]))
    own.wait(draft)


# --- what is shown ---


def old_and_new(draft: Draft) -> Mapping[str, object]:
    """Both stays with their totals, the number of the new quote, and the difference."""
    booked, quote = own.meant(draft), note_of(draft)["quote"]
    new = {f"new_{name}": value for name, value in own.shown(draft, of_quote(booked, quote)).items()}
    late = draft.words("late_is_over") if booked.late else ""
    return {**own.shown(draft, booked), **new, "quote": quote["quote"], "difference": _difference(draft), "late": late}


def of_quote(booked: own.Own, quote: Quote) -> own.Own:
    """The booking as it would be."""
    return replace(
        booked, room=quote["room"], name=quote["name"], stay=written.stay(quote), total=Decimal(quote["total"]),
        parties=written.parties(quote["parties"]), nights=quote["nights"], currency=quote["currency"], late={},
    )  # fmt: skip


def _difference(draft: Draft) -> str:
    booked, quote = own.meant(draft), note_of(draft)["quote"]
    more = Decimal(quote["total"]) - booked.total
    key = "costs_more" if more > 0 else "costs_less" if more < 0 else "costs_the_same"
    return draft.words(key, amount=saying.money(draft.language, abs(more), booked.currency))


def near(draft: Draft) -> Mapping[str, object]:
    """The nearest that there is, a line each with its price and its quote."""
    known, booked = note_of(draft), own.meant(draft)
    lines = "\n".join(
        draft.words("near_line", number=number, **own.shown(draft, of_quote(booked, quote)), quote=quote["quote"])
        for number, quote in enumerate(known.get("near", ()), 1)
    )
    return {"why": draft.words(f"why_{known.get('why', 'sold_out')}"), "lines": lines}


def offered(standing: Standing) -> Sequence[Option]:
    quotes = enumerate(note_of(standing).get("near", ()), 1)
    return [
        Option(f"offer={quote['quote']}", _title(number, quote), str(quote["name"])[:60]) for number, quote in quotes
    ]


def _title(number: int, quote: Quote) -> str:
    stay = written.stay(quote)
    return f"{number}. {stay.arrives:%d/%m} → {stay.leaves:%d/%m}"


def every_offer() -> Iterator[Sample]:
    quote = {"arrives": "2027-12-30", "leaves": "2028-01-12", "name": "x" * 60}
    for many in range(MOST + 1):
        yield {}, {own.BOOKING: {"near": [{**quote, "quote": 10**9 + place} for place in range(many)]}}


TRIED_ON = {"offered": every_offer}
