"""A desk brings its own purposes of photos: what the AI is asked, what its answer means, and how nothing is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from bot import desks
from bot.errands.media_examine import Examiner, Finding
from bot.errands.media_look import Looked
from bot.script import phrases
from bot.script.draft import Draft
from bot.script.purposes import TEXT, Answer, Purpose, Question, Shown
from core.clock import SystemClock
from core.reading import Guess
from core.session import Desk
from core.settings import Settings
from core.store.path.errands import Errand
from tests.unit.talk import Talk


class Passport(Answer):
    """What an AI may answer about the papers of a guest."""

    number: str | None = None

    def shown(self) -> Shown:
        return Shown(more={"papers": self.number}) if self.number else Shown("no_text")


def number_of(draft: Draft, result: Mapping[str, Any]) -> dict[str, Guess]:
    return {"employee_number": Guess(result["papers"], 80, "vision")} if result.get("papers") else {}


PAPERS = Purpose(
    asks=Question("papers", 'Read it, in "{language}".', Passport, {"number": TEXT}),
    fills=("employee_number",),
    guesses=number_of,
)


@pytest.fixture(autouse=True)
def another_purpose(monkeypatch: pytest.MonkeyPatch) -> None:
    field = desks.DESKS["field"]
    grown = replace(field, photos={**field.photos, "papers": PAPERS})
    monkeypatch.setitem(desks.DESKS, "field", grown)
    monkeypatch.setitem(desks.MENUS, "menu", grown)


class Outside:
    """The platform, the process that looks, and the AI."""

    def __init__(self, answer: Answer):
        self.answer, self.read_codes, self.asked = answer, list[bool](), list[str]()

    def fetch(self, media_id: str, *, largest: int, until: float) -> bytes:
        return b"photo"

    def look(self, content: bytes, *, read_codes: bool, limit_s: float) -> Looked:
        self.read_codes.append(read_codes)
        return Looked("ok", kept=b"small")

    def ask(self, question: Question, picture: bytes, *, language: str, limit_s: float) -> Answer:
        self.asked.append(question.name)
        return self.answer


def looked_into(outside: Outside, purpose: str, menu: str = "menu") -> Finding:
    desk, now = Desk("one", "One", "es", "America/Mexico_City", menu), SystemClock().now()
    job = Errand(1, 1, 1, "photo", purpose, "1", {"media_id": "77"}, 50.0, 1, 1, now, "wamid.1", 0.0, "es", desk)
    return Examiner(Settings(), outside, outside, desks.purposes(), outside).examine(job, float("inf"))


def test_what_is_asked_and_what_it_means_come_from_the_desk_alone() -> None:
    outside = Outside(Passport(number="A123", legible=True, confidence=0.9))
    found = looked_into(outside, "papers")
    assert (found.outcome, found.more, outside.read_codes, outside.asked) == (
        "ok", {"papers": "A123"}, [False], ["papers"],
    )  # fmt: skip
    talk = Talk()
    talk.say("carro")
    talk.event("media_result", **{"for": "image", "purpose": "papers", "outcome": found.outcome, **found.more})
    assert talk.session.slots["employee_number"].value == "A123"


def test_at_another_desk_the_same_name_is_kept_and_nothing_more() -> None:
    outside = Outside(Passport(number="A123", legible=True, confidence=0.9))
    found = looked_into(outside, "papers", menu="help_desk")
    assert (found.outcome, found.picture, found.more, outside.asked) == ("ok", b"small", {}, [])


@pytest.mark.parametrize("desk", [desk for desk in desks.DESKS.values() if desk.photos], ids=lambda desk: desk.name)
def test_every_purpose_has_a_sentence_for_finding_nothing(desk: desks.Desk) -> None:
    menu = desks.Flow.of(desk.flows[0]).name
    for language in desk.languages:
        for purpose in desk.photos.values():
            assert phrases.phrase(language, menu, f"photo_{purpose.nothing}")


def test_the_schema_asks_for_exactly_what_the_answer_takes() -> None:
    for purpose in [purpose for desk in desks.DESKS.values() for purpose in desk.photos.values()]:
        if purpose.asks is not None:
            assert set(purpose.asks.schema["properties"]) == set(purpose.asks.answer.model_fields)
