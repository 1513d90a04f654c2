"""The follow-up of a quote that was left open: once, inside the window, and only when the guest did nothing else since.

Call `rooms_offered` where quotes are shown, and `settle` when the guest books, or wants none.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from bot.desks.hotel import saying
from bot.desks.hotel.after.settings import AfterSettings, of
from bot.desks.hotel.house import written
from bot.script.desk_settings import DeskSettings
from bot.script.draft import Draft
from bot.script.follow_ups import Content, FollowUp, Pace, cancel, schedule
from bot.script.notes import DANGER, FOREIGN

WISH: Final = ("arrives", "leaves", "parties", "kind")
"""The slots that are looked for again."""
THING: Final = "rooms"
"""Of several quotes of one guest, the last counts."""
STILL_THERE: Final = timedelta(hours=1)
"""What is written so soon after a quote belongs to it."""
ENDED: Final = frozenset({"cancelled", "closed", "left"})
"""States in which the guest, or staff, has ended it in so many words."""
APART_H: Final = 72.0
BOOKED: Final = frozenset({"booked", "unknown"})


def rooms_offered(draft: Draft) -> None:
    """The guest sees what is free: if nothing comes of it, it is asked about once."""
    wanted = {name: draft.value(name) for name in WISH if draft.value(name)}
    if of(draft).quote_after_h and {"arrives", "leaves", "parties"} <= wanted.keys():
        after_s = 3600.0 * of(draft).quote_after_h
        schedule(draft, AGAIN, THING, after_s, wish=wanted, quoted_at=draft.now.isoformat())


def settle(draft: Draft) -> None:
    """The guest has booked, or does not want to."""
    cancel(draft, AGAIN, THING)


def _unwanted(draft: Draft, content: Content) -> str:
    """Why nobody should be asked: the guest went on, said no, booked, complained, or is in danger."""
    if DANGER in draft.notes or FOREIGN in draft.notes or draft.person_wanted:
        return "waits for an answer of ours"
    quoted_at = datetime.fromisoformat(content["quoted_at"])
    heard_at = draft.before.heard_at
    if heard_at is not None and heard_at > quoted_at + STILL_THERE:
        return "the guest went on"
    if draft.state in ENDED:
        return "the guest said no"
    if written.stay(content["wish"]).arrives < draft.local_now.date():
        return "the day is over"
    return _settled_since(draft, quoted_at, content["wish"]["arrives"])


def _settled_since(draft: Draft, quoted_at: datetime, arrives: str) -> str:
    standing = (each["content"] for each in draft.fact("bookings", "mine") if each["state"] in BOOKED)
    if any(booked.get("arrives") == arrives for booked in standing):
        return "the guest has booked"
    if any(_time(each["created_at"]) >= quoted_at for each in draft.fact("tickets", "mine")):
        return "a ticket was opened since"
    return ""


def _time(written_as: str) -> datetime:
    return datetime.fromisoformat(written_as.replace("Z", "+00:00"))


def wished(draft: Draft, content: Content) -> Mapping[str, object]:
    """The wish in words."""
    wish = written.wish(content["wish"])
    return {
        "stay": saying.stay(draft.language, wish.stay, draft.local_now.date()),
        "people": saying.people(draft.language, wish.parties),
    }


def _pace(settings: DeskSettings) -> Pace:
    own = settings if isinstance(settings, AfterSettings) else AfterSettings.model_validate({})
    return Pace(own.write_from_h, own.write_to_h, apart_h=APART_H, expiry_h=20.0)


AGAIN: Final = FollowUp(
    "quote",
    _pace,
    about="quote",
    last_at="quote_at",
    flow="hotel_again",
    values=wished,
    unwanted=_unwanted,
    outside="never",
)
