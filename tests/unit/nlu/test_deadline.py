"""A reading that takes too long is given up: it says nothing, and the customer is asked again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import count

import pytest
from prometheus_client import REGISTRY

from bot.desks import DESKS
from bot.nlu.reader import Reader
from bot.nlu.rules import MOST_S, OUT_OF_TIME
from core import telemetry
from core.messages import Event
from core.reading import Expectation, Reading
from core.session import Desk, Session
from core.settings import Settings
from tests.unit.talk import Talk

SESSION = Session(1, Desk("field", "Refrescos del Norte", "es", "America/Mexico_City", "menu"))
READING = sorted(name for name, desk in DESKS.items() if desk.read)
TEXT = Event("1", "text", text="hola, se me rompió el refrigerador, ayuda")


def read(desk: str, clock: Callable[[], float], event: Event = TEXT) -> Reading:
    reading = Reader(Settings(), DESKS, effort=clock).read(event, Expectation(desk=desk), SESSION)
    assert isinstance(reading, Reading)
    return reading


def ticking(each_s: float) -> Callable[[], float]:
    """A clock by which every look takes so long."""
    looks = count()
    return lambda: next(looks) * each_s


@pytest.mark.parametrize("desk", READING)
def test_rules_that_take_too_long_understand_nothing(desk: str) -> None:
    reading = read(desk, ticking(MOST_S * 1.01))
    assert (reading.why, reading.intent, dict(reading.guesses)) == (OUT_OF_TIME, "", {})
    assert Reading.from_json(reading.as_json()).why == OUT_OF_TIME


@pytest.mark.parametrize("desk", READING)
def test_the_time_is_looked_at_between_the_rules(desk: str) -> None:
    assert read(desk, ticking(MOST_S / 4)).why == OUT_OF_TIME
    assert read(desk, ticking(MOST_S / 1000)).intent
    assert read(desk, lambda: 0.0).intent


def test_who_was_not_understood_in_time_is_asked_again_and_it_is_counted() -> None:
    talk = Talk()
    talk.say("refrigerador")
    event = replace(TEXT, sent_at=talk.now)
    before = REGISTRY.get_sample_value("turno_readings_out_of_time_total") or 0
    turn = talk.step(event, Reading(why=OUT_OF_TIME))
    assert turn.trigger == "unclear" and turn.replies
    telemetry.took_turns([turn], talk.now)
    assert REGISTRY.get_sample_value("turno_readings_out_of_time_total") == before + 1


def test_danger_is_heard_though_nothing_else_is() -> None:
    fire = Event("1", "text", text="¡se está incendiando, hay fuego!")
    in_time, too_late = read("field", lambda: 0.0, fire), read("field", ticking(MOST_S * 1.01), fire)
    assert too_late.why == OUT_OF_TIME
    assert too_late.guesses["danger"] == in_time.guesses["danger"]
