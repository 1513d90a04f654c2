"""The menu: where a conversation begins and comes back to."""

from __future__ import annotations

from bot.desks.hotel.flows import own
from bot.nlu.questions import asks
from bot.script.draft import Draft
from bot.script.flow import Row, State
from bot.script.forms import Form

VERSION = 1
FORM = Form(extra=own.FIELDS)
"""What is told along with the first word is kept for the flow that asks for it."""

STATES = (
    State("waiting", asks="what_to_do", expects="choice", options=("rooms", "my_booking", "request", "person")),
    State("rested", final=True),
    State("cancelled", final=True),
    State("timed_out", final=True),
    State("closed", final=True),
)

WITH_A_BOOKING = " ".join(own.WISHES)

# fmt: off
ROWS = (
    # in         on                goes to        when         doing
    Row("waiting", "rooms book room_types", "@hotel_stay"),
    Row("waiting", WITH_A_BOOKING,          "@hotel_booking"),
    Row("waiting", "request",               "@hotel_request"),
    Row("waiting", "begin told",            "@hotel_booking", "booking_named"),
    Row("waiting", "begin told greeting",   "@hotel_stay", "stay_told"),
    Row("waiting", "no",                    "rested",      "was_asked", "say_goodbye"),
    Row("waiting", "greeting",              "waiting",     "",          "welcome"),
    Row("waiting", "begin",                 "waiting",     "no_question", "welcome"),
)
# fmt: on


def stay_told(draft: Draft) -> bool:
    """Days or people without another word: somebody looks for a room."""
    return bool({"arrives", "leaves", "parties", "nights"} & {*draft.taken}) or "unsure" in draft.guesses


def booking_named(draft: Draft) -> bool:
    """The number of a booking without another word."""
    return "reference" in draft.taken


def no_question(draft: Draft) -> bool:
    """Nothing is asked that reception could answer."""
    return not asks(draft.event.text)


def was_asked(draft: Draft) -> bool:
    return not draft.woken


def welcome(draft: Draft) -> None:
    if draft.woken:
        draft.say("welcome", desk=draft.before.desk.name)


def say_goodbye(draft: Draft) -> None:
    draft.say("goodbye")
