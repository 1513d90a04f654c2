"""Shared parts of the IT desk's flows: the form, the visitor, and words with one meaning in all flows."""

from __future__ import annotations

from typing import Any

from bot.desks.it import settings
from bot.desks.it.flows import cases
from bot.desks.it.knowledge import DEVICES, GROUPS, GUIDES, STEPS, SYMPTOMS
from bot.desks.it.knowledge.entries import SYSTEMS
from bot.script import photos
from bot.script.draft import Draft
from bot.script.forms import Field, Form, one_of, words
from bot.script.notes import VISITOR
from bot.script.phrases import phrase
from core import pii

FORM = Form(
    extra=(
        Field("name", words(2, 62)),
        Field("device", one_of(*DEVICES, *GROUPS)),
        Field("symptom", one_of(*SYMPTOMS)),
        Field("problem", words(3, 800)),
        Field("details", words(3, 800)),
        Field("need", one_of("problem", "howto")),
        Field("topic", one_of(*GUIDES)),
        Field("system", one_of(*SYSTEMS)),
        Field("brand", words(2, 20)),
    )
)
FRUSTRATED = "frustrated"


# --- who is there ---


def visitor(draft: Draft) -> dict[str, Any]:
    """The visitor's data, kept for the length of the session."""
    return dict(draft.notes.get(VISITOR) or {})


def remember(draft: Draft, **what: Any) -> None:
    draft.notes[VISITOR] = {**visitor(draft), **what}


def sum_up(draft: Draft) -> str:
    """The case in a line, as a technician reads it; "" when nothing was told."""
    own_words = str(draft.value("problem") or draft.value("details") or "")
    labels = [label for label in (cases.device_label(draft), cases.symptom_label(draft)) if label]
    if not own_words:
        return ": ".join(labels)
    head = ": ".join(labels) or phrase(draft.language, "escalation", "help_wanted")
    return f"{head} — “{pii.mask(own_words)}”"


def details(draft: Draft) -> dict[str, Any]:
    """The ticket's person and the steps that were tried."""
    return {
        "name": visitor(draft).get("name", ""),
        "device": cases.device(draft),
        "symptom": cases.symptom(draft),
        "tried": [step for step in cases.note(draft).get("tried", ()) if step in STEPS],
    }


def name_of(draft: Draft) -> str:
    """The name that was given, with a comma before it, as sentences put it; nothing for who gave none."""
    name = visitor(draft).get("name", "")
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
    """Something else is wrong than what is being looked at."""
    return "symptom" in draft.taken


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
    """Another problem of the same visit: what was tried is remembered, what was told is not."""
    draft.forget("device", "symptom", "problem", "details", "need", "topic", "system", "brand")
    cases.put_aside(draft)


def turn_to_new(draft: Draft) -> None:
    """Something new was told in the midst of steps: what was said before of another thing is no longer meant."""
    draft.forget(*{"device", "symptom", "problem", "details", "topic", "need", "brand"}.difference(draft.taken))
    cases.put_aside(draft)


def say_farewell(draft: Draft) -> None:
    own = settings.of(draft)
    draft.say(f"farewell_{part_of_day(draft)}", name=name_of(draft))
    places = [place for place in (own.site, own.account) if place]
    if places:
        draft.say("find_us", places=" · ".join(places))
