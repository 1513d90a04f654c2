"""Change of a booking: the new stay is searched and quoted, told beside the old one, confirmed, and done by the house or by
reception. The booking stands as it was until the new one is had."""

from __future__ import annotations

from typing import Any

from bot.desks.hotel.flows import changing, outcomes, own
from bot.desks.hotel.house.port import Wish
from bot.script.draft import Draft
from bot.script.flow import Row, State
from bot.script.forms import Form

VERSION = 1
ALSO = (own, changing, outcomes)
FORM = Form(extra=own.FIELDS)

STATES = (
    State("asking", asks="what_to_change", expects="slot", slot="arrives"),
    State("searching", asks="one_moment", patient=True),
    State("offering", asks="choose_near", shows="near", expects="choice", slot="offer", offers="offered"),
    State("confirming", asks="really_change", shows="old_and_new", expects="yes_no", options=("yes", "no")),
    State("changing_it", asks="one_moment", patient=True),
    State("away", asks="not_reached", expects="yes_no", options=("again", "person")),
    State("settled", final=True),
)

TOLD = "begin told change_booking rooms book"
OPEN = "asking searching offering confirming away"
NO_ANSWER = "offers_search_failed offers_search_unknown"
FOUND = f"offers_search_done offers_search_refused {NO_ANSWER}"
CHANGED = "booking_change_done booking_change_refused booking_change_unknown booking_change_failed"

# fmt: off
ROWS = (
    # in              on                         goes to        when                  doing
    Row(f"{OPEN} changing_it", own.SAYS,         "@menu",       "another_named"),
    Row(OPEN,         TOLD,                      "asking",      "unsure_of_something", "ask_back"),
    Row("offering",   "told",                    "confirming",  "picked",             "keep_pick"),
    Row(OPEN,         TOLD,                      "asking",      "impossible",         "refuse"),
    Row(OPEN,         TOLD,                      "asking",      "unchanged",          "say_same"),
    Row("asking",     TOLD,                      "searching",   "is_told",            "search"),
    Row("searching offering confirming away", TOLD, "searching", "told_anew",         "search"),
    Row("asking",     TOLD,                      "asking"),
    Row("searching",  FOUND,                     "searching",   "is_of_another",      "pass_over"),
    Row("changing_it", CHANGED,                  "changing_it", "is_of_another",      "pass_over"),
    Row("searching",  "slow",                    "searching"),
    Row("changing_it", "slow",                   "changing_it"),
    Row("searching",  "offers_search_done offers_search_refused", "settled", "by_hand", "leave_wish"),
    Row("searching",  "offers_search_done",      "confirming",  "serves",             "keep_offer"),
    Row("searching",  "offers_search_done",      "offering",    "has_near",           "keep_near"),
    Row("searching",  "offers_search_done",      "asking",      "",                   "regret"),
    Row("searching",  "offers_search_refused",   "settled",     "",                   "say_gone"),
    Row("searching",  NO_ANSWER,                 "away"),
    Row("away",       "again yes",               "searching",   "",                   "search"),

    Row("confirming", "yes",                     "changing_it", "",                   "change_it"),
    Row("changing_it", "booking_change_done",    "settled",     "",                   "say_changed"),
    Row("changing_it", "booking_change_refused", "confirming",  "price_changed",      "keep_new_price"),
    Row("changing_it", "booking_change_refused", "asking",      "taken",              "regret"),
    Row("changing_it", "booking_change_refused", "settled",     "by_hand",            "leave_quote"),
    Row("changing_it", "booking_change_refused", "settled",     "",                   "say_gone"),
    Row("changing_it", "booking_change_unknown", "changing_it", "looks_left",         "look_again change_it"),
    Row("changing_it", "booking_change_unknown", "settled",     "",                   "leave_quote"),
    Row("changing_it", "booking_change_failed",  "away"),
    Row(OPEN,         "no back",                 "settled",     "",                   "say_it_stands"),
    Row(OPEN,         "interrupted",             "@menu"),
)
# fmt: on


def leave_wish(draft: Draft) -> None:
    """A house that is kept by hand: reception gets what is wanted, and nothing is said of a price."""
    _leave(draft, changing.wished(draft))


def leave_quote(draft: Draft) -> None:
    """Reception changes it, or finds out whether it is changed."""
    quote = changing.note_of(draft)["quote"]
    _leave(draft, changing.wished(draft), quote=quote["quote"], total=quote["total"], currency=quote["currency"])


def _leave(draft: Draft, new: Wish, **content: Any) -> None:
    booking = own.meant(draft)
    stay = f"{new.stay.arrives:%d/%m/%Y}–{new.stay.leaves:%d/%m/%Y}"
    summary = f"{own.in_a_line(draft, booking)} → {new.room} · {stay}"
    number = own.open_ticket(draft, "change_booking", summary, **content)
    key = "change_unknown" if own.is_unknown(draft) else "change_by_reception"
    draft.say(key, number=number, reference=booking.reference)


def say_it_stands(draft: Draft) -> None:
    draft.say("it_stands", reference=own.meant(draft).reference)


def say_gone(draft: Draft) -> None:
    """It was cancelled meanwhile, or the stay is over."""
    draft.say("not_changeable", reference=draft.value("reference"))
    draft.offer("person")
