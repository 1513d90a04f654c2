"""What people write is read as it is labelled, and the quality never sinks below its goals."""

from __future__ import annotations

import pytest

from bench import nlu
from bench.labelled import Utterance, utterances
from bench.nlu import Tally, missed, tally
from tests.cases import Cases

FIELD = list(utterances(held_out=False))
IT = list(utterances(held_out=False, desk="it"))
HOTEL = list(utterances(held_out=False, desk="hotel"))
KNOWN = FIELD + IT + HOTEL
GOALS = nlu.goals_of("field")


def test_an_utterance_is_read_as_labelled(each: Cases) -> None:
    def check(utterance: Utterance) -> None:
        reading = utterance.read()
        if utterance.misread:
            assert not utterance.right(reading), "it is read rightly now: take its mark away"
        else:
            assert (reading.intent, utterance.found(reading)) == (utterance.intent, dict(utterance.guesses))

    each(KNOWN, check, lambda utterance: f"{utterance.text[:60]}|{utterance.expects}")


@pytest.mark.parametrize(("desk", "least"), [("field", 80), ("it", 40), ("hotel", 60)])
def test_what_was_held_out_reaches_its_goal(desk: str, least: int) -> None:
    held_out = tally(utterances(held_out=True, desk=desk))
    assert held_out.total >= least
    assert held_out.share_right >= nlu.goals_of(desk)["held_out_right"]


def test_the_help_desk_has_hundreds_of_utterances() -> None:
    assert len(IT) >= 300
    told = {u.intent for u in IT}
    assert {"trouble", "howto", "solved", "persists", "step_help", "simpler", "rephrase", "person", "close"} <= told
    assert {"frustrated", "greeting", "menu", "restart", "yes", "no", "no_name", "need_told"} <= told


def test_the_desk_of_three_languages_has_hundreds_of_utterances() -> None:
    assert len(HOTEL) >= 400
    for language in ("es", "en", "pt"):
        told = {u.intent for u in HOTEL if u.file["language"] == language}
        assert {"rooms", "book", "room_types", "my_booking", "change_booking", "cancel_booking"} <= told
        assert {"late_checkout", "late_arrival", "transfer", "request", "receipt", "person"} <= told
    wanted = {u.guesses["wanted"] for u in HOTEL if "wanted" in u.guesses}
    assert wanted == {"towels", "cleaning", "maintenance", "room_service", "taxi", "luggage", "wake_up", "lost"}


def test_there_are_hundreds_of_utterances_over_all_intents() -> None:
    assert len(FIELD) >= 400
    assert {u.intent for u in FIELD} == {
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
