"""A stay: the days and the people, what the house has for them, a room that is held, and the booking of it."""

from __future__ import annotations

from bot.desks.hotel.flows import booking_it, holding, offers, own, paying, receipts, rooms, wish
from bot.desks.hotel.flows.wish import FIELDS, WISH
from bot.script.flow import Row, State
from bot.script.forms import Field, Form

VERSION = 1
ALSO = (wish, offers, rooms, holding, paying, receipts, booking_it)
TRIED_ON = {**offers.TRIED_ON, **paying.TRIED_ON}
OTHERS = (*FIELDS[len(wish.ASKED) :], Field("offer", wish.quote), Field("email", paying.email))
FORM = Form(fields=wish.ASKED, extra=OTHERS)

STATES = (
    State("asking", asks=WISH, expects="slot"),
    State("searching", asks="one_moment", patient=True),
    State("offering", asks="choose_offer", shows="found", expects="choice", offers="offered", slot="offer"),
    State("away", asks="nobody_answers", options=("again", "person"), expects="yes_no"),
    State("holding", asks="one_moment_hold", patient=True),
    State("naming", asks="ask_name", expects="slot", slot="name"),
    State("mailing", asks="ask_email", expects="slot", slot="email", options=("no_email",)),
    State("confirming", asks="is_it_right", shows="summary", expects="choice", offers="ways_to_pay"),
    State("receipt", asks="send_receipt", shows="transfer", expects="photo", offers="ways_out"),
    State("reading", asks="reading_receipt", patient=True),
    State("reviewing", asks="receipt_seen", patient=True),
    State("booking", asks="one_moment_booking", patient=True),
    State("checking", asks="still_checking", patient=True),
    State("unbooked", asks="try_again", options=("again", "person", "release"), expects="yes_no"),
    State("repriced", asks="price_changed", shows="both_prices", expects="yes_no", options=("yes", "release")),
    State("with_reception", final=True),
    State("left", final=True),
)

TOLD = "begin told rooms book correct"
WISHING = "asking searching offering away"
HELD = "holding naming mailing confirming receipt unbooked repriced"
KEPT = "naming mailing confirming receipt reading reviewing unbooked repriced"
GUEST = "naming mailing confirming receipt"
BUSY = "booking checking reading reviewing"
NO_ANSWER = "offers_search_failed offers_search_unknown offers_search_refused"
RECEIPT_USED = "receipt_use_done receipt_use_failed receipt_use_unknown"
GOING = "cancel release"
WITH_A_BOOKING = " ".join(own.WISHES)
WAITING = "searching holding booking"


def stays(states: str, on: str, when: str, doing: str) -> tuple[Row, ...]:
    """The same row in each of these states, which leads nowhere else."""
    return tuple(Row(state, on, state, when, doing) for state in states.split())


def onward(states: str, on: str, doing: str) -> tuple[Row, ...]:
    """To what is still to be known before a booking, in this order."""
    return (
        Row(states, on, "booking", "agreed_again", f"{doing} book"),
        Row(states, on, "naming", "unnamed", f"{doing} tell_hold"),
        Row(states, on, "mailing", "unmailed", f"{doing} tell_hold"),
        Row(states, on, "confirming", "", f"{doing} choose_ways"),
    )


# fmt: off
ROWS = (
    # in                       on                    goes to         when                   doing
    Row(WISHING,               WITH_A_BOOKING,       "@hotel_booking"),
    Row(WISHING,               "request",            "@hotel_request"),
    Row(HELD,                  WITH_A_BOOKING,       "@hotel_booking", "",                  "release"),
    *stays("asking offering away", TOLD,                             "unsure_of_something", "ask_back"),
    *stays(HELD,               TOLD,                                 "unsure_of_something", "ask_back"),
    Row("offering",            "told book rooms yes", "holding",     "picked",              "hold_it"),
    Row(WISHING,               TOLD,                 "asking",       "impossible",          "refuse_wish"),
    Row("asking",              "room_types",         "asking",       "",                    "describe_rooms"),
    Row("asking",              TOLD,                 "searching",    "complete",            "search_anew"),
    Row("searching offering away", TOLD,             "searching",    "wished_anew",         "search_anew"),
    Row("asking",              TOLD,                 "asking",       "",                    "note_contact"),
    *stays("offering away",    "told",                               "contact_told",        "note_contact"),
    Row("offering",            "rooms book room_types correct", "offering"),

    Row("searching",           "offers_search_done", "offering",     "found_some",          "keep_found show_rooms"),
    Row("searching",           "offers_search_done", "offering",     "found_near",          "keep_near show_rooms"),
    Row("searching",           "offers_search_done", "with_reception", "only_by_hand",      "pass_on"),
    Row("searching",           "offers_search_done", "asking",       "",                    "regret"),
    Row("searching",           NO_ANSWER,            "away",         "",                    "stop_waiting"),
    Row("away",                "again yes",          "searching",    "",                    "search"),
    Row("offering",            "other_days",         "asking",       "",                    "ask_other_days"),
    Row("offering away",       "no cancel",          "left",         "",                    "say_farewell"),
    *stays(WAITING,            "slow",               "",             ""),

    Row("holding",             "hold_take_done",     "holding",      "held_another",        "release_other"),
    *onward("holding",         "hold_take_done",                                            "keep_hold"),
    Row("holding",             "hold_take_refused",  "searching",    "",                    "lead_taken"),
    Row("holding",             "hold_take_failed hold_take_unknown", "away", "",            "stop_waiting"),

    Row(KEPT,                  "hold_released",      "searching",    "",                    "search_released"),
    *stays(HELD,               TOLD,                                 "impossible",          "refuse_change"),
    Row(f"{GUEST} holding",    "told",               "holding",      "picked_another",      "release hold_it"),
    Row(f"{GUEST} holding",    "told",               "offering",     "meant_none",          "release"),
    Row(HELD,                  "other_days",         "asking",       "",                    "release ask_other_days"),
    Row(HELD,                  TOLD,                 "searching",    "wished_anew",         "release search_anew"),
    Row("naming mailing",      "told",               "naming",       "unnamed",             "prolong"),
    Row("naming mailing",      "told",               "mailing",      "unmailed",            "prolong"),
    Row("mailing",             "no_email no",        "confirming",   "",                    "go_unmailed choose_ways prolong"),
    Row("naming mailing",      "told",               "confirming",   "",                    "choose_ways prolong"),
    *stays("confirming receipt", "told",                             "contact_told",        "note_contact prolong"),
    Row("confirming",          "told",               "confirming",   "",                    "choose_ways prolong"),
    Row("confirming",          "deposit",            "receipt",      "takes_deposit",       "prolong"),
    Row("confirming",          "yes",                "receipt",      "only_deposit",        "prolong"),
    Row("confirming",          "yes",                "booking",      "only_at_hotel",       "book"),
    Row("confirming receipt",  "at_hotel",           "booking",      "pays_at_hotel",       "book"),
    Row("confirming receipt",  "photo",              "reading",      "takes_deposit",       "look_at_receipt"),
    *stays("reading reviewing", "photo",                             "",                    "keep_photo"),
    Row("reading",             "receipt_read",       "receipt",      "useless",             "ask_for_another"),
    Row("reading",             "receipt_read",       "reading",      "",                    "use_receipt"),
    Row("reading",             "receipt_use_refused", "receipt",     "",                    "refuse_used"),
    Row("reading",             "receipt_use_done",   "booking",      "confirmed_by_rule",   "note_paid book"),
    Row("reading",             RECEIPT_USED,         "reviewing",    "",                    "give_to_reception"),
    Row("reviewing",           "receipt_resolved",   "booking",      "",                    "book"),
    Row("reviewing",           "receipt_cancelled",  "receipt",      "",                    "refuse_receipt"),

    Row("booking checking",    "booking_book_done",  "@hotel_arrival", "",                 "confirm"),
    Row("booking checking",    "booking_book_refused", "repriced",   "costs_more",          "show_new_price"),
    Row("booking checking",    "booking_book_refused", "searching",  "gone",                "search_lost"),
    Row("booking checking",    "booking_book_refused", "with_reception", "",                "pass_on"),
    Row("booking checking",    "booking_book_unknown", "with_reception", "looked_enough",   "hand_to_reception"),
    Row("booking checking",    "booking_book_unknown", "checking",   "",                    "look_again"),
    Row("booking checking",    "booking_book_failed", "unbooked",    "",                    "stop_waiting"),
    Row("unbooked",            "again yes",          "booking",      "",                    "book"),
    Row("repriced",            "yes",                "holding",      "",                    "hold_at_new_price"),

    Row("searching",           GOING,                "left",         "",                    "say_farewell"),
    Row(HELD,                  GOING,                "left",         "",                    "let_go"),
    Row(HELD,                  "menu restart",       "@menu",        "",                    "release"),
    Row("confirming unbooked repriced", "no",        "left",         "",                    "let_go"),
    Row(HELD,                  "inactive",           "left",         "",                    "release"),
    *stays(BUSY,               "cancel menu restart back",           "",                    ""),
)
# fmt: on
