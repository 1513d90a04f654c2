"""No sentence of one desk at another: everyday lines in every state that desks share, and every phrase a desk can say."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bot import desks
from bot.commands.desk import write
from bot.desks import DESKS, of_desk
from bot.engine.moves import rests
from bot.engine.rehearsal import Facts, Rehearsal
from bot.engine.rehearsal import business as business_of
from bot.script import phrases
from bot.script.notes import PERSON_WANTED
from core.session import Desk
from core.turn import SurveyFinished, Turn
from tests import nouns
from tests.cases import Cases
from tests.unit.talk import rehearsed

SAID = {
    "es": {"tickets": "mis reportes", "bye": "chau", "yes": "sí", "person": "quiero hablar con una persona"},
    "en": {"tickets": "my reports", "bye": "bye", "yes": "yes", "person": "I want to talk to a person"},
    "pt": {"tickets": "meus chamados", "bye": "tchau", "yes": "sim", "person": "quero falar com uma pessoa"},
}
DANGER = {
    "es": "hay fuego, se está quemando todo",
    "en": "there is a fire, everything is burning",
    "pt": "tem fogo, está tudo pegando fogo",
}


@dataclass(frozen=True)
class Line:
    """One everyday line, in one situation."""

    desk: str
    language: str
    situation: str
    text: str
    to: str = ""
    """The flow that takes it; ENDS when the conversation rests after it; "" for a courtesy."""

    def __str__(self) -> str:
        return f"{self.desk}, {self.language}, {self.situation}: {self.text!r}"


def everyday(desk: str) -> dict[str, Any]:
    return tomllib.loads((nouns.DESKS / desk / "everyday.toml").read_text("utf-8"))


@cache
def business(desk: str) -> tuple[Desk, Facts]:
    """The business by which a desk is walked, with the survey on, and what its look-ups find."""
    own, facts = rehearsed(desks.folders()[desk])
    return replace(own, settings={**own.settings, "surveys": True}), facts


def newcomer(desk: str) -> Rehearsal:
    own, facts = business(desk)
    return Rehearsal(own, facts=facts)


def arrived(desk: str, language: str) -> Rehearsal:
    talk = newcomer(desk)
    for line in everyday(desk)[language]["arrives"]:
        talk.say(line)
    assert talk.session.language.startswith(language), "the language of the walk"
    return talk


def surveyed(talk: Rehearsal, language: str, answers: int) -> None:
    ticket = talk.facts["tickets"]["mine"][0]["number"]
    talk.say(SAID[language]["bye"])
    talk.event("ticket", number=ticket, status="resolved")
    talk.wait("+28h")
    talk.timer(f"survey:{ticket}", ticket=ticket)
    for nth in range(answers):
        talk.say(SAID[language]["yes"] if nth in (0, 7) else "5")


SITUATIONS: dict[str, tuple[Callable[[Rehearsal, str], object], str]] = {
    "the menu": (lambda talk, language: None, ""),
    "my tickets": (lambda talk, language: talk.say(SAID[language]["tickets"]), "tickets.choosing"),
    "invited": (lambda talk, language: surveyed(talk, language, 0), "survey.invited"),
    "first mark": (lambda talk, language: surveyed(talk, language, 1), "survey.question_1"),
    "last mark": (lambda talk, language: surveyed(talk, language, 6), "survey.question_6"),
    "any comment?": (lambda talk, language: surveyed(talk, language, 7), "survey.commenting"),
    "the comment": (lambda talk, language: surveyed(talk, language, 8), "survey.writing"),
    "after a goodbye": (lambda talk, language: talk.say(SAID[language]["bye"]), ""),
    "waiting for a person": (lambda talk, language: talk.say(SAID[language]["person"]), ""),
    "not understood": (lambda talk, language: [talk.say("xyzzy qwerty") for _ in range(3)], ""),
    "back from staff": (lambda talk, language: held(talk, release=True), ""),
    "in danger": (lambda talk, language: talk.say(DANGER[language]), ""),
    "with staff": (lambda talk, language: held(talk, release=False), ""),
}
"""Every state that desks share, and where it stands."""
ENDS = "(rests)"


def held(talk: Rehearsal, *, release: bool) -> None:
    talk.event("agent", action="take_over", agent="ana", name="Ana")
    if release:
        talk.event("agent", action="release", agent="ana", name="Ana")


@cache
def standing(desk: str, language: str, situation: str) -> Rehearsal:
    arrange, where = SITUATIONS[situation]
    talk = arrived(desk, language)
    arrange(talk, language)
    assert not where or talk.where == where
    return talk


def said_in(line: Line) -> tuple[Rehearsal, Turn]:
    talk = copy(standing(line.desk, line.language, line.situation))
    talk.turns, talk.asked = [*talk.turns], [*talk.asked]
    return talk, talk.say(line.text)


def lines(situations: Iterator[str] | None = None) -> list[Line]:
    return [
        line
        for desk in nouns.businesses()
        for language, written in everyday(desk).items()
        for situation in situations or SITUATIONS
        for line in (
            *(Line(desk, language, situation, work["text"], work["to"]) for work in written["work"]),
            *(Line(desk, language, situation, text, ENDS) for text in written.get("ends", ())),
            *(Line(desk, language, situation, text) for text in written["courtesies"]),
        )
    ]


def read_by_the_customer(turn: Turn) -> str:
    return "\n".join(
        part for reply in turn.replies for part in (reply.text, *(f"{o.title} {o.description}" for o in reply.options))
    )


def test_every_business_says_its_nouns_and_its_everyday_lines() -> None:
    with_menu = sorted(name for name, desk in DESKS.items() if desk.read is not None)
    everyday_lines = sorted(path.parent.name for path in nouns.DESKS.glob("*/everyday.toml"))
    assert nouns.businesses() == everyday_lines == with_menu


def test_shared_flows_step_aside_for_what_a_desk_is_for(each: Cases) -> None:
    def leads_there(line: Line) -> None:
        talk, turn = said_in(line)
        if line.situation == "with staff":
            assert not turn.replies
        elif line.situation == "in danger" and line.to != ENDS:
            assert turn.trigger == "danger"
        elif line.situation == "the comment" and talk.where == "survey.completed":
            assert [r.comment for r in turn.records if isinstance(r, SurveyFinished)] == [line.text]
        else:
            stands = ENDS if rests(talk.session) else talk.session.flow
            assert stands == line.to, (talk.where, [reply.text for reply in turn.replies])

    each([line for line in lines() if line.to], leads_there)


def test_courtesies_are_understood_in_every_shared_state(each: Cases) -> None:
    def is_understood(line: Line) -> None:
        _, turn = said_in(line)
        assert turn.trigger not in ("unclear", "where_were_we")

    each([line for line in lines() if not line.to], is_understood)


def test_no_reply_holds_a_noun_of_another_business(each: Cases) -> None:
    def is_its_own(line: Line) -> None:
        foreign = nouns.of_others(line.desk, nouns.businesses())
        assert nouns.within(read_by_the_customer(said_in(line)[1]), foreign) == []

    each(lines(), is_its_own)


def test_what_was_told_before_the_desk_could_hear_it_is_taken_up(each: Cases) -> None:
    def is_taken_up(line: Line) -> None:
        talk = newcomer(line.desk)
        for text in (line.text, *everyday(line.desk)[line.language]["arrives"][1:]):
            talk.say(text)
        assert talk.session.flow == line.to, talk.where

    each([line for line in lines(iter(["the menu"])) if line.to and line.text not in AGAIN], is_taken_up)


AGAIN = {"otro problema", "cerrar chat"}
"""These are about a visit that has begun."""


def reachable(desk: str) -> Iterator[tuple[str, str]]:
    """Every sentence that a desk can say, in every language and region: its place, and itself."""
    flows = {*of_desk(desks.DESKS[desk].flows[0].__name__.rpartition(".")[2]), phrases.COMMON}
    for (language, flow), table in phrases.TABLES.items():
        if flow in flows:
            yield from ((f"{language}/{flow}.{key}", text) for key, text in table.items())
    for path in sorted((nouns.DESKS / desk / "knowledge").rglob("*.toml")):
        yield path.name, path.read_text("utf-8")


@pytest.mark.parametrize("desk", nouns.businesses())
def test_no_phrase_of_a_desk_holds_a_noun_of_another(desk: str) -> None:
    foreign = nouns.of_others(desk, nouns.businesses())
    assert [(place, found) for place, text in reachable(desk) if (found := nouns.within(text, foreign))] == []


def test_phrases_that_all_desks_share_hold_no_noun_of_a_business() -> None:
    every = frozenset().union(*map(nouns.nouns, nouns.businesses()))
    shared = {phrases.COMMON, *(flow.__name__.rpartition(".")[2] for flow in desks.DESKS["any"].flows)}
    tables = {place: table for place, table in phrases.TABLES.items() if place[1] in shared}
    assert len(tables) >= 6
    leaks = [
        (*place, key, found)
        for place, table in tables.items()
        for key, text in table.items()
        if (found := nouns.within(text, every))
    ]
    assert leaks == []


def test_a_noun_is_found_in_any_form_and_no_other_word_is_taken_for_one() -> None:
    assert nouns.within("Los Vehículos y report_refrigerator", {"vehicul*", "refriger*"}) == [
        "vehiculos",
        "refrigerator",
    ]
    assert nouns.within("sapo, mecanismo", {"sap", "mecanico*"}) == []


def test_no_code_outside_the_desks_names_a_noun_of_a_business() -> None:
    exceptions = tomllib.loads(nouns.EXCEPTIONS.read_text("utf-8"))
    assert nouns.refused(nouns.lines_with_nouns(), exceptions) == []
    assert all(len(reason) > 10 for reason in exceptions.values())


def test_a_noun_in_shared_code_is_refused_with_its_place_and_so_is_an_exception_that_nothing_needs(
    tmp_path: Path,
) -> None:
    for room in nouns.ROOMS:
        (tmp_path / room).mkdir()
    (tmp_path / "core/lines.py").write_text("a = 1\nfind_the_refrigerator = 2  # and its SAP\n", encoding="utf-8")
    (tmp_path / "bot/desks/field").mkdir(parents=True)
    (tmp_path / "bot/desks/field/menu.py").write_text("report_refrigerator = 1\n", encoding="utf-8")
    found = [*nouns.lines_with_nouns(tmp_path)]
    assert found == [("core/lines.py", 2, "refrigerator"), ("core/lines.py", 2, "sap")]
    assert nouns.refused(found, {"core/*: sap": "why not"}) == [
        "core/lines.py:2: 'refrigerator' belongs into a desk's folder"
    ]
    assert nouns.refused([], {"core/*: sap": "why not"}) == ["nouns.toml: core/*: sap is no exception any more"]


def test_a_desk_that_was_just_written_takes_an_order_among_the_reports_and_calls_a_person(tmp_path: Path) -> None:
    write(tmp_path / "teashop", number="100000000000009")
    assert desks.add_folder(tmp_path) == []
    facts = {"tickets": {"mine": [{"number": "TKT-1A2B3C4D", "kind": "order", "status": "pending", "created_at": ""}]}}
    talk = Rehearsal(business_of(tmp_path / "teashop"), facts=facts)
    talk.say("hola")
    talk.say("mis reportes")
    assert talk.where == "tickets.choosing"
    talk.say("quiero un pedido")
    assert talk.session.flow == "teashop_order"
    assert PERSON_WANTED in talk.say("persona").after.notes
    desks.forget_folder(tmp_path)
