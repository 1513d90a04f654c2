"""How was the stay? Whoever is pleased gets the links of the platforms, and whoever is not is heard in private.

A day after the stay a timer begins it, three times at most. An unhappy guest becomes a complaint, also without another
word; nobody is asked again who does not want to be.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.desks.hotel.after import booked, segments
from bot.desks.hotel.after.settings import of
from bot.script.draft import Draft
from bot.script.flow import Row, State
from bot.script.follow_ups import end
from bot.script.forms import Field, Form, words
from bot.script.phrases import phrase
from core.turn import TicketOpened

VERSION = 1
PATIENT = True
FORM = Form(extra=(Field("comment", words(1, 1000)),))
FEW_WORDS = 3

STATES = (
    State(
        "asked", asks="how_was_it", shows="opening", expects="opinion", slot="comment",
        options=("pleased", "displeased", "no_more"),
    ),
    State("telling", asks="what_happened", expects="slot", slot="comment"),
    State("praised", final=True),
    State("complained", final=True),
    State("declined", final=True),
    State("expired", final=True),
)  # fmt: skip

ELSEWHERE = "interrupted consult_tickets menu restart"

# fmt: off
ROWS = (
    # in       on                                  goes to       when        doing
    Row("asked",   "begin",                            "asked"),
    Row("asked",   "pleased yes",                      "praised",    "",         "thank"),
    Row("asked",   "displeased",                       "complained", "told_why", "regret complain"),
    Row("asked",   "displeased no complaint",          "telling",    "",         "regret"),
    Row("asked",   "no_more cancel",                   "declined",   "",         "ask_no_more"),
    Row("asked",   "expire",                           "expired",    "",         "leave"),
    Row("asked",   ELSEWHERE,                          "@menu",      "",         "leave"),
    Row("telling", "told complaint request",           "complained", "",         "complain"),
    Row("telling", "no cancel thanks farewell expire", "complained", "",         "complain_anyway"),
    Row("telling", ELSEWHERE,                          "@menu",      "",         "complain_anyway"),
)
# fmt: on


def told_why(draft: Draft) -> bool:
    """More than “no” or “horrible”: nothing need be asked."""
    return len(str(draft.value("comment") or "").split()) > FEW_WORDS


def thank(draft: Draft) -> None:
    """The links of the platforms that these guests use, where the hotel has some."""
    links = segments.links(_segment(draft), of(draft))
    if links:
        draft.say("thanks_and_links", links="\n".join(links))
    else:
        draft.say("thanks")
    leave(draft)


def regret(draft: Draft) -> None:
    draft.say("sorry")
    draft.disarm(f"{booked.REVIEW.name}_reminder")


def complain(draft: Draft) -> None:
    """A ticket with the guest's own words."""
    draft.say("complaint_noted", number=_open(draft, str(draft.value("comment") or draft.event.text)))
    leave(draft)


def complain_anyway(draft: Draft) -> None:
    """The guest says no more: somebody should know all the same."""
    _open(draft, phrase(draft.before.desk.language, draft.flow, "no_details"))
    leave(draft)


def _open(draft: Draft, words: str) -> str:
    number = draft.ticket_number()
    content = {"booking": _content(draft).get("reference", ""), "after_stay": True, "given": draft.given()}
    draft.keep(TicketOpened(number, booked.COMPLAINT, words[:500], content))
    return number


def ask_no_more(draft: Draft) -> None:
    draft.notes[booked.NOT_ASKED] = True
    draft.say("not_asked_again")
    leave(draft)


def leave(draft: Draft) -> None:
    end(draft, booked.REVIEW)
    draft.forget("comment")


def opening(draft: Draft) -> Mapping[str, object]:
    """Thanks for the stay, in words for these guests."""
    house = draft.before.desk.name
    return {"opening": phrase(draft.language, draft.flow, f"opening_{_segment(draft)}", house=house)}


def _segment(draft: Draft) -> str:
    """The kind of guest; of a booking that is gone meanwhile, the usual one."""
    content = _content(draft)
    booking = booked.booking_of(draft, content) if content else None
    return booked.segment_of(draft, booking) if booking else "couple"


def _content(draft: Draft) -> Mapping[str, object]:
    content: Mapping[str, object] = draft.notes.get(booked.REVIEW.about, {})
    return content
