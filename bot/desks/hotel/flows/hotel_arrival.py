"""Arrival: a transfer or a late arrival, asked for after a booking or later; each is a ticket for reception."""

from __future__ import annotations

from collections.abc import Mapping

from bot.desks.hotel import settings
from bot.desks.hotel.flows import own
from bot.script.draft import Draft
from bot.script.flow import Row, State
from bot.script.forms import Form

VERSION = 1
ALSO = own
FORM = Form(extra=own.FIELDS)

STATES = (
    State(
        "offering", asks="arrival_options", expects="choice", options=("transfer", "late_arrival", "no"), patient=True
    ),
    State("transferring", asks="when_and_how", expects="slot", slot="trip"),
    State("arriving", asks="which_hour", shows="check_in", expects="slot", slot="hour"),
    State("noted", final=True),
)

# fmt: off
ROWS = (
    # in            on                       goes to         when                doing
    Row("offering transferring arriving", own.SAYS, "@menu", "another_named"),
    Row("offering", "begin told transfer late_arrival", "noted", "transfer_told", "order_transfer"),
    Row("offering", "begin transfer late_arrival", "transferring", "wants_transfer", "note_wish"),
    Row("offering", "begin told transfer late_arrival", "noted", "hour_told",    "note_hour"),
    Row("offering", "begin transfer late_arrival", "arriving",  "wants_hour",    "note_wish"),
    Row("offering", "begin",                 "offering"),
    Row("offering", "no thanks farewell",    "noted",         "",                "wish_well"),
    Row("transferring", "told",              "noted",         "trip_told",       "order_transfer"),
    Row("arriving", "told",                  "noted",         "hour_told",       "note_hour"),
    Row("transferring", "late_arrival",      "arriving",      "",                "note_wish"),
    Row("arriving", "transfer",              "transferring",  "",                "note_wish"),
    Row("offering transferring arriving", "cancel", "@hotel_booking"),
    Row("transferring arriving", "no back",  "noted",         "",                "wish_well"),
    Row("offering transferring arriving", "interrupted", "@menu"),
)
# fmt: on


# --- guards ---


def wants_transfer(draft: Draft) -> bool:
    return own.wanted(draft) == "transfer"


def wants_hour(draft: Draft) -> bool:
    return own.wanted(draft) == "late_arrival"


def trip_told(draft: Draft) -> bool:
    return bool(draft.value("trip") or draft.value("hour"))


def transfer_told(draft: Draft) -> bool:
    """The transfer was asked for with its hour, in one sentence."""
    return wants_transfer(draft) and trip_told(draft)


def hour_told(draft: Draft) -> bool:
    return own.wanted(draft) == "late_arrival" and bool(draft.value("hour"))


# --- effects ---


def note_wish(draft: Draft) -> None:
    own.keep(draft, wish=own.wanted(draft))


def order_transfer(draft: Draft) -> None:
    trip = str(draft.value("trip") or draft.value("hour"))
    number = own.open_ticket(draft, "transfer", f"{trip} · {_about(draft)}")
    draft.say("transfer_noted", number=number, trip=trip[:120])
    _end(draft)


def note_hour(draft: Draft) -> None:
    hour = str(draft.value("hour"))
    own.open_ticket(draft, "late_arrival", f"{hour} · {_about(draft)}")
    draft.say("hour_noted", hour=hour)
    _end(draft)


def _about(draft: Draft) -> str:
    """For reception: the booking; of somebody whose booking is not ours, what they are called."""
    booking = own.the_one(draft)
    return own.in_a_line(draft, booking) if booking else draft.name or "?"


def wish_well(draft: Draft) -> None:
    draft.say("see_you")
    _end(draft)


def _end(draft: Draft) -> None:
    draft.use_up("reference")


def check_in(draft: Draft) -> Mapping[str, object]:
    return {"check_in": settings.of(draft).check_in}
