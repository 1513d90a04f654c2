"""What people write is read as it is labelled, and the quality never sinks below its goals."""

from __future__ import annotations

import tomllib

import pytest

from bench import nlu
from bench.labelled import Utterance, found, utterances
from bench.nlu import Tally, missed, tally

KNOWN = list(utterances(held_out=False))
GOALS = tomllib.loads(nlu.GOALS.read_text("utf-8"))


@pytest.mark.parametrize("utterance", KNOWN, ids=[f"{u.text[:60]}|{u.expects}" for u in KNOWN])
def test_an_utterance_is_read_as_labelled(utterance: Utterance) -> None:
    reading = utterance.read()
    if utterance.misread:
        assert not utterance.right(reading), "it is read rightly now: take its mark away"
        return
    assert (reading.intent, found(reading)) == (utterance.intent, dict(utterance.guesses))


def test_what_was_held_out_reaches_its_goal() -> None:
    held_out = tally(utterances(held_out=True))
    assert held_out.total >= 80
    assert held_out.share_right >= GOALS["held_out_right"]


def test_there_are_hundreds_of_utterances_over_all_intents() -> None:
    assert len(KNOWN) >= 400
    assert {u.intent for u in KNOWN} == {
        "",
        "greeting",
        "yes",
        "no",
        "cancel",
        "farewell",
        "thanks",
        "help",
        "menu",
        "back",
        "restart",
        "person",
        "report_fault",
        "report_refrigerator",
        "report_vehicle",
        "correct",
        "consult_tickets",
        "stop",
        "start",
        "english",
        "spanish",
        "rating",
    }


def test_a_wrong_reading_is_counted_and_misses_its_goal() -> None:
    counts = Tally()
    counts.add(Utterance("no", intent="yes"), Utterance("no").read())
    problems = missed(counts, tally(utterances(held_out=True)), 1.0, GOALS)
    assert any(p.startswith("right") for p in problems)
    assert any(p.startswith("recall of yes") for p in problems)


def test_reading_the_same_twice_gives_the_same() -> None:
    assert [u.read() for u in KNOWN] == [u.read() for u in KNOWN]
