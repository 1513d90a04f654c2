"""Danger to people comes before every question: one instruction, an urgent ticket of what is known, and staff alerted."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.script.draft import Draft
from bot.script.notes import DANGER
from bot.script.phrases import LANGUAGES
from bot.script.phrases.regions import written_as
from core.turn import TicketOpened

GUESS = "danger"
LASTS = timedelta(minutes=30)
"""So long after it was told last, what the customer writes is about it, and no field is asked."""
ABOUT_IT = frozenset({"text", "image", "audio", "video", "location", "document", "contacts", "sticker"})
LEAVES = frozenset({"menu", "restart", "cancel", "close", "consult_tickets", "stop", "start"})
"""Who asks for one of these is done with it."""
LONGEST = 500


def act(draft: Draft) -> str:
    """Answer danger, in any desk and any state: before consent, language and name too."""
    guess = draft.guesses.pop(GUESS, None)
    if guess is not None and draft.event.content.get("for") != "image":  # words on a photo are no call for help
        _answer(draft, *str(guess.value).split("/"))
        return "danger"
    return _stay(draft)


def _answer(draft: Draft, kind: str, language: str) -> None:
    if language != written_as(draft.language) and language in LANGUAGES[draft.before.desk.menu]:
        draft.language = language
    known = _standing(draft)
    number = str(known["ticket"]) if known else draft.ticket_number()
    if not known:
        draft.keep(_ticket(draft, number, kind))
    draft.notes[DANGER] = {"ticket": number, "at": draft.now.isoformat()}
    draft.say(f"danger_{kind}", emergency=_number(draft))
    if not known:
        draft.say("danger_told", number=number)
    if draft.agent is None:
        draft.want_person()


def _ticket(draft: Draft, number: str, kind: str) -> TicketOpened:
    place = f"{draft.flow}.{draft.state}" if draft.flow else ""
    content = {"given": draft.given(), "danger": kind, "at": place}
    return TicketOpened(number, "danger", _words_of(draft)[:LONGEST], content, priority="urgent")


def _words_of(draft: Draft) -> str:
    """In the customer's words, which a voice note brings along."""
    return draft.event.text or str(draft.event.content.get("text") or "")


def _stay(draft: Draft) -> str:
    """Pass further messages on without asking; a customer who starts something else continues with that."""
    if not _standing(draft):
        return ""
    if draft.intent in LEAVES or draft.event.kind == "choice":
        draft.notes.pop(DANGER)
        return ""
    if draft.agent is not None or not draft.person_wanted or draft.event.kind not in ABOUT_IT:
        return ""
    draft.say("danger_noted", emergency=_number(draft))
    return "danger"


def _standing(draft: Draft) -> dict[str, str] | None:
    """The danger that was told a little while ago."""
    known: dict[str, str] | None = draft.notes.get(DANGER)
    return known if known and draft.now - datetime.fromisoformat(known["at"]) < LASTS else None


def _number(draft: Draft) -> str:
    """The emergency number of the desk's country."""
    return draft.desk_settings.emergency
