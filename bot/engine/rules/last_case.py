"""After the ticket: for a while, what a customer writes belongs to the last case, unless it says otherwise.

It may be added to, asked about, and taken back; nothing is said to be done that is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from textwrap import shorten
from typing import Any

from bot.desks import serving
from bot.engine.moves import advance, clear, go, rest, rests
from bot.engine.rules import questions as asked
from bot.engine.rules.cancelling import FLOW, LONGEST, OPEN, ask, cancel, stands, tell_people
from bot.nlu import aftercare, questions
from bot.script.draft import Draft
from bot.script.notes import ABOUT_CASE, LAST_CASE
from core.turn import TicketAdded, TicketOpened

ADDS = frozenset({"", "correct"})
"""Intents that add something to what was told."""
URGENT = "danger"
"""The kind of a call for help: people look after it, so its customer adds to it and settles nothing."""
CONFIRMING = ("cancelling", "solving")


def answer(draft: Draft) -> str:
    """Take what the customer writes, shows or asks as about the last case, while nothing else is under way."""
    if not draft.from_customer or draft.agent is not None or not (stands(draft) or rests(draft)):
        return ""
    case = _last(draft)
    if case is None:
        return _leave(draft)
    if draft.event.kind in ("image", "location"):
        return _show(draft, case) if case["status"] in OPEN else ""
    if draft.event.kind != "text":
        return ""
    return _confirm(draft, case) if stands(draft) and draft.state in CONFIRMING else _take_text(draft, case)


def _confirm(draft: Draft, case: Mapping[str, Any]) -> str:
    """The flow takes a yes or a no; another ticket that is named is another question, and anything else leaves this one."""
    named = draft.guesses.get("ticket_number")
    if draft.intent == "cancel" and named is not None and named.value != case["number"]:
        cancel(draft, str(named.value))
        return "cancel"
    return "" if draft.intent in ("yes", "no", "back", "cancel") else _take_text(draft, case)


def remember(draft: Draft) -> None:
    """Keep which ticket was opened last."""
    opened = [each.number for each in draft.records if isinstance(each, TicketOpened)]
    if opened:
        draft.notes[LAST_CASE] = {"number": opened[-1], "at": draft.now.isoformat()}


def _take_text(draft: Draft, case: Mapping[str, Any]) -> str:
    """The answer to a text; "" where it is about something else."""
    meant = aftercare.meant(draft.event.text)
    about = _about(draft, case)
    if stands(draft) and (draft.intent in ("yes", "no") or "choice" in draft.guesses):
        return ""
    if about == "other" or "choice" in draft.guesses:
        return _leave(draft)
    if meant == "when" and case["status"] not in OPEN:
        draft.guesses.pop(questions.GUESS, None)
    if questions.GUESS in draft.guesses:
        return _leave(draft) if not stands(draft) else ""
    if meant == "when":
        if case["kind"] == URGENT:
            draft.keep(TicketAdded(str(case["number"]), draft.event.text.strip()[:LONGEST]))
        _say_how_it_stands(draft, case)
        return "case_when"
    if case["status"] not in OPEN and draft.intent != "cancel":
        return _last_words(draft, meant)
    solved = (meant == "works" or draft.intent == "solved") and case["status"] in OPEN
    for means, act in ((solved, _solve), (draft.intent == "cancel", _cancel), (about == "same", _doubt)):
        if means:
            act(draft, case)
            return "case"
    return _chat(draft, case, meant)


def _about(draft: Draft, case: Mapping[str, Any]) -> str:
    """The desk's word on it; of a desk that says nothing, what its customers come for is another case."""
    desk = serving(draft.before.desk)
    if desk.about is not None:
        return desk.about(draft, case)
    return "other" if draft.intent in desk.interrupts else ""


def _last_words(draft: Draft, meant: str) -> str:
    """A thank-you or an "ok" when all is done; anything else begins anew."""
    if draft.intent != "yes" and (draft.intent or meant not in ("thanks", "works")):
        return _leave(draft)
    draft.say("welcome_anytime", name=draft.called)
    rest(draft, "rested")
    return "thanks"


def _chat(draft: Draft, case: Mapping[str, Any], meant: str) -> str:
    if draft.intent == "greeting":
        draft.say("case_hello", name=draft.called)
        ask(draft, "is_it_this", _note(case))
        return "greeting"
    if meant == "thanks" and draft.intent in ("", "yes", "thanks"):
        draft.say("case_thanks", name=draft.called, number=case["number"])
        rest(draft, "rested")
        return "thanks"
    if draft.intent == "yes":
        draft.say("case_ok", number=case["number"])
        rest(draft, "rested")
        return "case"
    adds = draft.intent in ADDS | serving(draft.before.desk).interrupts or (
        draft.intent == "help" and questions.asks(draft.event.text)
    )
    return _add(draft, case, meant) if (adds or meant == "adds") and draft.event.text.strip() else _leave(draft)


def _add(draft: Draft, case: Mapping[str, Any], meant: str) -> str:
    text = draft.event.text.strip()[:LONGEST]
    if _wants_to_change(draft):
        draft.say("case_tell_change", number=case["number"])
        rest(draft, "rested")
        return "case"
    draft.keep(TicketAdded(str(case["number"]), text))
    if questions.asks(text) and meant != "adds":
        asked.not_known(draft)
    else:
        key = "case_corrected" if draft.intent == "correct" else "case_added"
        draft.say(key, number=case["number"], text=text[:120])
    rest(draft, "rested")
    return "case_added"


def _wants_to_change(draft: Draft) -> bool:
    """“cambia el problema de mi reporte”, and not yet to what."""
    named = draft.guesses.get("corrects")
    return draft.intent == "correct" and named is not None and str(named.value) not in draft.guesses


def _show(draft: Draft, case: Mapping[str, Any]) -> str:
    """A photo, or a place on the map."""
    caption = draft.event.text.strip()[:LONGEST]
    if draft.event.kind == "image":
        draft.want_photo("evidence")
        draft.keep(TicketAdded(str(case["number"]), f"📷 {caption}".strip()))
        draft.say("case_photo", number=case["number"])
    else:
        draft.keep(TicketAdded(str(case["number"]), f"📍 {place_of(draft)}"))
        draft.say("case_place", number=case["number"])
    rest(draft, "rested")
    return "case_added"


def place_of(draft: Draft) -> str:
    """A place on the map in words: its name, its address, and where it is."""
    content = draft.event.content
    parts = (content.get("name"), content.get("address"), f"{content.get('latitude')}, {content.get('longitude')}")
    return " · ".join(str(part) for part in parts if part)[:LONGEST]


def _say_how_it_stands(draft: Draft, case: Mapping[str, Any]) -> None:
    """How it stands, and that is all that is known."""
    go(draft, FLOW, "about_it")
    draft.notes[ABOUT_CASE] = _note(case)
    advance(draft, "case_when")
    clear(draft)


def _solve(draft: Draft, case: Mapping[str, Any]) -> None:
    if case["status"] != "pending" or case["kind"] == URGENT:
        tell_people(draft, str(case["number"]))
        return
    ask(draft, "about_it", _note(case))
    advance(draft, "solved")


def _cancel(draft: Draft, case: Mapping[str, Any]) -> None:
    named = draft.guesses.get("ticket_number")
    cancel(draft, str(named.value if named else case["number"]))


def _doubt(draft: Draft, case: Mapping[str, Any]) -> None:
    """The same kind of thing again: is it this case, or another?"""
    guesses = {name: [guess.value, guess.confidence, guess.source] for name, guess in draft.guesses.items()}
    ask(draft, "is_it_this", {**_note(case), "told": draft.event.text.strip()[:LONGEST], "guesses": guesses})


def _note(case: Mapping[str, Any]) -> dict[str, Any]:
    return {"number": case["number"], "what": shorten(str(case.get("summary") or ""), 80, placeholder="…")}


def _last(draft: Draft) -> Mapping[str, Any] | None:
    """The ticket that is asked about, or else the last one, while it is remembered; None when it is no longer."""
    number = _asked_about(draft) if stands(draft) else _remembered(draft)
    found: Mapping[str, Any] | None = draft.fact("tickets", number) if number else None
    return found if found and found.get("mine") else None


def _asked_about(draft: Draft) -> str:
    heard_at = draft.before.heard_at
    late = heard_at is None or draft.now - heard_at > _lasts(draft)
    return "" if late else str(draft.notes.get(ABOUT_CASE, {}).get("number", ""))


def _remembered(draft: Draft) -> str:
    last: Mapping[str, str] | None = draft.notes.get(LAST_CASE)
    if last is None or draft.now - datetime.fromisoformat(last["at"]) > _lasts(draft):
        return ""
    return last["number"]


def _lasts(draft: Draft) -> timedelta:
    return timedelta(hours=draft.desk_settings.remember_h)


def _leave(draft: Draft) -> str:
    """It is about something else: nothing is asked about the case any more, and what was given before is kept."""
    if stands(draft) and draft.slots:
        go(draft, draft.before.desk.menu)
    elif stands(draft):
        rest(draft, "rested")
        draft.asking = draft.moved = False
    return ""
