"""A refrigerator report: which equipment, what is wrong with it, and a ticket for the technician.

The equipment is found by its SAP number (typed, or read from a photo) and shown; only a
confirmed one is reported. Everything may come in any order; only what is missing is asked.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.desks.field import keeping
from bot.desks.field.flows import finding, reporting
from bot.desks.field.flows.finding import (
    code_missing,
    equipment_found,
    found,
    let_go_of_code,
    lines,
    none_of_these,
    offer_found,
    offer_reported,
    one_named,
    pick_named,
    refused_before,
    reported_before,
    tried_twice,
)
from bot.desks.field.understanding import gist
from bot.script.draft import Draft
from bot.script.flow import Row, State
from bot.script.forms import Field, Form, confirmed, matching, place, words
from core.turn import TicketOpened

VERSION = 1
TRIED_ON = {"found": finding.every_find}
__all__ = [
    "code_missing", "equipment_found", "found", "let_go_of_code", "lines", "none_of_these", "offer_found", "offer_reported", "one_named", "pick_named",
    "refused_before", "reported_before", "tried_twice",
]  # fmt: skip
ALSO = reporting

FORM = Form(
    fields=(
        Field("sap_code", matching(r"\d{5,10}"), or_else="no_code"),
        Field("problem", words(5, 2000), adds=True),
    ),
    extra=(
        Field("no_code", words(1, 200)),
        Field("urgent", words(1, 300)),
        Field("employee_number", matching(r"[0-9A-Za-z]{3,20}")),
        Field("address", words(5, 300)),
        Field("location", place),
    ),
)

STATES = (
    State("filling", asks=FORM, expects="slot"),
    State(
        "choosing_equipment", asks="which_of_these", expects="choice", slot="sap_code", offers="found", shows="lines"
    ),
    State(
        "confirming_equipment",
        asks="is_this_it",
        shows="equipment",
        expects="yes_no",
        slot="sap_code",
        options=("yes", "no"),
    ),
    State(
        "confirming_problem",
        asks="is_this_right",
        shows="summary",
        expects="yes_no",
        slot="problem",
        options=("yes", "no"),
    ),
    State(
        "already_open",
        asks="add_to_open",
        shows="open_report",
        expects="yes_no",
        slot="problem",
        options=("yes", "no"),
    ),
    State("reported", final=True),
)


def _ending(states: str, on: str, doing: str, when: str = "") -> tuple[Row, ...]:
    """Rows that end a report: with the next piece of equipment, where several were told at once."""
    return (
        Row(states, on, "confirming_equipment", f"{when} next_is_listed", f"{doing} take_next note_equipment"),
        Row(states, on, "filling", f"{when} another_waits", f"{doing} take_next refuse_code"),
        Row(states, on, "reported", when, doing),
    )


def _reporting(states: str, on: str, doing: str = "", when: str = "") -> tuple[Row, ...]:
    """Rows that report, unless a ticket for the same equipment is open: that is told first."""
    return (
        Row(states, on, "already_open", f"{when} has_open_report", f"{doing} say_open"),
        *_ending(states, on, f"{doing} report", when),
    )


CONFIRMING = "confirming_equipment confirming_problem"

# fmt: off
ROWS = (
    # in                        on                 goes to                 when                doing
    Row("filling",              "begin told",      "filling",              "code_not_found refused_before problem_missing", "let_go_of_code"),
    *_reporting("filling", "begin told", "let_go_of_code", "code_not_found refused_before"),
    Row("filling",              "begin told",      "filling",              "code_not_found",   "refuse_code"),
    Row("filling",              "begin told",      "confirming_equipment", "code_unconfirmed", "note_equipment"),
    Row("filling",              "begin told",      "choosing_equipment",   "code_missing equipment_found", "note offer_found"),
    Row("filling",              "begin told",      "filling",              "problem_missing",  "note"),
    Row("filling",              "begin told",      "filling",              "code_missing",     "note"),
    Row("filling",              "begin told",      "confirming_problem",   "problem_guessed"),
    *_reporting("filling", "begin told"),
    Row("filling",              "unclear help",    "choosing_equipment",   "code_missing equipment_found", "offer_found"),
    Row("filling",              "unclear help",    "choosing_equipment",   "code_missing reported_before", "offer_reported"),
    Row("filling",              "unclear help",    "filling",              "code_missing tried_twice problem_missing", "let_go_of_code"),
    Row("filling",              "unclear help",    "confirming_problem",   "code_missing tried_twice problem_guessed", "let_go_of_code"),
    *_reporting("filling", "unclear help", "let_go_of_code", "code_missing tried_twice"),
    Row("filling",              "correct",         "filling",              "nothing_new",      "ask_what_to_correct"),
    Row("filling",              "photo",           "filling",              "code_missing",     "look_at_photo"),
    Row("filling",              "photo",           "filling",              "problem_unseen",   "look_for_problem"),
    Row("filling",              "photo",           "filling",              "",                 "keep_photo"),
    Row("filling",              "back",            "filling",              "something_given",  "drop_last"),
    Row("filling",              "back",            "@menu"),
    Row("filling",              "report_vehicle",  "@vehicle",             "nothing_new"),

    Row("choosing_equipment",   "unclear yes",     "confirming_equipment", "one_named",        "pick_named note_equipment"),
    Row("choosing_equipment",   "told",            "filling",              "code_not_found",   "refuse_code"),
    Row("choosing_equipment",   "told",            "filling",              "picked problem_missing", "note_equipment accept_code"),
    Row("choosing_equipment",   "told",            "confirming_problem",   "picked problem_guessed", "note_equipment accept_code"),
    *_reporting("choosing_equipment", "told", "note_equipment accept_code", "picked"),
    Row("choosing_equipment",   "told",            "confirming_equipment", "code_unconfirmed", "note_equipment"),
    Row("choosing_equipment",   "told",            "choosing_equipment",   "",                 "note"),
    Row("choosing_equipment",   "unclear",         "choosing_equipment",   "equipment_found",  "offer_found"),
    Row("choosing_equipment",   "unclear help",    "filling",              "tried_twice problem_missing", "let_go_of_code"),
    Row("choosing_equipment",   "unclear help",    "confirming_problem",   "tried_twice problem_guessed", "let_go_of_code"),
    *_reporting("choosing_equipment", "unclear help", "let_go_of_code", "tried_twice"),
    Row("choosing_equipment",   "no back",         "filling",              "",                 "none_of_these"),
    Row("choosing_equipment",   "photo",           "filling",              "",                 "look_at_photo"),

    Row("confirming_equipment", "yes",             "filling",              "problem_missing",  "accept_code"),
    Row("confirming_equipment", "yes",             "confirming_problem",   "problem_guessed",  "accept_code"),
    *_reporting("confirming_equipment", "yes", "accept_code"),
    Row("confirming_equipment", "told",            "filling",              "code_not_found",   "refuse_code"),
    Row("confirming_equipment", "told",            "confirming_equipment", "",                 "note_equipment note"),
    Row("confirming_equipment", "correct",         "confirming_equipment", "corrects_another", "ask_what_to_correct"),
    Row("confirming_equipment", "no correct back", "filling",              "",                 "drop_code"),

    *_reporting("confirming_problem", "yes", "accept_problem"),
    Row("confirming_problem",   "told",            "filling",              "code_not_found",   "refuse_code"),
    Row("confirming_problem",   "told",            "confirming_equipment", "code_unconfirmed", "note_equipment"),
    Row("confirming_problem",   "told",            "confirming_problem",   "problem_guessed"),
    *_reporting("confirming_problem", "told"),
    Row("confirming_problem",   "correct",         "filling",              "corrects_another", "ask_what_to_correct"),
    Row("confirming_problem",   "no correct back", "filling",              "",                 "drop_problem"),

    *_ending("already_open",    "yes",             "add_to_report"),
    *_ending("already_open",    "no",              "report"),
    Row("already_open",         "told",            "already_open",         "",                 "note"),
    Row("already_open",         "back",            "filling",              "",                 "drop_problem"),
    Row("already_open",         "photo",           "already_open",         "",                 "keep_photo"),

    Row("confirming_equipment", "photo",           "confirming_equipment", "",                 "refuse_photo"),
    Row("confirming_problem",   "photo",           "confirming_problem",   "",                 "refuse_photo"),
)
# fmt: on


# --- guards ---


def code_not_found(draft: Draft) -> bool:
    return code_unconfirmed(draft) and _looked_up(draft) is None


def code_unconfirmed(draft: Draft) -> bool:
    code = draft.slots.get("sap_code")
    return code is not None and code.source != "confirmed"


def picked(draft: Draft) -> bool:
    """Chosen among what was offered, which shows it whole."""
    code = draft.slots.get("sap_code")
    return code is not None and draft.filling


def _looked_up(draft: Draft) -> Mapping[str, str] | None:
    found: Mapping[str, str] | None = draft.fact("equipment", draft.value("sap_code"))
    return found


# --- effects ---


def refuse_code(draft: Draft) -> None:
    draft.say("code_not_found", code=draft.value("sap_code"))
    draft.notes[finding.REFUSED] = draft.value("sap_code")
    draft.notes.pop("equipment", None)
    draft.forget("sap_code")


def note_equipment(draft: Draft) -> None:
    keeping.several(draft)
    draft.notes["equipment"] = dict(_looked_up(draft) or {})


def accept_code(draft: Draft) -> None:
    draft.slots["sap_code"] = confirmed(draft.slots["sap_code"])
    draft.say("equipment_accepted")


def drop_code(draft: Draft) -> None:
    draft.forget("sap_code")
    draft.say("another_code")


def report(draft: Draft) -> None:
    number, problem, equipment = draft.ticket_number(), keeping.summary(draft), draft.notes.get("equipment", {})
    draft.keep(TicketOpened(number, "refrigerator", problem, {"equipment": equipment, "given": draft.given()}))
    draft.said.clear()
    if equipment:
        draft.say("reported", number=number, problem=gist.of(problem), **_card(equipment))
    else:
        draft.say("reported_without_code", number=number, problem=gist.of(problem))
    draft.forget(*draft.slots)


# --- what the questions show ---


def equipment(draft: Draft) -> Mapping[str, object]:
    return _card(draft.notes.get("equipment", {}))


def summary(draft: Draft) -> Mapping[str, object]:
    return {**equipment(draft), "problem": gist.of(draft.value("problem"))}


def _card(found: Mapping[str, str]) -> dict[str, str]:
    return {part: str(found.get(part) or "—")[:80] for part in ("code", "model", "brand", "client", "place")}
