"""When steps do not help: more of them, or a technician, who gets a ticket and a WhatsApp message with the case."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from bot.desks.it.flows import cases, helping, steps
from bot.script import photos
from bot.script.draft import Draft
from bot.script.flow import Row, Standing, State
from bot.script.notes import CASE
from bot.script.phrases import phrase, title
from core.messages import Option
from core.turn import TicketOpened

VERSION = 1
ALSO = helping
MOST_TICKETS, WITHIN_S = 3, 3600.0
LONGEST_LINK_TEXT = 1600

STATES = (
    State("offering", asks="more_or_person", expects="choice", offers="ways_on"),
    State("confirming", asks="confirm_ticket", shows="summary", expects="yes_no", options=("confirm_ticket", "cancel")),
    State("sent", final=True),
    State("fixed", final=True),
    State("left", final=True),
)

BOTH = "offering confirming"

# fmt: off
ROWS = (
    # in            on                            goes to       when                     doing
    Row(BOTH,       "person confirm_ticket",      "offering",   "too_many_tickets",      "ask_to_wait"),
    Row("offering", "begin",                      "offering",   "person_wanted too_many_tickets", "ask_to_wait"),
    Row("offering", "begin",                      "confirming", "person_wanted",         "call_person"),
    Row("offering", "begin",                      "offering",   "nothing_helped too_many_tickets", "ask_to_wait"),
    Row("offering", "begin",                      "confirming", "nothing_helped",        "soften nothing_left call_person"),
    Row("offering", "begin",                      "offering",   "",                      "soften"),
    Row("offering", "more_tests",                 "@diagnosis", "more_left"),
    Row("offering", "person yes confirm_ticket",  "confirming", "",                      "call_person"),
    Row("offering", "more_tests",                 "confirming", "",                      "nothing_left call_person"),
    Row("offering", "frustrated persists",        "confirming", "",                      "soften call_person"),
    Row("offering", "no close farewell cancel thanks", "left",  "",                      "say_farewell"),

    Row("confirming", "yes confirm_ticket accept", "sent",      "",                      "open_ticket"),
    Row("confirming", "no cancel decline back",   "offering",   "",                      "leave_unopened"),
    Row("confirming", "close farewell",           "left",       "",                      "say_farewell"),

    Row(BOTH,       "solved",                     "fixed",      "",                      "congratulate"),
    Row(BOTH,       "told trouble",               "@menu",      "another_problem",       "turn_to_new"),
    Row("offering", "told trouble",               "confirming", "told_again",            "notice_loop call_person"),
    Row(BOTH,       "howto need_told",            "@menu",      "",                      "turn_to_new"),
    Row(BOTH,       "rephrase menu restart back", "@menu",      "",                      "begin_anew"),
    Row("offering", "photo",                      "offering",   "",                      "keep_photo"),
    Row("confirming", "photo",                    "confirming", "",                      "keep_photo"),
)
# fmt: on


# --- guards ---


def person_wanted(draft: Draft) -> bool:
    return draft.intent in ("person", "confirm_ticket")


def too_many_tickets(draft: Draft) -> bool:
    return len(_recent(draft)) >= MOST_TICKETS


def told_again(draft: Draft) -> bool:
    """The same problem once more, after all that was tried."""
    return "symptom" in draft.guesses and not too_many_tickets(draft)


def more_left(draft: Draft) -> bool:
    return steps.following(draft) != ""


def nothing_helped(draft: Draft) -> bool:
    """Every step for the problem was tried in vain."""
    return cases.problem(draft) is not None and not more_left(draft)


def _recent(draft: Draft) -> list[float]:
    """When tickets were opened in this conversation within the last hour."""
    now = draft.now.timestamp()
    return [at for at in helping.visitor(draft).get("tickets", ()) if now - at < WITHIN_S]


# --- effects ---


def call_person(draft: Draft) -> None:
    """Staff see who waits for them."""
    draft.want_person()


def notice_loop(draft: Draft) -> None:
    draft.say("going_in_circles")


def nothing_left(draft: Draft) -> None:
    draft.say("nothing_left")


def ask_to_wait(draft: Draft) -> None:
    minutes = max(1, round((WITHIN_S - (draft.now.timestamp() - _recent(draft)[0])) / 60))
    draft.say("too_many_tickets", minutes=minutes)


def leave_unopened(draft: Draft) -> None:
    draft.stop_waiting()
    draft.say("not_opened")


def open_ticket(draft: Draft) -> None:
    number = draft.ticket_number()
    content = {"given": draft.given(), **helping.details(draft)}
    draft.keep(TicketOpened(number, "help", _summary(draft)[:500], content))
    helping.remember(draft, tickets=[*_recent(draft), round(draft.now.timestamp(), 1)])
    draft.said.clear()
    draft.say("ticket_opened", number=number, at=_now(draft))
    link = _link(draft, number)
    if link:
        draft.say_link("talk_now", "talk_now", link)
    helping.end_case(draft)
    draft.notes.pop(CASE, None)


def _now(draft: Draft) -> str:
    """The time at the desk, with the name of its zone where the desk tells it."""
    zone = draft.desk_settings.zone
    return f"{draft.local_now:%d-%m-%Y %H:%M}" + (f" ({zone})" if zone else "")


def keep_photo(draft: Draft) -> None:
    photos.keep(draft)


def congratulate(draft: Draft) -> None:
    draft.stop_waiting()
    draft.say("solved", name=helping.name_of(draft))
    helping.end_case(draft)


# --- what is offered and shown ---

TRIED_ON = {"ways_on": cases.every_trial}


def ways_on(standing: Standing) -> Sequence[Option]:
    names = ("more_tests", "person", "close") if steps.following(standing) else ("person", "rephrase", "close")
    return [Option(name, title(standing.language, "escalation", name)) for name in names]


def summary(draft: Draft) -> Mapping[str, object]:
    tried = len(steps.tried(draft))
    told = phrase(draft.language, "escalation", "steps_tried", count=tried) if tried else ""
    return {"summary": _summary(draft)[:400], "name": helping.called(draft) or "—", "tried": told}


def _summary(draft: Draft) -> str:
    return helping.sum_up(draft) or phrase(draft.language, "escalation", "help_wanted")


def _link(draft: Draft, number: str) -> str:
    """A WhatsApp message to the technician, already written; "" for a desk without one."""
    phone = re.sub(r"\D", "", draft.desk_settings.technician)
    if not phone:
        return ""
    name = helping.called(draft) or phrase(draft.language, "escalation", "somebody")
    text = phrase(draft.language, "escalation", "to_technician", number=number, name=name, summary=_summary(draft))
    return f"https://wa.me/{phone}?text={quote(text[:400], safe='')[:LONGEST_LINK_TEXT]}"
