"""The menu: where a conversation begins and comes back to.

It hears a fault that is told at once and goes straight to the right report with it;
when the equipment was only guessed, it asks which one.
"""

from __future__ import annotations

from bot.desks.field import keeping
from bot.desks.field.flows import finding
from bot.script import photos
from bot.script.draft import Draft
from bot.script.flow import Row, State
from bot.script.forms import Field, Form, matching, place, words
from core import ticket_numbers

VERSION = 1

FORM = Form(
    extra=(
        Field("sap_code", matching(r"\d{5,10}")),
        Field("employee_number", matching(r"[0-9A-Za-z]{3,20}")),
        Field("problem", words(5, 2000), adds=True),
        Field("address", words(5, 300)),
        Field("urgent", words(1, 300)),
        Field("location", place),
        Field("ticket_number", ticket_numbers.read),
    )
)

STATES = (
    State(
        "waiting",
        asks="which_equipment",
        expects="choice",
        options=("report_refrigerator", "report_vehicle", "consult_tickets"),
    ),
    State("maybe_refrigerator", asks="is_it_refrigerator", expects="yes_no", options=("yes", "report_vehicle")),
    State("maybe_vehicle", asks="is_it_vehicle", expects="yes_no", options=("yes", "report_refrigerator")),
    State("rested", final=True),
    State("cancelled", final=True),
    State("timed_out", final=True),
    State("closed", final=True),
)

ASKING = "waiting maybe_refrigerator maybe_vehicle"
TOLD = "begin told report_fault report_refrigerator report_vehicle"

# fmt: off
ROWS = (
    # in                      on                         goes to               when                    doing
    Row(ASKING,               "consult_tickets",         "@tickets"),
    Row(ASKING,               "begin told",              "@tickets",           "ticket_named"),
    Row(ASKING,               TOLD,                      "@refrigerator",      "code_is_listed",       "understand"),
    Row(ASKING,               TOLD,                      "maybe_refrigerator", "perhaps_refrigerator", "understand"),
    Row(ASKING,               TOLD,                      "maybe_vehicle",      "perhaps_vehicle",      "understand"),
    Row(ASKING,               TOLD,                      "@refrigerator",      "surely_refrigerator",  "understand"),
    Row(ASKING,               TOLD,                      "@vehicle",           "surely_vehicle",       "understand"),
    Row("maybe_refrigerator", "told report_fault",       "maybe_refrigerator", "",                     "understand"),
    Row("maybe_vehicle",      "told report_fault",       "maybe_vehicle",      "",                     "understand"),
    Row("maybe_refrigerator", "yes",                     "@refrigerator"),
    Row("maybe_refrigerator", "no",                      "waiting"),
    Row("maybe_vehicle",      "yes",                     "@vehicle"),
    Row("maybe_vehicle",      "no",                      "waiting"),
    Row("waiting",            "photo",                   "waiting",            "",                     "look_at_photo"),
    Row("waiting",            "code_read",               "@refrigerator"),
    Row("waiting",            "no",                      "rested",             "was_asked",            "say_goodbye"),
    Row("waiting",            "begin greeting",          "@refrigerator",      "shop_named",           "welcome"),
    Row("waiting",            "told report_fault",       "@refrigerator",      "shop_named",           "understand"),
    Row("waiting",            "begin told report_fault", "waiting",            "number_unknown",       "name_number"),
    Row("waiting",            "begin greeting",          "waiting",            "nothing_told",         "welcome"),
    Row("waiting",            "begin told report_fault", "waiting",            "",                     "understand"),
)
# fmt: on


# --- guards ---


def ticket_named(draft: Draft) -> bool:
    return "ticket_number" in draft.taken


def code_is_listed(draft: Draft) -> bool:
    """A code tells the equipment, where it is one of the refrigerators we know and no vehicle was named."""
    if _kind(draft) == ("vehicle", True):
        return False
    return "sap_code" in draft.taken and draft.fact("equipment", draft.value("sap_code")) is not None


def perhaps_refrigerator(draft: Draft) -> bool:
    return _kind(draft) == ("refrigerator", False)


def perhaps_vehicle(draft: Draft) -> bool:
    return _kind(draft) == ("vehicle", False)


def surely_refrigerator(draft: Draft) -> bool:
    return _kind(draft) == ("refrigerator", True)


def surely_vehicle(draft: Draft) -> bool:
    return _kind(draft) == ("vehicle", True)


def nothing_told(draft: Draft) -> bool:
    return not draft.taken and draft.intent != "report_fault"


def number_unknown(draft: Draft) -> bool:
    """A number that is none of the equipment we know, and nothing to tell what it belongs to."""
    return "sap_code" in draft.taken


def shop_named(draft: Draft) -> bool:
    """The shop or the place of equipment we know, and nothing to tell what it is about."""
    told = len(draft.event.text.split()) > FEW_WORDS and "sap_code" not in draft.taken
    return told and bool(finding.by_words(draft))


def was_asked(draft: Draft) -> bool:
    return not draft.woken


FEW_WORDS = 2
"""So few words name no shop beside a greeting."""
CERTAIN = 70
"""A kind of equipment less sure than this is asked about."""


def _kind(draft: Draft) -> tuple[str, bool]:
    """The equipment this event is about, and whether that is certain."""
    guess = draft.guesses.get("equipment_kind")
    if guess is not None and guess.value in ("refrigerator", "vehicle"):
        return guess.value, guess.confidence >= CERTAIN
    chosen = {"report_refrigerator": "refrigerator", "report_vehicle": "vehicle"}.get(draft.intent, "")
    return chosen, True


# --- effects ---


def welcome(draft: Draft) -> None:
    if not draft.said:  # who was just shown a ticket is no newcomer
        draft.say("welcome", desk=draft.before.desk.name, name=draft.called)


def understand(draft: Draft) -> None:
    if not keeping.name_kept(draft, "understood_problem") and draft.event.kind != "choice":
        draft.say("understood")


def name_number(draft: Draft) -> None:
    keeping.name_kept(draft, "understood_problem")
    draft.say("number_unknown", number=draft.value("sap_code"))


def look_at_photo(draft: Draft) -> None:
    photos.look(draft, "fault" if draft.ai_on else "code")


def say_goodbye(draft: Draft) -> None:
    draft.say("goodbye")
