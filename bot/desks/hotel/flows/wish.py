"""The stay that a guest wishes for: its slots, whether it can be had at all, and the search for it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

from bot.desks.hotel import room_kinds, saying, settings, wanting
from bot.desks.hotel.house import written
from bot.desks.hotel.house.port import Party, Stay, Wish
from bot.script import awaiting
from bot.script.draft import Draft
from bot.script.flow import Standing
from bot.script.forms import Field, Form, words
from core.session import Slot

MOST_ROOMS, MOST_KINDS, SLOW_S = 9, 8, 3.0
OLDEST_CHILD: Final = 17
A_MONTH: Final = timedelta(days=31)
CHANGEABLE: Final = 80
"""How sure the wish is that an offer is for: what is told later is as sure, and wins."""
_KIND = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,59}")
STAY: Final = "stay"
"""A note: what is under way of a stay: the offers, what was said of them, the hold, and how often something was tried."""


def day(value: Any) -> str | None:
    """A check for a day, as 2027-01-31."""
    try:
        return date.fromisoformat(value).isoformat() if isinstance(value, str) else None
    except ValueError:
        return None


def parties(value: Any) -> list[dict[str, Any]] | None:
    """A check for the people of each room: adults, and the age of each child."""
    if not isinstance(value, Sequence) or not 1 <= len(value) <= MOST_ROOMS:
        return None
    found = [_party(each) for each in value]
    return None if None in found else [each for each in found if each is not None]


def _party(value: Any) -> dict[str, Any] | None:
    adults, ages = (value.get("adults"), value.get("ages", [])) if isinstance(value, Mapping) else (None, [])
    if not _whole(adults, 0, 99) or not isinstance(ages, list) or len(ages) > 99:
        return None
    return {"adults": adults, "ages": ages} if all(_whole(age, 0, OLDEST_CHILD) for age in ages) else None


def _whole(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def whole(least: int, most: int) -> Any:
    return lambda value: value if _whole(value, least, most) else None


def _kind(value: Any) -> str | None:
    return value if isinstance(value, str) and _KIND.fullmatch(value) else None


def one_of_both(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def quote(value: Any) -> int | None:
    """A check for the number of a quote, as a button has it."""
    return int(value) if str(value).isascii() and str(value).isdigit() and len(str(value)) < 16 else None


ASKED: Final = (Field("arrives", day), Field("leaves", day, or_else="nights"), Field("parties", parties))
FIELDS: Final = (
    *ASKED,
    Field("nights", whole(1, 999)),
    Field("kind", _kind),
    Field("breakfast", one_of_both),
    Field("name", words(2, 80)),
)
WISH: Final = Form(fields=ASKED)


def note(standing: Standing) -> Mapping[str, Any]:
    known: Mapping[str, Any] = standing.notes.get(STAY, {})
    return known


def keep(draft: Draft, **more: Any) -> None:
    draft.notes[STAY] = {**note(draft), **more}


# --- guards ---


def unsure_of_something(draft: Draft) -> bool:
    """Something was told that can be read in two ways, or in none."""
    return "unsure" in draft.guesses


def impossible(draft: Draft) -> bool:
    return bool(wrong(draft))


def complete(draft: Draft) -> bool:
    return WISH.missing(draft.slots) is None


def wished_anew(draft: Draft) -> bool:
    """Something of the wish was told, and it is whole."""
    return complete(draft) and bool({"arrives", "leaves", "nights", "parties", "kind"} & {*draft.taken})


# --- what is wrong with it ---


def wrong(draft: Draft) -> str:
    """Why the house need not be asked for this: a word, or nothing."""
    settle(draft)
    arrives, leaves = _day_of(draft, "arrives"), _day_of(draft, "leaves")
    own, today = settings.of(draft), draft.local_now.date()
    if arrives and arrives < today:
        return "in_the_past"
    if arrives and arrives > today + timedelta(days=own.days_ahead):
        return "too_far_ahead"
    if arrives and leaves and leaves <= arrives:
        return "leaves_first"
    if arrives and leaves and (leaves - arrives).days > own.nights_most:
        return "too_long"
    return _wrong_people(draft, own.people_most)


def _wrong_people(draft: Draft, most: int) -> str:
    told = draft.value("parties")
    if not told:
        return ""
    if any(party["adults"] < 1 for party in told):
        return "children_alone"
    return "too_many" if sum(party["adults"] + len(party["ages"]) for party in told) > most else ""


TAKES_BACK: Final = {
    "in_the_past": ("arrives", "leaves"),
    "too_far_ahead": ("arrives", "leaves"),
    "leaves_first": ("leaves",),
    "too_long": ("leaves",),
    "children_alone": ("parties",),
    "too_many": ("parties",),
}
"""What is asked again when a wish cannot be had."""


def refuse_wish(draft: Draft) -> None:
    why, own = wrong(draft), settings.of(draft)
    arrives = _day_of(draft, "arrives")
    draft.say(
        why, nights=own.nights_most, days=own.days_ahead, people=own.people_most,
        day=saying.day(draft.language, arrives, draft.local_now.date()) if arrives else "",
    )  # fmt: skip
    draft.forget(*TAKES_BACK[why])


def refuse_change(draft: Draft) -> None:
    """Another wish, that cannot be had, while a room is held: the wish is as before."""
    refuse_wish(draft)
    as_offered(draft, note(draft)["offer"])


def as_offered(draft: Draft, offer: Mapping[str, Any]) -> None:
    """The wish is the one that this offer is for."""
    for slot in ("arrives", "leaves", "parties"):
        draft.slots[slot] = Slot(offer[slot], CHANGEABLE, "confirmed")
    draft.forget("nights")


def ask_back(draft: Draft) -> None:
    """Ask what was said that can be read in two ways: it is not guessed."""
    draft.say(f"unsure_{draft.guesses['unsure'].value}")


def settle(draft: Draft) -> None:
    """From the day of arrival and a number of nights follows the day of departure."""
    arrives, nights = _day_of(draft, "arrives"), draft.value("nights")
    if arrives and {*draft.taken} & {"arrives", "leaves"} == {"leaves"}:
        _settle_month(draft, arrives)
    if not arrives or not nights:
        return
    if "leaves" not in draft.taken:
        draft.slots["leaves"] = Slot((arrives + timedelta(days=nights)).isoformat(), *_sure(draft.slots["nights"]))
    draft.forget("nights")


def _settle_month(draft: Draft, arrives: date) -> None:
    """“no, mejor hasta el 7”, of a stay in April, is the 7th of April: the first such day after the arrival."""
    leaves, known = _day_of(draft, "leaves"), draft.slots["leaves"]
    if leaves is None or leaves > arrives or leaves > draft.local_now.date() + A_MONTH:
        return
    days = (arrives + timedelta(days=number) for number in range(1, settings.of(draft).nights_most + 1))
    if found := next((day for day in days if day.day == leaves.day), None):
        draft.slots["leaves"] = Slot(found.isoformat(), *_sure(known))


def _sure(slot: Slot) -> tuple[int, str]:
    return slot.confidence, slot.source


# --- the wish ---


def of(draft: Draft) -> Wish:
    arrives, leaves = (date.fromisoformat(draft.value(name)) for name in ("arrives", "leaves"))
    return Wish(Stay(arrives, leaves), told_parties(draft))


def told_parties(draft: Draft) -> tuple[Party, ...]:
    return written.parties(draft.value("parties"))


def search(draft: Draft) -> None:
    """Ask the house; the guest is asked for a moment's patience only where it is slow."""
    kinds = draft.fact("room_types", "all") or []
    codes = room_kinds.matching(draft.value("kind"), kinds) if draft.value("kind") else []
    unknown = bool(kinds and draft.value("kind") and not codes)
    if unknown:
        keep(draft, lead="no_such_kind")
    wanting.search(draft, replace(of(draft), room=codes[0] if len(codes) == 1 else ""))
    awaiting.ring(draft, "slow", SLOW_S)
    draft.hush()


def search_anew(draft: Draft) -> None:
    """Something of the wish has changed: what was said of the last offers is over."""
    keep(draft, lead="")
    search(draft)


def describe_rooms(draft: Draft) -> None:
    """The kinds of rooms; a price needs days."""
    kinds = draft.fact("room_types", "all") or []
    lines = [
        draft.words("kind_of_room", sleeps=kind["sleeps"], **room_kinds.words_in(kind, draft.language))
        for kind in kinds
    ]
    if lines:
        draft.say("rooms_are", lines="\n".join(lines[:MOST_KINDS]))


def shown(draft: Draft) -> Mapping[str, object]:
    """The wish in words."""
    wanted = of(draft)
    return {
        "stay": saying.stay(draft.language, wanted.stay, draft.local_now.date()),
        "people": saying.people(draft.language, wanted.parties),
    }


def ask_other_days(draft: Draft) -> None:
    draft.forget("arrives", "leaves", "nights", "offer")


def stop_waiting(draft: Draft) -> None:
    awaiting.ring_no_more(draft, "slow")


def say_farewell(draft: Draft) -> None:
    draft.say("left")


def _day_of(draft: Draft, slot: str) -> date | None:
    value = draft.value(slot)
    return date.fromisoformat(value) if value else None
