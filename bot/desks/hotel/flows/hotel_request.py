"""Requests during a stay: towels, cleaning, something broken, room service, a taxi, luggage, a wake-up call, a lost thing.

Several at once are several tickets. Only what reception cannot do without is asked.
"""

from __future__ import annotations

from bot.desks.hotel.flows import own, requested
from bot.desks.hotel.understanding.words import WANTED
from bot.script.flow import Row, State
from bot.script.forms import Field, Form, words

VERSION = 1
ALSO = requested
FORM = Form(
    fields=(Field("wanted", requested.wanted), Field("room_number", requested.room)),
    extra=(Field("detail", words(1, 500)), Field("hour", own.hour)),
)

STATES = (
    State("choosing", asks="what_is_wanted", expects="choice", options=tuple(f"wanted={name}" for name in WANTED)),
    State("telling", asks="what_exactly", expects="slot", slot="detail"),
    State("timing", asks="at_what_time", expects="slot", slot="hour"),
    State("placing", asks="which_room", expects="slot", slot="room_number"),
    State("noted", final=True),
    State("left", final=True),
)

OPEN = "choosing telling timing placing"
TOLD = "begin told request"

# fmt: off
ROWS = (
    # in       on                 goes to     when                    doing
    Row(OPEN,  TOLD,              "left",     "only_a_closed_kitchen", "say_kitchen_closed forget_all"),
    Row(OPEN,  TOLD,              "choosing", "nothing_wanted"),
    Row(OPEN,  TOLD,              "telling",  "detail_missing",       "put_kitchen_off"),
    Row(OPEN,  TOLD,              "timing",   "hour_missing",         "put_kitchen_off keep_words"),
    Row(OPEN,  TOLD,              "placing",  "room_missing",         "put_kitchen_off keep_words"),
    Row(OPEN,  TOLD,              "noted",    "",                     "put_kitchen_off keep_words open_tickets forget_all"),
    Row("placing", "unclear help", "noted",   "asked_before",         "open_tickets forget_all"),
    Row(OPEN,  "no cancel back",  "left",     "",                     "say_left forget_all"),
    Row(OPEN,  "interrupted",     "@menu",    "",                     "forget_all"),
)
# fmt: on
