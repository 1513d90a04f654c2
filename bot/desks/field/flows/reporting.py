"""Shared parts of failure reports: guards and effects for the problem, corrections and photos."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.desks.field import keeping, same_thing
from bot.desks.field.keeping import OTHERS
from bot.desks.field.understanding import gist
from bot.script import photos
from bot.script.draft import Draft
from bot.script.forms import SURE, confirmed
from bot.script.notes import TRAIL
from bot.script.reports import OPEN
from core.session import Slot
from core.turn import TicketAdded

PLACE = ("address", "location")
"""Two ways of telling one thing: who takes one back takes back both."""

# --- guards ---


def problem_missing(draft: Draft) -> bool:
    return "problem" not in draft.slots


def problem_guessed(draft: Draft) -> bool:
    known = draft.slots.get("problem")
    return known is not None and known.confidence < SURE


def problem_unseen(draft: Draft) -> bool:
    """A photo may show what nobody has told yet, where there is somebody to see it."""
    return problem_missing(draft) and draft.ai_on


def something_given(draft: Draft) -> bool:
    return bool(_trail(draft))


def corrects_another(draft: Draft) -> bool:
    """“cambia la falla”, while the equipment is being confirmed."""
    return not draft.taken and _named(draft) not in ("", draft.before.asked)


def nothing_new(draft: Draft) -> bool:
    return not draft.taken


# --- a report that is open already, and several pieces of equipment ---


def has_open_report(draft: Draft) -> bool:
    """The same equipment is reported already, by the same customer, and nobody has settled it."""
    return _open_report(draft) is not None


def another_waits(draft: Draft) -> bool:
    return bool(draft.notes.get(OTHERS))


def next_is_listed(draft: Draft) -> bool:
    return another_waits(draft) and draft.fact("equipment", draft.notes[OTHERS][0][0]) is not None


def _open_report(draft: Draft) -> Mapping[str, Any] | None:
    code = draft.value("sap_code")
    mine: Sequence[Mapping[str, Any]] = draft.fact("tickets", "mine") if code else ()
    return next((ticket for ticket in mine if ticket["status"] in OPEN and same_thing.code_of(ticket) == code), None)


def say_open(draft: Draft) -> None:
    draft.said.clear()


def add_to_report(draft: Draft) -> None:
    """Add what was told to the report that is open."""
    found = _open_report(draft) or {}
    number, problem = str(found.get("number", "")), keeping.summary(draft)
    draft.keep(TicketAdded(number, problem))
    draft.said.clear()
    draft.say("case_added", number=number, text=gist.of(problem)[:120])
    draft.forget(*draft.slots)


def take_next(draft: Draft) -> None:
    """Go on with the next of several pieces of equipment."""
    (code, problem), *rest = draft.notes[OTHERS]
    draft.notes[OTHERS] = rest
    draft.slots["sap_code"] = Slot(code, 80, "rules")
    if problem:
        draft.slots["problem"] = Slot(problem, 80, "rules")
    draft.say("next_equipment", code=code, problem=gist.of(problem) or "—")


def open_report(draft: Draft) -> Mapping[str, object]:
    found = _open_report(draft) or {}
    return {"number": str(found.get("number", "")), "problem": gist.of(str(found.get("summary", "")))[:80]}


# --- effects ---


def note(draft: Draft) -> None:
    """Tell what was just understood, so that a mistake is seen at once."""
    corrects = draft.intent == "correct" or (draft.intent == "no" and not draft.said)
    if corrects and draft.taken:
        draft.say("corrected")
    elif "no_code" in draft.taken and not draft.said:
        draft.say("without_code")
    elif draft.taken and not draft.said and not keeping.name_kept(draft, "noted_problem"):
        draft.say("noted")


def accept_problem(draft: Draft) -> None:
    draft.slots["problem"] = confirmed(draft.slots["problem"])


def drop_problem(draft: Draft) -> None:
    draft.forget("problem")


def ask_what_to_correct(draft: Draft) -> None:
    """“cambia el código”, and no code: ask for it again; nothing named: ask what to change."""
    given = [slot for slot in _ways_of(_named(draft)) if slot in draft.slots]
    if given:
        draft.forget(*given)
        draft.say("ask_again")
    else:
        draft.say("what_to_correct")


def look_at_photo(draft: Draft) -> None:
    photos.look(draft, "code")


def look_for_problem(draft: Draft) -> None:
    photos.look(draft, "problem")


def keep_photo(draft: Draft) -> None:
    draft.want_photo("evidence")
    draft.say("photo_kept")


def refuse_photo(draft: Draft) -> None:
    draft.say("confirm_first")


def drop_last(draft: Draft) -> None:
    """Go one question back: what was given last is asked again."""
    draft.forget(*_ways_of(_trail(draft)[-1]))
    draft.say("one_back")


def _named(draft: Draft) -> str:
    """The slot that the customer wants to change."""
    named = draft.guesses.get("corrects")
    return str(named.value) if named is not None else ""


def _ways_of(slot: str) -> tuple[str, ...]:
    """The slot, with the other that tells the same."""
    return PLACE if slot in PLACE else (slot,)


def _trail(draft: Draft) -> list[str]:
    """The slots that are filled and still valid, in the order in which they came."""
    return [slot for slot in draft.notes.get(TRAIL, ()) if slot in draft.slots]
