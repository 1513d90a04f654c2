"""The condition of a rule is no narrower than its code: a step is the same when every rule is asked each time.

All transcripts of the desks and a recorded day are stepped twice, with the conditions and without. So that this says
something of every rule, each of them must change some turn when its condition never holds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any
from unittest import mock

import pytest
import yaml

from bot.engine import rehearsal, rules
from bot.engine import step as engine
from bot.engine.retrace import retrace
from bot.engine.when import ALWAYS, Rule, Rules, When, guessed, intent, kinds, noted
from core.errors import Broken
from core.kinds import KINDS
from core.messages import Event
from core.reading import Missing, Reading
from core.session import Session
from core.settings import Settings
from core.turn import Turn
from tests.unit.talk import IT_DESK, rehearsed
from tests.unit.test_maintenance import SwitchedTalk
from tests.unit.test_recorded_day import SETTINGS, recorded, steps_of
from tests.unit.test_transcripts import FILES

NEVER = When(holds=lambda _: False)
_step = engine.step


def asked(rule: Rule) -> Rule:
    """The same rule, asked each time; one that only names its kinds of event leaves them to the list."""
    return replace(rule, when=ALWAYS) if rule.when.holds else rule


Lists = dict[str, Rules]


def changed(change: Callable[[Rule], Rule]) -> Lists:
    """The lists with each of their rules changed so."""
    return {name: Rules(*map(change, getattr(rules, name).every)) for name in ("RULES", "AFTER")}


@cache
def without(left_out: Rule) -> Lists:
    return changed(lambda rule: replace(rule, when=NEVER) if rule is left_out else rule)


def outcome(lists: Lists, *given: Any) -> Turn | str:
    """The turn by these lists, or how the step broke."""
    try:
        with mock.patch.multiple(rules, **lists):
            return _step(*given)
    except Missing:
        raise
    except Exception as error:
        return type(error).__name__


class Twice:
    """Steps with and without the conditions, and notes where they differ."""

    def __init__(self) -> None:
        self.always = changed(asked)
        self.compared = 0
        self.differ: list[str] = []
        self.needed: set[Rule] = set()
        """The rules without which some turn was another."""

    def step(self, session: Session, event: Event, reading: Reading, now: datetime, settings: Settings) -> Turn:
        given = (session, event, reading, now, settings)
        turn = _step(*given)
        try:
            other = outcome(self.always, *given)
        except Missing:  # a rule without its condition asks for more than was looked up
            return turn
        self.compared += 1
        if other != turn:
            self.differ.append(f"{event.kind} {event.text!r} in {session.flow}.{session.state}")
        for rule in {*rules.RULES.every, *rules.AFTER.every} - self.needed:
            self._leave_out(rule, given, turn)
        return turn

    def _leave_out(self, rule: Rule, given: Any, turn: Turn) -> None:
        try:
            changes = outcome(without(rule), *given) != turn
        except Missing:
            changes = True
        if changes:
            self.needed.add(rule)


def rare_events() -> None:
    """Conversations of what no transcript tells."""
    talk = SwitchedTalk()
    talk.event("opt_out", out=True)
    talk.event("errand", service="map", what="route", key="1", outcome="failed")
    talk.event("ticket_wanted", name="Ana")
    talk.event("ticket_told", spoken="también gotea", number="TKT-1A2B3C4D", action="add")
    talk.say("refrigerador")
    talk.say("¿cómo se llama tu perro, y dónde vive?")
    talk.off = {"flow:refrigerator": "new catalogue"}
    talk.say("4045101")
    talk.off = {}
    talk.say("hola")
    talk.event("agent", action="take_over", agent="luis", name="Luis")
    talk.wait("25h")
    talk.event("agent", action="release", agent="luis")
    talk = SwitchedTalk()
    turned_away = {"by": "rejected", "desk": "north", "name": "North House"}
    talk.event("text", spoken="hola", resolved=turned_away)
    talk = SwitchedTalk(desk=replace(IT_DESK, settings={**IT_DESK.settings, "on_call": "+54 11 5555 0199"}))
    talk.say("URGENTE")
    talk = SwitchedTalk(desk=replace(IT_DESK, settings={**IT_DESK.settings, "caution": True}))
    talk.say("mi clave es hunter2 y mi mail es ana@example.com")


@pytest.fixture(scope="module")
def twice() -> Twice:
    both = Twice()
    with mock.patch.object(engine, "step", both.step):
        rare_events()
        for path in FILES:
            desk, facts = rehearsed(path.parents[1])
            rehearsal.replay(desk, yaml.safe_load(path.read_text(encoding="utf-8")), facts)
        for steps in steps_of(recorded()):
            retrace(steps, SETTINGS)
    return both


def test_with_every_rule_asked_each_turn_is_the_same(twice: Twice) -> None:
    assert twice.differ == []
    assert twice.compared > 800


def test_each_rule_is_needed_by_some_turn(twice: Twice) -> None:
    every = [*rules.RULES.every, *rules.AFTER.every]
    assert {rule.rule.__module__ + "." + rule.rule.__name__ for rule in every if rule not in twice.needed} == set()


def test_a_condition_of_a_kind_that_is_not_there_is_refused() -> None:
    with pytest.raises(Broken, match="txt"):
        kinds("text", "txt")


def test_kinds_stand_beside_an_or_and_not_within() -> None:
    assert (kinds("text") & (intent("a") | noted("b"))).kinds == {"text"}
    with pytest.raises(Broken):
        kinds("text") | guessed("b")
    assert ALWAYS.kinds == KINDS.keys()
