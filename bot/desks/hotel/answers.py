"""Values that the answers of a hotel desk show: the house's terms, and what reception wrote about it, with its day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, Final

from bot.desks.hotel import saying, settings
from bot.desks.hotel.flows import own
from bot.script import hours
from bot.script.catalogue.kind import Line
from bot.script.draft import Draft
from bot.script.facts import Among
from bot.script.faq import Value
from bot.script.phrases import phrase
from bot.script.phrases.regions import written_as

LANGUAGES: Final = ("es", "en", "pt")
TOPICS: Final = (
    "breakfast", "pool", "parking", "pets", "services", "restaurant", "gym", "laundry", "payment", "invoice", "transport",
    "kids", "access", "smoking",
)  # fmt: skip
"""Questions that reception answers, in the list `house_info`."""
BOOKED: Final = "booked"
"""The state of a booking that makes somebody a guest."""


def every(key: str, lines: Sequence[Line]) -> dict[str, Any]:
    """The texts of reception, by topic."""
    return {line["topic"]: {name: line[name] for name in (*LANGUAGES, "updated")} for line in lines}


FACTS: Final = {"house_info": Among("house_info", every)}


def _written(topic: str, draft: Draft) -> str:
    """Its text in the guest's language, and since when reception says so; "" where reception wrote none."""
    line = (draft.fact("house_info", "all") or {}).get(topic) or {}
    text = line.get(written_as(draft.language), "")
    return f"{text} _({_source(draft, line['updated'])})_" if text else ""


def _source(draft: Draft, updated: str) -> str:
    on = saying.day(draft.language, date.fromisoformat(updated), draft.local_now.date())
    return phrase(draft.language, saying.WORDS, "source", day=on)


def _wifi(draft: Draft) -> str:
    """The network; its password for those who have a booking only."""
    own = settings.of(draft)
    if not own.wifi_name:
        return _written("wifi", draft)
    if not own.wifi_password or not _is_guest(draft):
        return phrase(draft.language, saying.WORDS, "wifi", name=own.wifi_name)
    return phrase(draft.language, saying.WORDS, "wifi_password", name=own.wifi_name, password=own.wifi_password)


def _is_guest(draft: Draft) -> bool:
    """A booking that stands, and is not over yet."""
    today = draft.local_now.date().isoformat()
    own: Sequence[Mapping[str, Any]] = draft.fact("bookings", "mine") or ()
    return any(each["state"] == BOOKED and str(each["upper"] or "")[:10] >= today for each in own)


def _my(what: str, draft: Draft) -> str:
    """Of the guest's next stay: its number, its days, and until when the room is theirs; "" where there is none."""
    booking = next(iter(own.standing(draft)), None)
    return own.of_the_stay(draft, booking)[what] if booking else ""


def _hours(draft: Draft) -> str:
    own = hours.of_settings(draft)
    return hours.in_words(draft, own) if own else ""


def _cancel_free(draft: Draft) -> str:
    return f"{settings.of(draft).cancel_free_h:g} h"


def _cancel_percent(draft: Draft) -> str:
    return f"{settings.of(draft).cancel_percent.normalize():f} %"


def _setting(name: str, draft: Draft) -> str:
    return str(getattr(settings.of(draft), name))


VALUES: Final[Mapping[str, Value]] = {
    **{topic: partial(_written, topic) for topic in TOPICS},
    **{name: partial(_setting, name) for name in ("check_in", "check_out", "address", "phone")},
    **{f"my_{name}": partial(_my, name) for name in ("reference", "arrival", "departure", "check_out")},
    "wifi": _wifi,
    "hours": _hours,
    "cancel_free": _cancel_free,
    "cancel_percent": _cancel_percent,
}
