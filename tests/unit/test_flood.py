"""Flood and limits: one polite answer a window, silence until it is over, nothing lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.engine import step
from core.messages import Event
from core.reading import Missing, Reading
from core.settings import Settings
from core.turn import Turn
from tests.unit.talk import Talk


def texts(talk: Talk, count: int, *, every_s: float) -> list[int]:
    """How many replies each message got."""
    replies = []
    for number in range(count):
        talk.now += timedelta(seconds=every_s - 7)  # Talk itself lets seven seconds pass
        replies.append(len(talk.say(f"mensaje número {number} de todos").replies))
    return replies


def test_the_eleventh_text_within_ten_seconds_gets_one_answer_and_the_rest_silence() -> None:
    talk = Talk()
    assert texts(talk, 14, every_s=0.5) == [1] * 11 + [0] * 3
    assert "Espera un momento" in talk.turns[10].replies[0].text
    assert talk.turns[-1].note == "flood"


def test_each_message_of_a_flood_has_its_step() -> None:
    talk = Talk()
    texts(talk, 30, every_s=0.1)
    assert talk.session.version == 30


def test_after_the_window_the_conversation_goes_on_where_it_stood() -> None:
    talk = Talk()
    talk.say("hola")
    texts(talk, 12, every_s=0.5)
    talk.wait("15s")
    assert talk.say("refrigerador 4045101").after.state == "confirming_equipment"


def test_an_hourly_limit_blocks_for_the_block_time() -> None:
    talk = Talk()
    replies = texts(talk, 110, every_s=20)
    assert replies[100:] == [1] + [0] * 9
    assert "60 minutos" in talk.turns[100].replies[0].text
    talk.wait("61m")
    assert len(talk.say("hola").replies) == 1


def test_photos_have_a_limit_of_their_own() -> None:
    talk = Talk()
    noted = [talk.event("image", media_id="m").note for _ in range(4)]
    assert [note == "flood" for note in noted] == [False] * 3 + [False]
    assert "Espera un momento" in talk.turns[3].replies[0].text
    assert talk.say("hola").note == "flood"


def test_a_desk_may_have_its_own_limits_or_none() -> None:
    talk = Talk(settings=Settings(limit_text=""))
    assert texts(talk, 40, every_s=0.1) == [1] * 40


def test_two_bots_that_repeat_themselves_are_not_answered_for_ever() -> None:
    talk = Talk()
    replies = [len(talk.say("Gracias por escribirnos, en breve le atendemos").replies) for _ in range(8)]
    assert replies == [1] * 5 + [0] * 3


def test_the_same_short_answer_again_and_again_is_no_loop() -> None:
    talk = Talk()
    assert [len(talk.say("5").replies) for _ in range(8)] == [1] * 8


def test_a_limit_that_makes_no_sense_is_refused_at_the_start() -> None:
    import pytest
    from pydantic import ValidationError

    with pytest.raises(ValidationError):
        Settings.model_validate({"limit_text": "ten a minute"})


def test_what_is_held_back_need_not_be_read() -> None:
    """Whatever would have been understood in it, the step says and does the same."""
    talk = Talk()
    unread = 0
    for number in range(25):
        talk.now += timedelta(seconds=0.5)
        event = Event(f"f{number}", "text", text="quiero una persona, no, es el 4045101", sent_at=talk.now)
        reading = step.goes_unread(talk.session, event, talk.now, talk.settings)
        others = [talk.read(event), Reading("restart", 1.0), Reading("yes", 1.0), Reading("stop", 1.0)]
        turns = [_stepped(talk, event, other) for other in others]
        assert {turn.trigger == "flood" for turn in turns} == {reading is not None}
        if reading is not None:
            unread += 1
            told = _stepped(talk, event, reading)
            assert all(replace(turn, reading=reading) == told for turn in turns)
        talk.session = turns[0].after
    assert unread > 10


def test_a_message_within_the_limits_is_read() -> None:
    talk = Talk()
    talk.say("hola")
    event = Event("f1", "text", text="menú", sent_at=talk.now)
    assert step.goes_unread(talk.session, event, talk.now, talk.settings) is None


def test_danger_is_answered_in_the_middle_of_a_flood() -> None:
    talk = Talk()
    texts(talk, 14, every_s=0.5)
    event = Event("f1", "text", text="¡hay fuego, se está incendiando!", sent_at=talk.now)
    reading = step.goes_unread(talk.session, event, talk.now, talk.settings)
    assert reading is not None and reading.why == "flood"
    assert talk.step(event, reading).trigger == "danger"


def _stepped(talk: Talk, event: Event, reading: Reading) -> Turn:
    """The turn, looked up whatever it asks for; the conversation stays where it is."""
    while True:
        try:
            return step.step(talk.session, event, reading, talk.now, talk.settings)
        except Missing as missing:
            reading = reading.knowing(missing.kind, missing.key, talk._fact(missing))
