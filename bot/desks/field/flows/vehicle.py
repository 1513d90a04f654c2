"""A vehicle report: who drives, which unit, what is wrong, and where help must go.

The place is a location pin or an address. With a pin, the nearest service centre and
its opening hours give the time of arrival; with an address alone no time is promised.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.desks.field import arrival, sap_codes
from bot.desks.field.flows import reporting
from bot.script.draft import Draft
from bot.script.flow import Row, State
from bot.script.forms import Field, Form, matching, place, words
from bot.script.phrases import phrase
from core.turn import TicketOpened

VERSION = 1
ALSO = reporting

FORM = Form(
    fields=(
        Field("employee_number", matching(r"[0-9A-Za-z]{3,20}")),
        Field("sap_code", matching(r"\d{5,10}")),
        Field("problem", words(5, 500)),
        Field("address", words(5, 300), or_else="location", by="location_request"),
    ),
    extra=(Field("location", place),),
)

STATES = (
    State("filling", asks=FORM, shows="digits", expects="slot"),
    State(
        "confirming_problem",
        asks="is_this_right",
        shows="summary",
        expects="yes_no",
        slot="problem",
        options=("yes", "no"),
    ),
    State("reported", final=True),
)

# fmt: off
ROWS = (
    # in                      on                     goes to               when               doing
    Row("filling",            "begin told",          "filling",            "code_not_listed", "refuse_code"),
    Row("filling",            "begin told",          "filling",            "incomplete",      "note"),
    Row("filling",            "begin told",          "confirming_problem", "problem_guessed"),
    Row("filling",            "begin told",          "reported",           "",                "report"),
    Row("filling",            "correct",             "filling",            "nothing_new",     "ask_what_to_correct"),
    Row("filling",            "photo",               "filling",            "problem_unseen",  "look_for_problem"),
    Row("filling",            "photo",               "filling",            "",                "keep_photo"),
    Row("filling",            "back",                "filling",            "something_given", "drop_last"),
    Row("filling",            "back",                "@menu"),
    Row("filling",            "report_refrigerator", "@refrigerator",      "nothing_new"),

    Row("confirming_problem", "yes",                 "reported",           "",                "accept_problem report"),
    Row("confirming_problem", "told",                "filling",            "code_not_listed", "refuse_code"),
    Row("confirming_problem", "told",                "confirming_problem", "problem_guessed", "note"),
    Row("confirming_problem", "told",                "reported",           "",                "report"),
    Row("confirming_problem", "correct",             "filling",            "corrects_another", "ask_what_to_correct"),
    Row("confirming_problem", "no correct back",     "filling",            "",                "drop_problem"),
    Row("confirming_problem", "photo",               "confirming_problem", "",                "refuse_photo"),
)
# fmt: on


# --- guards ---


def incomplete(draft: Draft) -> bool:
    return FORM.missing(draft.slots) is not None


def code_not_listed(draft: Draft) -> bool:
    """Only a desk with a list of its vehicles can tell."""
    code = draft.value("sap_code")
    return code is not None and draft.fact("vehicle", code) is False


# --- effects ---


def refuse_code(draft: Draft) -> None:
    draft.say("code_not_found", code=draft.value("sap_code"))
    draft.forget("sap_code")


def report(draft: Draft) -> None:
    number, problem, help_comes = draft.ticket_number(), draft.value("problem"), arrival.expected(draft)
    draft.keep(TicketOpened(number, "vehicle", problem, {"arrival": help_comes, "given": draft.given()}))
    draft.said.clear()
    draft.say("reported", number=number, code=draft.value("sap_code"), problem=problem, place=_place(draft))
    if help_comes:
        arrival.announce(draft, help_comes)
    draft.say("keep_number")
    draft.forget(*draft.slots)


# --- what the questions show ---


def digits(draft: Draft) -> Mapping[str, object]:
    return sap_codes.digits_of(draft)


def summary(draft: Draft) -> Mapping[str, object]:
    return {
        "employee": draft.value("employee_number"),
        "code": draft.value("sap_code"),
        "problem": draft.value("problem"),
        "place": _place(draft),
    }


def _place(draft: Draft) -> str:
    """In words; nobody reads coordinates, which are for whoever drives there."""
    return str(draft.value("address") or phrase(draft.language, "vehicle", "place_sent"))
