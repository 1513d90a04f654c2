"""Shared parts of the IT desk's flows: the form, the visitor, and words with one meaning in all flows."""

from __future__ import annotations

from typing import Any

from bot.desks.it import knowledge, settings
from bot.desks.it.flows import cases, steps
from bot.desks.it.knowledge import DEVICES, GROUPS, GUIDES, SYMPTOMS
from bot.desks.it.knowledge.entries import SYSTEMS
from bot.script import photos
from bot.script.draft import Draft
from bot.script.flow import Standing
from bot.script.forms import Field, Form, one_of, words
from bot.script.notes import VISITOR
from bot.script.phrases import phrase
from core import pii
from core.reading import Guess
from core.session import Slot

FORM = Form(
    extra=(
        Field("name", words(2, 62)),
        Field("device", one_of(*DEVICES, *GROUPS)),
        Field("symptom", one_of(*SYMPTOMS)),
        Field("problem", words(3, 800), adds=True),
        Field("details", words(3, 800), adds=True),
        Field("need", one_of("problem", "howto")),
        Field("topic", one_of(*GUIDES)),
        Field("system", one_of(*SYSTEMS)),
        Field("brand", words(2, 20)),
    )
)
FRUSTRATED = "frustrated"
MOST_OTHERS = 3
SAME_DEVICE = 60
"""How sure it is that what is told next is of the same device."""


# --- who is there ---


def visitor(draft: Draft) -> dict[str, Any]:
    """The visitor's data, kept for the length of the session."""
    return dict(draft.notes.get(VISITOR) or {})


def remember(draft: Draft, **what: Any) -> None:
    draft.notes[VISITOR] = {**visitor(draft), **what}


def sum_up(draft: Draft) -> str:
    """The case in a line, as a technician reads it; "" when nothing was told."""
    return " · ".join(part for part in (_story(draft), *others(draft)) if part)


def _story(standing: Standing) -> str:
    """The device, what is wrong with it, and in which words; "" when nothing was told."""
    own_words = cases.given(standing, "problem") or cases.given(standing, "details")
    head = cases.labels(standing) or (phrase(standing.language, "escalation", "help_wanted") if own_words else "")
    return f"{head} — “{pii.mask(own_words)}”" if own_words else head


def others(draft: Draft) -> list[str]:
    """Other problems of this visit, left for the one that came after them."""
    told: list[str] = cases.note(draft).get("others", [])
    return told


def details(draft: Draft) -> dict[str, Any]:
    """The ticket's person and the steps that were tried in vain."""
    return {
        "name": called(draft),
        "device": cases.device(draft),
        "symptom": cases.symptom(draft),
        "tried": steps.tried(draft),
    }


def called(draft: Draft) -> str:
    """The name that was given, else that of the profile; "" for none."""
    return str(draft.value("name") or visitor(draft).get("name") or draft.name)


def name_of(draft: Draft) -> str:
    """The name with a comma before it, as sentences put it; nothing for who gave none."""
    name = called(draft)
    return f", {name}" if name else ""


def part_of_day(draft: Draft) -> str:
    hour = draft.local_now.hour
    return "morning" if 5 <= hour < 12 else "afternoon" if 12 <= hour < 20 else "night"


# --- guards ---


def stranger(draft: Draft) -> bool:
    """Whether the visitor has not accepted the privacy notice, or has not given a name yet."""
    known = visitor(draft)
    return "consent_at" not in known or "name" not in known


def angry(draft: Draft) -> bool:
    return "mood" in draft.guesses


def another_problem(draft: Draft) -> bool:
    """Something else is wrong than what is being looked at; that it does not work is no news of the same device."""
    told, known = draft.guesses.get("symptom"), cases.given(draft.before, "symptom")
    if told is None or told.value == known:
        return False
    return not known or not SYMPTOMS[str(told.value)].vague or cases.names_another(draft)


def another_question(draft: Draft) -> bool:
    return "topic" in draft.taken


def several_devices(draft: Draft) -> bool:
    return cases.device_open(draft)


# --- effects ---


def soften(draft: Draft) -> None:
    """A kind word first, for who is angry."""
    if angry(draft):
        draft.say("sorry_for_trouble")


def offer_person(draft: Draft) -> None:
    draft.say("rather_a_person")
    draft.offer("person")


def look_at_photo(draft: Draft) -> None:
    photos.look(draft, "screen")


def invite_photo(draft: Draft) -> None:
    draft.say("photo_welcome")


def begin_anew(draft: Draft) -> None:
    """Another problem of the same visit: what was tried is remembered, what was told of it is not."""
    draft.forget("device", "symptom", "problem", "details", "need", "topic", "brand")
    cases.put_aside(draft)


def end_case(draft: Draft) -> None:
    """Forget what was told, but not who told it."""
    if name := draft.value("name"):
        remember(draft, name=name)
    draft.forget(*draft.slots)


def turn_to_new(draft: Draft) -> None:
    """Something new was told in the midst of steps. What was said before of another thing is kept for the technician."""
    same = cases.device(draft.before)
    told = draft.guesses.get("symptom")
    if told and "device" not in draft.guesses and knowledge.is_of(str(told.value), same):
        draft.slots["device"] = Slot(same, SAME_DEVICE, "told before")
    for slot in {"symptom", "device"} & draft.guesses.keys():
        draft.slots[slot] = _slot(draft.guesses[slot])
    if cases.is_another(draft):
        if labels := cases.labels(draft.before):
            cases.change(draft, others=[*others(draft), _story(draft.before)][-MOST_OTHERS:])
            draft.say("noted_too", what=labels)
        for slot in {"problem", "details"} & draft.guesses.keys():
            draft.slots[slot] = _slot(draft.guesses[slot])
        draft.forget(*{"problem", "details"}.difference(draft.guesses))
    draft.forget(*{"symptom", "topic", "need", "brand"}.difference(draft.guesses))
    cases.put_aside(draft)


def _slot(told: Guess) -> Slot:
    return Slot(told.value, told.confidence, told.source)


def say_farewell(draft: Draft) -> None:
    own = settings.of(draft)
    draft.say(f"farewell_{part_of_day(draft)}", name=name_of(draft))
    places = [place for place in (own.site, own.account) if place]
    if places:
        draft.say("find_us", places=" · ".join(places))
