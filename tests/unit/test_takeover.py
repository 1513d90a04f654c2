"""What staff may do with a conversation, and what becomes of it when somebody else was faster."""

from __future__ import annotations

from typing import Any

import pytest

from bot import desks
from core.messages import Event
from core.turn import ErrandWanted, SaidAgain, Turn
from tests.unit.talk import FACTS, Talk

LOST = {"kind": "text", "text": "Tu número es TKT-1", "content": {}, "open": True}


@pytest.fixture
def talk() -> Talk:
    begun = Talk()
    begun.say("quiero reportar un refrigerador")
    return begun


def act(talk: Talk, action: str, agent: str = "ana", **content: Any) -> Turn:
    return talk.event("agent", action=action, agent=agent, **content)


def test_a_conversation_is_released_where_it_stood(talk: Talk) -> None:
    stood = talk.session.flow, talk.session.state
    act(talk, "take_over")
    turn = act(talk, "release")
    assert (turn.after.flow, turn.after.state, turn.after.agent) == (*stood, None)


def test_a_conversation_is_released_at_the_state_that_was_chosen_and_its_question_is_put(talk: Talk) -> None:
    act(talk, "take_over")
    turn = act(talk, "release", state="vehicle.filling")
    assert (turn.after.flow, turn.after.state, turn.after.agent) == ("vehicle", "filling", None)
    assert turn.after.asked == "employee_number"


@pytest.mark.parametrize("action", ["release", "reset"])
def test_a_conversation_is_never_put_into_a_flow_of_another_desk(talk: Talk, action: str) -> None:
    act(talk, "take_over")
    stood = talk.where
    turn = act(talk, action, state="help_desk.problem")
    assert (turn.trigger, turn.note, turn.replies) == ("agent_refused", "a flow of another desk", ())
    assert (talk.where, turn.after.agent) == (stood, "ana")


def test_a_state_that_there_is_not_releases_where_it_stood(talk: Talk) -> None:
    act(talk, "take_over")
    assert act(talk, "release", state="vehicle.nowhere").after.state == "filling"


@pytest.mark.parametrize("action", ["take_over", "answer", "release", "reset", "close", "say_again"])
def test_who_does_not_hold_a_conversation_changes_nothing_of_it(talk: Talk, action: str) -> None:
    talk.facts = {**FACTS, "outbound": {"7": LOST}}
    act(talk, "take_over")
    turn = act(talk, action, agent="luis", text="hola", outbound=7)
    assert (turn.trigger, turn.after.agent, turn.replies) == ("agent_refused", "ana", ())


def test_a_conversation_is_taken_from_who_holds_it_when_that_one_is_named(talk: Talk) -> None:
    act(talk, "take_over")
    assert act(talk, "take_over", agent="luis", **{"from": "eva"}).after.agent == "ana"
    assert act(talk, "take_over", agent="luis", **{"from": "ana"}).after.agent == "luis"


def test_a_lost_message_is_said_again_and_given_up(talk: Talk) -> None:
    talk.facts = {**FACTS, "outbound": {"7": LOST}}
    turn = act(talk, "say_again", outbound=7)
    assert [reply.text for reply in turn.replies] == [LOST["text"]]
    assert turn.replies[0].initiative, "a second unknown is for staff again, never repeated blindly"
    assert turn.records == (SaidAgain(7),)


@pytest.mark.parametrize("found", [{**LOST, "open": False}, None])
def test_a_message_that_arrived_meanwhile_is_not_said_again(talk: Talk, found: dict[str, Any] | None) -> None:
    talk.facts = {**FACTS, "outbound": {"7": found}}
    turn = act(talk, "say_again", outbound=7)
    assert (turn.trigger, turn.replies, turn.records) == ("agent_refused", (), ())


def test_a_photo_that_comes_while_staff_hold_it_is_fetched_and_nothing_is_said(talk: Talk) -> None:
    act(talk, "take_over")
    turn = talk.event("image", media_id="77", mime_type="image/jpeg")
    [wanted] = turn.records
    assert isinstance(wanted, ErrandWanted) and turn.replies == ()
    assert (wanted.service, wanted.what, wanted.content) == ("photo", "evidence", {"media_id": "77"})


@pytest.mark.parametrize("deed", ["take_over", "release", "reset", "close"])
def test_what_staff_do_is_announced_within_the_24_hours_only(talk: Talk, deed: str) -> None:
    act(talk, "take_over")
    if deed == "take_over":
        act(talk, "release")
    talk.wait("+25h")
    stood = talk.session.version
    turn = act(talk, deed)
    assert (turn.replies, turn.note) == ((), "not told: the 24 hours are over")
    assert (turn.trigger, turn.after.version) == (deed, stood + 1), "it is done all the same"


def test_a_takeover_that_is_forgotten_costs_no_template(talk: Talk) -> None:
    act(talk, "take_over")
    talk.wait("+25h")
    turn = talk.timer("takeover_lease")
    assert (turn.replies, turn.after.agent) == ((), None)


def test_within_the_24_hours_what_is_announced_is_marked_and_an_answer_is_not(talk: Talk) -> None:
    assert [reply.announcement for reply in act(talk, "take_over").replies] == [True]
    assert [reply.announcement for reply in act(talk, "answer", text="Hola").replies] == [False]
    assert [reply.announcement for reply in act(talk, "release").replies] == [True]


def test_an_answer_after_the_24_hours_is_decided_and_left_to_the_sender(talk: Talk) -> None:
    act(talk, "take_over")
    talk.wait("+25h")
    assert [reply.text for reply in act(talk, "answer", text="[turno_news]").replies] == ["[turno_news]"]


def test_the_web_chat_knows_no_24_hours(talk: Talk) -> None:
    act(talk, "take_over")
    talk.wait("+25h")
    event = Event("web", "agent", channel_kind="web", content={"action": "close", "agent": "ana"})
    assert talk.step(event, talk.read(event)).replies


def test_a_conversation_may_be_put_where_nothing_given_before_is_needed() -> None:
    places = desks.places()
    assert set(desks.places("menu")) == {"menu", "refrigerator", "vehicle", "tickets", "survey", "last_case"}
    assert {"help_desk", "reception", "escalation"} <= set(desks.places("help_desk"))
    assert not {"menu", "refrigerator", "vehicle"} & set(desks.places("help_desk"))
    assert (places["vehicle"]["filling"], places["refrigerator"]["filling"]) == ("free", "free")
    assert places["refrigerator"]["confirming_equipment"] == places["survey"]["question_1"] == "bound"
    assert places["menu"]["closed"] == "final"


@pytest.mark.parametrize(
    "place",
    [
        f"{flow}.{state}"
        for flow, states in desks.places("menu").items()
        for state, what in states.items()
        if what == "free"
    ],
)
def test_wherever_it_may_be_put_the_bot_goes_on_from_there(talk: Talk, place: str) -> None:
    act(talk, "take_over")
    turn = act(talk, "release", state=place)
    assert f"{turn.after.flow}.{turn.after.state}" == place
    assert turn.replies
    talk.say("hola")
    talk.say("no enfría")
