"""Who asked for a person waits until one has answered, or staff close the conversation: nothing else ends the wait."""

from __future__ import annotations

from typing import Any

import pytest

from core.turn import TimerCancelled, Turn
from tests.unit.talk import IT_DESK, Talk

WANTED = "person_wanted_at"


@pytest.fixture
def talk() -> Talk:
    """In the middle of a report, a person was asked for."""
    begun = Talk()
    begun.say("quiero reportar un refrigerador")
    begun.say("quiero hablar con una persona")
    return begun


def act(talk: Talk, action: str, **content: Any) -> Turn:
    return talk.event("agent", action=action, agent="ana", **content)


def waits(talk: Talk) -> bool:
    return WANTED in talk.session.notes


def test_who_waits_for_a_person_is_not_warned_and_not_closed_for_silence(talk: Talk) -> None:
    assert {"inactivity_warn", "inactivity_close"} & talk.session.timers.keys() == set()
    assert TimerCancelled("inactivity_warn") in talk.turns[-1].timers


@pytest.mark.parametrize("timer", ["inactivity_warn", "inactivity_close"])
def test_a_timer_that_was_armed_before_says_nothing_to_who_waits(talk: Talk, timer: str) -> None:
    stood = talk.where
    talk.session.timers[timer] = talk.session.version  # type: ignore[index]
    turn = talk.timer(timer)
    assert (turn.replies, talk.where, waits(talk)) == ((), stood, True)
    assert timer not in turn.after.timers


def test_the_end_of_a_session_waits_as_well() -> None:
    talk = Talk("es-AR", desk=IT_DESK)
    talk.say("hola")
    talk.session.notes[WANTED] = talk.now.isoformat()  # type: ignore[index]
    stood = talk.where
    turn = talk.timer("session_end")
    assert (talk.where, waits(talk)) == (stood, True)
    assert "session_end" in turn.after.timers, "its hours begin anew"


def test_who_asks_again_keeps_the_place_in_the_line(talk: Talk) -> None:
    since = talk.session.notes[WANTED]
    talk.wait("+10m")
    talk.say("quiero hablar con una persona")
    assert talk.session.notes[WANTED] == since


def test_a_takeover_alone_is_no_answer_and_a_release_without_one_keeps_the_request(talk: Talk) -> None:
    since = talk.session.notes[WANTED]
    act(talk, "take_over")
    assert waits(talk)
    turn = act(talk, "release")
    assert turn.after.notes[WANTED] == since
    assert "Sigue pendiente que te atienda una persona" in turn.replies[0].text
    assert "Te atiende otra vez el asistente" not in turn.replies[0].text


def test_a_takeover_that_is_forgotten_without_an_answer_keeps_the_request(talk: Talk) -> None:
    act(talk, "take_over")
    talk.wait("+30m")
    turn = talk.timer("takeover_lease")
    assert (turn.after.agent, waits(talk)) == (None, True)
    assert "Sigue pendiente que te atienda una persona" in turn.replies[0].text
    assert "inactivity_warn" not in turn.after.timers


def test_an_answer_ends_the_wait_and_the_bot_watches_again_after_the_release(talk: Talk) -> None:
    act(talk, "take_over")
    act(talk, "answer", text="Hola, dime")
    assert not waits(talk)
    turn = act(talk, "release")
    assert "Te atiende otra vez el asistente" in turn.replies[0].text
    assert "inactivity_warn" in turn.after.timers


def test_an_answer_that_was_refused_is_none(talk: Talk) -> None:
    act(talk, "answer", text="no la tengo")
    act(talk, "take_over")
    act(talk, "answer", text="  ")
    assert waits(talk)


def test_an_answer_from_the_business_phone_ends_the_wait(talk: Talk) -> None:
    talk.event("echo", spoken="Ya voy")
    assert not waits(talk)


@pytest.mark.parametrize("held", [False, True])
def test_closing_ends_the_wait(talk: Talk, held: bool) -> None:
    if held:
        act(talk, "take_over")
    act(talk, "close")
    assert not waits(talk)


def test_who_says_that_it_is_solved_waits_no_more() -> None:
    talk = Talk("es-AR", desk=IT_DESK)
    for said in ("hola", "no enciende la notebook", "quiero hablar con una persona"):
        talk.say(said)
    assert waits(talk), talk.where
    talk.say("ya se solucionó")
    assert (talk.session.state, waits(talk)) == ("fixed", False)
