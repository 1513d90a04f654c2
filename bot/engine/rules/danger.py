"""Danger to people comes before every question: one instruction, an urgent ticket of what is known, and staff alerted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from bot.engine.moves import flow_of, rest, rests
from bot.engine.rules import last_case, questions
from bot.nlu import aftercare
from bot.nlu.questions import GUESS as GUESS_OF_QUESTION
from bot.script import hours, phrases
from bot.script.draft import Draft
from bot.script.notes import DANGER, QUIET
from bot.script.phrases import FIRST_AID, LANGUAGES
from bot.script.phrases.regions import written_as
from core.turn import Sentence, TicketAdded, TicketOpened

GUESS = "danger"
MENACE = "menace"
"""The customer threatens us: nobody is in danger, and staff must know."""
LASTS = timedelta(minutes=30)
"""So long after it was told last, what the customer writes is about it, and no field is asked."""
ABOUT_IT = frozenset({"text", "image", "audio", "video", "location", "document", "contacts", "sticker"})
LEAVES = frozenset({"menu", "restart", "cancel", "close", "consult_tickets", "stop", "start"})
"""Intents that end it."""
LONGEST = 500
SAID_ANEW = timedelta(minutes=5)
"""So long what is told is noted in a word."""
NO_VALUES: Final = frozenset({"question", "choice", "mood"})
"""Guesses that say how something was said, and not what."""
NUMBERS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("injured", "child", "shock"), "ambulance"),
    **dict.fromkeys(("fire", "smoke", "gas"), "fire_brigade"),
    **dict.fromkeys(("robbery", "threat"), "police"),
}
"""The desk's setting that holds the number to call, by kind; `emergency` where the desk has none of its own for it."""


def act(draft: Draft) -> str:
    """Answer danger, in any desk and any state: before consent, language and name too."""
    guess = draft.guesses.pop(GUESS, None)
    if guess is None or draft.event.content.get("for") == "image":  # words on a photo are no call for help
        return _stay(draft)
    kind, _, language = str(guess.value).partition("/")
    if kind == MENACE:
        return _answer_menace(draft, language)
    _answer(draft, kind, language)
    return "danger"


def _answer(draft: Draft, kind: str, language: str) -> None:
    _speak(draft, language)
    known = _standing(draft)
    number = str(known["ticket"]) if known else draft.ticket_number()
    if not known:
        draft.keep(_ticket(draft, number, kind))
    elif said := _words_of(draft).strip()[:LONGEST]:
        draft.keep(TicketAdded(number, said))
    draft.notes[DANGER] = {"ticket": number, "at": draft.now.isoformat(), "kind": kind, "language": language}
    _say(draft, f"danger_{kind}", language, emergency=_number(draft, kind))
    if not known:
        _say(draft, "danger_told", language, number=number)
    _say_phone(draft, language)
    if draft.agent is None:
        draft.want_person()


def _say_phone(draft: Draft, language: str) -> None:
    """The desk's own number, or that of the person on call after hours; of a desk with a phrase for it (`danger_phone`)."""
    own, menu = draft.desk_settings, draft.before.desk.menu
    phone = own.on_call if own.on_call and hours.opens_next(draft) else own.phone
    if phone and phrases.has_own(language, menu, "danger_phone"):
        _say(draft, "danger_phone", language, phone=phone)


def _answer_menace(draft: Draft, language: str) -> str:
    """A threat against us goes to staff; no form goes on meanwhile."""
    draft.note = "threatens us"
    if draft.agent is not None:
        return ""
    _speak(draft, language)
    draft.want_person()
    draft.notes[QUIET] = True
    _say(draft, "danger_menace", language)
    return "danger"


def _speak(draft: Draft, language: str) -> None:
    """Go on in the language of the call for help, where the desk speaks it."""
    if language != written_as(draft.language) and language in LANGUAGES[draft.before.desk.menu]:
        draft.language = language


def _say(draft: Draft, key: str, language: str, **values: object) -> None:
    """The desk's own words, or else the house's, in the language of the call for help."""
    spoken = draft.language if written_as(draft.language) == language else language
    own = next((flow for flow in (draft.flow, draft.before.desk.menu) if phrases.has_own(spoken, flow, key)), FIRST_AID)
    draft.said.append(Sentence(key, phrases.phrase(spoken, own, key, **values)))


def _ticket(draft: Draft, number: str, kind: str) -> TicketOpened:
    place = f"{draft.flow}.{draft.state}" if draft.flow else ""
    content = {"given": {**draft.given(), **_in_the_call(draft)}, "danger": kind, "at": place}
    return TicketOpened(number, "danger", _words_of(draft)[:LONGEST], content, priority="urgent")


def _in_the_call(draft: Draft) -> dict[str, Any]:
    """Values found in the call for help itself: a code, a place."""
    return {
        name: {"value": _added(draft, name, guess.value), "confidence": guess.confidence, "source": guess.source}
        for name, guess in draft.guesses.items()
        if name not in NO_VALUES
    }


def _added(draft: Draft, name: str, value: object) -> object:
    """The value, behind what was told of it before, where that adds up."""
    before = draft.value(name)
    adds = bool(draft.flow) and name in flow_of(draft).form.adding
    return f"{before}; {value}" if adds and before and before != value else value


def _words_of(draft: Draft) -> str:
    """In the customer's words, which a voice note brings along."""
    return draft.event.text or str(draft.event.content.get("text") or "")


def _shown(draft: Draft) -> str:
    """The words of a message, or of what it shows: a place on the map, a photo."""
    words = _words_of(draft)
    if draft.event.kind == "location":
        return f"📍 {last_case.place_of(draft)}"
    if draft.event.kind == "image":
        draft.want_photo("evidence")
        return f"📷 {words}".strip()
    return words


def _comfort(draft: Draft, kind: str, known: Mapping[str, str]) -> str:
    """The instruction again for whoever asks for help; joy where it is over; else that it was noted, shortly the next time."""
    meant = aftercare.meant(draft.event.text)
    if draft.intent == "help":
        return f"danger_{kind}"
    if meant == "works":
        return "danger_over"
    if meant == "thanks" or draft.intent == "thanks":
        return "danger_thanked"
    noted_at = known.get("noted_at")
    again = noted_at and draft.now - datetime.fromisoformat(noted_at) < SAID_ANEW
    return "danger_noted_again" if again else "danger_noted"


def _stay(draft: Draft) -> str:
    """Pass further messages on without asking; a customer who starts something else continues with that."""
    known = _standing(draft)
    if not known:
        _let_lapse(draft)
        return ""
    if draft.intent in LEAVES or draft.event.kind == "choice":
        draft.notes.pop(DANGER)
        return ""
    if draft.agent is not None or not draft.person_wanted or draft.event.kind not in ABOUT_IT:
        return ""
    if told := _shown(draft).strip()[:LONGEST]:
        draft.keep(TicketAdded(known["ticket"], told))
    kind, language = known.get("kind", "injured"), known.get("language", written_as(draft.language))
    key = _comfort(draft, kind, known)
    draft.notes[DANGER] = {**known, "noted_at": draft.now.isoformat()}
    if asked := draft.guesses.get(GUESS_OF_QUESTION):
        questions.answer_briefly(draft, str(asked.value))
    _say(draft, key, language, emergency=_number(draft, kind))
    return "danger"


def _let_lapse(draft: Draft) -> None:
    """Rest the form that stood open before the call for help, unless the customer goes on with it."""
    if DANGER not in draft.notes or draft.event.kind != "text" or draft.agent is not None:
        return
    draft.notes.pop(DANGER)
    if not rests(draft) and not draft.guesses.keys() & flow_of(draft).form.checks.keys():
        rest(draft, "rested")
        draft.hush()


def _standing(draft: Draft) -> dict[str, str] | None:
    """The danger that was told a little while ago."""
    known: dict[str, str] | None = draft.notes.get(DANGER)
    return known if known and draft.now - datetime.fromisoformat(known["at"]) < LASTS else None


def _number(draft: Draft, kind: str) -> str:
    """The number to call at the desk's place."""
    own = getattr(draft.desk_settings, NUMBERS.get(kind, "emergency"))
    return str(own or draft.desk_settings.emergency)
