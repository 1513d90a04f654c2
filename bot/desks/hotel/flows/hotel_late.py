"""Late departure: asked of the house for an hour, offered with its fee, and confirmed: the confirmation asks the house anew."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.desks.hotel import settings, wanting
from bot.desks.hotel.flows import outcomes, own
from bot.script.draft import Draft
from bot.script.flow import Row, State
from bot.script.forms import Form

VERSION = 1
ALSO = (own, outcomes)
FORM = Form(extra=own.FIELDS)

STATES = (
    State("checking", asks="one_moment", patient=True),
    State("offered", asks="take_it", shows="offer", expects="yes_no", options=("yes", "no")),
    State("taking", asks="one_moment", patient=True),
    State("away", asks="not_reached", expects="yes_no", options=("again", "person")),
    State("settled", final=True),
)
CHECKED = "offers_late_done offers_late_refused offers_late_failed offers_late_unknown"
TAKEN = "booking_stay_late_done booking_stay_late_refused booking_stay_late_unknown booking_stay_late_failed"

# fmt: off
ROWS = (
    # in        on                              goes to     when             doing
    Row("checking offered taking away", own.SAYS, "@menu",  "another_named"),
    Row("checking", "begin",                    "settled",  "is_past",       "say_past"),
    Row("checking offered", "begin told",       "settled",  "has_it",        "say_has_it"),
    Row("checking offered", "begin told",       "settled",  "is_included",   "say_included"),
    Row("checking offered", "begin",            "checking", "",              "check"),
    Row("offered", "told late_checkout",        "checking", "another_hour",  "check"),
    Row("checking", CHECKED,                    "checking", "is_of_another", "pass_over"),
    Row("taking",   TAKEN,                      "taking",   "is_of_another", "pass_over"),
    Row("checking", "slow",                     "checking"),
    Row("taking",   "slow",                     "taking"),
    Row("checking", "offers_late_done",         "offered",  "",              "keep_offer"),
    Row("checking", "offers_late_refused",      "settled",  "taken",         "say_taken"),
    Row("checking", "offers_late_refused",      "settled",  "by_hand",       "leave_to_reception"),
    Row("checking", "offers_late_refused",      "settled",  "",              "say_past"),
    Row("checking", "offers_late_failed offers_late_unknown", "away"),
    Row("away",     "again yes",                "checking", "",              "check"),

    Row("offered",  "yes",                      "taking",   "",              "take_it"),
    Row("offered away", "no back",              "settled",  "",              "say_declined"),
    Row("taking",   "booking_stay_late_done",   "settled",  "",              "say_stays_late"),
    Row("taking",   "booking_stay_late_refused", "offered", "price_changed", "keep_new_fee"),
    Row("taking",   "booking_stay_late_refused", "settled", "taken",         "say_taken"),
    Row("taking",   "booking_stay_late_refused", "settled", "by_hand",       "leave_to_reception"),
    Row("taking",   "booking_stay_late_refused", "settled", "",              "say_past"),
    Row("taking",   "booking_stay_late_unknown", "taking",  "looks_left",    "look_again take_it"),
    Row("taking",   "booking_stay_late_unknown", "settled", "",              "leave_to_reception"),
    Row("taking",   "booking_stay_late_failed", "offered",  "",              "say_not_reached"),
    Row("offered away", "interrupted",          "@menu"),
)
# fmt: on


# --- guards ---


def is_past(draft: Draft) -> bool:
    """The hour of departure has passed: only people of the house can still do something."""
    booking = own.meant(draft)
    return draft.now >= _at(draft, _check_out(draft)) or booking.upper <= draft.now


def has_it(draft: Draft) -> bool:
    """They have it already, until that hour or later."""
    late = own.meant(draft).late
    return bool(late) and datetime.fromisoformat(late["until"]) >= _at(draft, _hour(draft))


def is_included(draft: Draft) -> bool:
    """The hour is no later than the usual one."""
    return _hour(draft) <= _check_out(draft)


def another_hour(draft: Draft) -> bool:
    return "hour" in draft.taken or draft.intent == "late_checkout"


# --- the hour ---


def _hour(draft: Draft) -> time:
    """As it was asked for; the latest there is, where none was, or a later one."""
    latest, told = _latest(draft), draft.value("hour")
    return min(time.fromisoformat(told), latest) if told else latest


def _latest(draft: Draft) -> time:
    return time.fromisoformat(settings.of(draft).late_to)


def _check_out(draft: Draft) -> time:
    return time.fromisoformat(settings.of(draft).check_out)


def _at(draft: Draft, hour: time) -> datetime:
    return datetime.combine(own.meant(draft).stay.leaves, hour, ZoneInfo(draft.before.desk.timezone))


# --- effects ---


def check(draft: Draft) -> None:
    """Ask the house: the clock knows nothing of who comes next."""
    if (told := draft.value("hour")) and time.fromisoformat(told) > _latest(draft):
        draft.say("late_at_most", latest=settings.of(draft).late_to)
    wanting.late(draft, own.meant(draft).reference, _hour(draft))
    own.wait(draft)


def keep_offer(draft: Draft) -> None:
    own.keep(draft, late=dict(draft.result["late"]), looks=0)


def take_it(draft: Draft) -> None:
    """The house looks anew whether the room is free and what it costs, and does it in the same act."""
    wanting.stay_late(draft, own.meant(draft).reference, dict(own.note(draft)["late"]))
    own.wait(draft)


def keep_new_fee(draft: Draft) -> None:
    own.keep(draft, late=dict(draft.result["late"]))
    draft.say("fee_changed")


def say_not_reached(draft: Draft) -> None:
    """The offer is kept: a yes tries it again."""
    draft.say("late_not_reached", phone=_phone(draft))


def say_taken(draft: Draft) -> None:
    draft.say("late_taken", check_out=settings.of(draft).check_out)


def say_past(draft: Draft) -> None:
    draft.say("late_past", phone=_phone(draft))
    draft.offer("person")


def say_has_it(draft: Draft) -> None:
    until = datetime.fromisoformat(own.meant(draft).late["until"])
    draft.say("late_had", until=own.clock(draft, until))


def say_included(draft: Draft) -> None:
    draft.say("late_included", check_out=settings.of(draft).check_out)


def say_declined(draft: Draft) -> None:
    draft.say("late_declined", check_out=settings.of(draft).check_out)


def leave_to_reception(draft: Draft) -> None:
    booking = own.meant(draft)
    summary = f"{_hour(draft):%H:%M} · {own.in_a_line(draft, booking)}"
    number = own.open_ticket(draft, "late_checkout", summary, until=f"{_hour(draft):%H:%M}")
    draft.say("late_unknown" if own.is_unknown(draft) else "late_by_reception", number=number)


# --- what is shown ---


def offer(draft: Draft) -> Mapping[str, object]:
    """Until when, for how much, and on which day."""
    late, booking = own.note(draft)["late"], own.meant(draft)
    shown = outcomes.late_shown(draft, booking, late)
    return {**shown, "cost": draft.words("late_fee" if Decimal(late["fee"]) else "late_free", **shown)}


def _phone(draft: Draft) -> str:
    """Reception's number, with the words around it; nothing where the house told none."""
    phone = draft.desk_settings.phone
    return draft.words("call_reception", phone=phone) if phone else draft.words("write_person")
