"""A stay: the days and the people, what the house has for them, a room that is held, and the booking of it."""

from __future__ import annotations

from bot.desks.hotel.flows import offers, rooms, wish
from bot.desks.hotel.flows.wish import FIELDS, WISH
from bot.script.flow import Row, State
from bot.script.forms import Field, Form

VERSION = 1
ALSO = (wish, offers, rooms)
FORM = Form(fields=(*wish.ASKED,), extra=(*FIELDS[len(wish.ASKED) :], Field("offer", wish.quote)))

STATES = (
    State("asking", asks=WISH, expects="slot"),
    State("searching", asks="one_moment"),
    State("offering", asks="choose_offer", shows="found", expects="choice", offers="offered", slot="offer"),
    State("away", asks="nobody_answers", options=("again", "person"), expects="choice"),
    State("left", final=True),
)

TOLD = "begin told rooms book room_types"
NO_ANSWER = "offers_search_failed offers_search_unknown offers_search_refused"

# fmt: off
ROWS = (
    # in                       on                    goes to      when                   doing
    Row("asking searching offering away", "my_booking cancel_booking late_checkout", "@menu"),
    Row("asking searching offering away", TOLD,      "asking",    "unsure_of_something", "ask_back"),
    Row("asking searching offering away", TOLD,      "asking",    "impossible",          "refuse_wish"),
    Row("asking",              TOLD,                 "searching", "complete",            "search"),
    Row("searching offering away", TOLD,             "searching", "wished_anew",         "search"),
    Row("asking",              TOLD,                 "asking"),
    Row("searching",           "offers_search_done", "offering",  "found_some",          "keep_found show_rooms"),
    Row("searching",           "offers_search_done", "offering",  "found_near",          "keep_near show_rooms"),
    Row("searching",           "offers_search_done", "asking",    "",                    "regret"),
    Row("searching",           NO_ANSWER,            "away"),
    Row("away",                "again yes",          "searching", "",                    "search"),
    Row("offering",            "other_days",         "asking",    "",                    "ask_other_days"),
    Row("offering away",       "no",                 "left",      "",                    "say_farewell"),
)
# fmt: on
