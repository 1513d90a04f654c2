"""After the ticket: what a customer may do with a case that is open, and is asked before it is done.

The rule `bot/engine/rules/last_case.py` leads here, from a conversation that rests.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.script import reports
from bot.script.draft import Draft
from bot.script.flow import Row, State
from bot.script.forms import Form
from bot.script.notes import ABOUT_CASE
from bot.script.phrases import phrase
from core.reading import Guess
from core.turn import TicketAdded, TicketChanged

VERSION = 1
PATIENT = True

FORM = Form()

STATES = (
    State("is_it_this", asks="is_it_this", shows="case", expects="yes_no", options=("yes", "no")),
    State("about_it", asks="what_about_it", shows="case", expects="choice", options=("case_when", "cancel", "case_other")),
    State("cancelling", asks="really_cancel", shows="case", expects="yes_no", options=("yes", "no")),
    State("solving", asks="really_solved", shows="case", expects="yes_no", options=("yes", "no")),
    State("settled", final=True),
)  # fmt: skip

ASKED = "is_it_this about_it"

# fmt: off
ROWS = (
    # in           on             goes to       when         doing
    Row("is_it_this", "yes",       "settled",    "told_it",   "add_told"),
    Row("is_it_this", "yes",       "about_it"),
    Row("is_it_this", "no",        "@menu",      "",          "take_up_told"),
    Row("is_it_this", "case_other", "@menu"),
    Row("about_it",   "case_other no", "@menu"),
    Row(ASKED,        "case_when", "settled",    "",          "tell_when"),
    Row(ASKED,        "cancel",    "cancelling"),
    Row(ASKED,        "solved",    "solving"),
    Row("cancelling", "yes cancel", "@menu",     "in_midst",  "cancel_it"),
    Row("cancelling", "yes cancel", "settled",   "",          "cancel_it"),
    Row("cancelling", "no back",   "@menu",      "in_midst",  "leave_it"),
    Row("cancelling", "no back",   "settled",    "",          "leave_it"),
    Row("solving",    "yes",       "settled",    "",          "solve_it"),
    Row("solving",    "no back",   "settled",    "",          "leave_it"),
)
# fmt: on


# --- guards ---


def told_it(draft: Draft) -> bool:
    return bool(_about(draft).get("told"))


def in_midst(draft: Draft) -> bool:
    """True when a report was interrupted to cancel another."""
    return bool(draft.slots)


# --- effects ---


def add_told(draft: Draft) -> None:
    """Add to this case what was told before the question."""
    text = str(_about(draft)["told"])
    draft.keep(TicketAdded(_number(draft), text))
    draft.say("case_added", number=_number(draft), text=text[:120])


def take_up_told(draft: Draft) -> None:
    """It is another case: what was told before the question is told now."""
    told: dict[str, Any] = draft.notes.get(ABOUT_CASE, {}).get("guesses") or {}
    draft.guesses |= {name: Guess(*guess) for name, guess in told.items()}
    draft.notes.pop(ABOUT_CASE, None)


def tell_when(draft: Draft) -> None:
    """How it stands, and when somebody comes, where that is known."""
    case = draft.fact("tickets", _number(draft))
    if case["status"] in reports.OPEN:
        draft.say("case_stands", line=reports.in_a_line(draft, case))
    else:
        draft.say("case_is_over", number=_number(draft), sentence=_sentence(draft, case["status"]))


def cancel_it(draft: Draft) -> None:
    _settle(draft, "cancelled", "case_cancelled")


def solve_it(draft: Draft) -> None:
    _settle(draft, "resolved", "case_solved")


def leave_it(draft: Draft) -> None:
    draft.say("case_left", number=_number(draft))


def _settle(draft: Draft, status: str, phrase_key: str) -> None:
    """Only what still waits is settled by its customer; where somebody is at work on it, a person hears of it."""
    stands = draft.fact("own_ticket", _number(draft))
    if stands is None or stands["status"] != "pending":
        draft.want_person()
        draft.say("case_told_people", number=_number(draft))
        return
    draft.keep(TicketChanged(_number(draft), "status", stands["status"], status, "customer"))
    draft.say(phrase_key, number=_number(draft))


# --- what the questions show ---


def case(draft: Draft) -> Mapping[str, object]:
    return {"number": _number(draft), "what": str(_about(draft).get("what") or "")}


def _about(draft: Draft) -> Mapping[str, object]:
    found: Mapping[str, object] = draft.notes.get(ABOUT_CASE) or {}
    return found


def _number(draft: Draft) -> str:
    return str(_about(draft).get("number") or "")


def _sentence(draft: Draft, status: str) -> str:
    known = status if status in ("resolved", "cancelled") else "other"
    return phrase(draft.language, "tickets", f"sentence_{known}")
