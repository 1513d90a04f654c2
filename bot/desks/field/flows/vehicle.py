"""A vehicle report: who drives, which unit, what is wrong, and where help must go.

The place is a location pin or an address. With a pin, the nearest service centre and
its opening hours give the time of arrival; with an address alone no time is promised.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.desks.field import arrival, keeping, sap_codes
from bot.desks.field.flows import reporting
from bot.desks.field.flows.finding import described, let_go_of_code, tried_twice
from bot.desks.field.understanding import gist
from bot.script.draft import Draft
from bot.script.flow import Row, State
from bot.script.forms import Field, Form, matching, place, words
from bot.script.phrases import phrase
from core.session import Slot
from core.turn import TicketOpened

VERSION = 1
__all__ = ["described", "let_go_of_code", "tried_twice"]
ALSO = reporting

FORM = Form(
    fields=(
        Field("employee_number", matching(r"[0-9A-Za-z]{3,20}"), or_else="no_employee"),
        Field("sap_code", matching(r"\d{5,10}"), or_else="no_code"),
        Field("problem", words(5, 2000), adds=True),
        Field("address", words(5, 300), or_else="location", by="location_request"),
    ),
    extra=(
        Field("location", place),
        Field("no_employee", words(1, 200)),
        Field("no_code", words(1, 200)),
        Field("urgent", words(1, 300)),
    ),
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
    Row("filling",            "unclear help",        "filling",            "code_asked described", "let_go_of_code"),
    Row("filling",            "unclear help",        "filling",            "code_asked tried_twice", "let_go_of_code"),
    Row("filling",            "unclear help",        "filling",            "employee_asked tried_twice", "let_go_of_employee"),
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


def code_asked(draft: Draft) -> bool:
    """The code is what is asked, and something remains to be asked after it."""
    return FORM.missing(draft.slots) == FORM.fields[1] and len(_open(draft)) > 1


def employee_asked(draft: Draft) -> bool:
    return FORM.missing(draft.slots) == FORM.fields[0] and len(_open(draft)) > 1


def _open(draft: Draft) -> list[str]:
    """The fields that are not given yet."""
    return [each.slot for each in FORM.fields if each.slot not in draft.slots and each.or_else not in draft.slots]


def code_not_listed(draft: Draft) -> bool:
    """Only a desk with a list of its vehicles can tell."""
    code = draft.value("sap_code")
    return code is not None and draft.fact("vehicle", code) is False


# --- effects ---


def let_go_of_employee(draft: Draft) -> None:
    """The report goes on without an employee number."""
    draft.slots["no_employee"] = Slot(" ".join(draft.event.text.split())[:200] or "—", 60, "told")
    draft.say("without_employee")


def refuse_code(draft: Draft) -> None:
    draft.say("code_not_found", code=draft.value("sap_code"))
    draft.forget("sap_code")


def report(draft: Draft) -> None:
    number, problem, help_comes = draft.ticket_number(), keeping.summary(draft), arrival.expected(draft)
    draft.keep(TicketOpened(number, "vehicle", problem, {"arrival": help_comes, "given": draft.given()}))
    draft.said.clear()
    draft.say("reported", number=number, code=_code(draft), problem=gist.of(problem), place=_place(draft))
    if help_comes:
        arrival.announce(draft, help_comes)
    draft.say("keep_number")
    draft.forget(*draft.slots)


# --- what the questions show ---


def digits(draft: Draft) -> Mapping[str, object]:
    return sap_codes.digits_of(draft)


def summary(draft: Draft) -> Mapping[str, object]:
    return {
        "employee": draft.value("employee_number") or "—",
        "code": _code(draft),
        "problem": gist.of(draft.value("problem")),
        "place": _place(draft),
    }


def _code(draft: Draft) -> str:
    """The code, or what was said in its place."""
    return str(draft.value("sap_code") or draft.value("no_code") or "—")[:80]


def _place(draft: Draft) -> str:
    """In words; nobody reads coordinates, which are for whoever drives there."""
    return str(draft.value("address") or phrase(draft.language, "vehicle", "place_sent"))
