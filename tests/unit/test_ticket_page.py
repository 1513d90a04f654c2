"""The page of a ticket: its steps and what is expected; and what the engine makes of what is asked there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.store.chat.rows import LinkedTicket, TicketSteps
from core.turn import TicketAdded, TicketChanged, TicketOpened
from tests.unit.talk import Talk
from webhook.webchat import ticket_page
from webhook.webchat.ticket_words import WORDS, words

NUMBER = "TKT-1A2B3C4D"
NOON = datetime(2026, 3, 2, 18, tzinfo=UTC)


def told(talk: Talk, action: str, text: str = "") -> Any:
    return talk.event("ticket_told", spoken=text, number=NUMBER, action=action)


def test_a_detail_is_kept_and_nothing_is_said_in_the_conversation() -> None:
    talk = Talk()
    talk.say("hola")
    heard_at = talk.session.heard_at
    turn = told(talk, "add", " hace ruido ")
    assert (turn.trigger, turn.records, turn.replies) == ("ticket_page", (TicketAdded(NUMBER, "hace ruido"),), ())
    assert turn.after.heard_at == heard_at, "a page opens no window of 24 hours"
    assert told(talk, "add", "  ").records == ()


def test_a_ticket_that_waits_is_taken_back_by_its_customer_and_told() -> None:
    talk = Talk()
    talk.say("hola")
    turn = told(talk, "cancel")
    assert turn.records == (TicketChanged(NUMBER, "status", "pending", "cancelled", "customer"),)
    [reply] = turn.replies
    assert NUMBER in reply.text and reply.announcement and reply.initiative


def test_where_somebody_is_at_work_people_are_told_and_nothing_changes() -> None:
    talk = Talk()
    talk.say("hola")
    talk.tickets[NUMBER]["status"] = "in_progress"
    turn = told(talk, "cancel")
    assert turn.records == () and "person_wanted_at" in turn.after.notes and len(turn.replies) == 1


@pytest.mark.parametrize("status", ["resolved", "cancelled"])
@pytest.mark.parametrize("action", ["add", "cancel"])
def test_what_is_settled_stays_as_it_is(status: str, action: str) -> None:
    talk = Talk()
    talk.tickets[NUMBER]["status"] = status
    turn = told(talk, action, "otra cosa")
    assert (turn.records, turn.replies, turn.note) == ((), (), "it is settled")


def test_a_ticket_of_somebody_else_is_left_alone() -> None:
    talk = Talk()
    talk.tickets = {}
    assert (told(talk, "cancel").records, told(talk, "cancel").note) == ((), "no such ticket")


def test_danger_in_a_detail_is_danger() -> None:
    turn = told(Talk(), "add", "se está quemando, hay fuego")
    assert turn.trigger == "danger" and "911" in turn.replies[0].text
    assert [type(record) for record in turn.records] == [TicketAdded, TicketOpened]


def test_a_question_whether_to_cancel_is_settled_by_the_page() -> None:
    talk = Talk()
    talk.say("refrigerador 4045101 no enfría")
    [ticket] = [record for record in talk.say("sí").records if isinstance(record, TicketOpened)]
    talk.say("cancela mi reporte")
    assert talk.where == "last_case.cancelling"
    turn = talk.event("ticket_told", number=ticket.number, action="cancel")
    assert turn.records == (TicketChanged(ticket.number, "status", "pending", "cancelled", "customer"),)
    assert talk.where != "last_case.cancelling"


def shown(usual_s: float | None = None, **given: Any) -> dict[str, Any]:
    steps = TicketSteps(given.pop("assigned_at", None), given.pop("begun_at", None), given.pop("cancelled_at", None), 0)
    usual: dict[str, Any] = {
        "number": NUMBER, "kind": "help", "status": "pending", "summary": "no anda", "created_at": NOON - timedelta(hours=1),
        "resolved_at": None, "desk_name": "Mesa", "timezone": "America/Mexico_City", "language": "es", "zone": "", "key": "k",
        "expires_at": NOON, "desk_id": "d", "conversation_id": 1, "channel_kind": "web", "assigned": False, "added": None,
        "expected_at": None, "calls_within_h": None, "phone": "",
    }  # fmt: skip
    return ticket_page.content(LinkedTicket(**{**usual, **given}), steps, usual_s, NOON)


@pytest.mark.parametrize(
    ("given", "reached", "at"),
    [
        ({}, 1, "received"),
        ({"assigned": True, "assigned_at": NOON}, 2, "assigned"),
        ({"status": "in_progress"}, 3, "under_way"),
        ({"status": "resolved", "resolved_at": NOON}, 4, "solved"),
    ],
)
def test_the_steps_go_as_far_as_the_ticket_is(given: dict[str, Any], reached: int, at: str) -> None:
    steps = shown(**given)["steps"]
    assert [step.name for step in steps] == ["received", "assigned", "under_way", "solved"]
    assert [step.reached for step in steps] == [True] * reached + [False] * (4 - reached)
    assert [step.name for step in steps if step.current] == [at]


def test_a_ticket_taken_back_ends_there() -> None:
    assert [step.name for step in shown(status="cancelled", cancelled_at=NOON)["steps"]] == ["received", "cancelled"]
    begun = shown(status="cancelled", cancelled_at=NOON, assigned=True, assigned_at=NOON, begun_at=NOON)["steps"]
    assert [step.name for step in begun if step.reached] == ["received", "assigned", "under_way", "cancelled"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"expected_at": (NOON + timedelta(minutes=40)).isoformat(), "calls_within_h": 2}, "Llegan hacia las 12:40."),
        ({"expected_at": (NOON - timedelta(minutes=1)).isoformat(), "calls_within_h": 2}, "antes del 02-03-2026 13:00"),
        ({"calls_within_h": 0.5, "usual_s": 5 * 3600}, "unas 5 horas"),
        ({"usual_s": 40 * 60}, "unos 40 minutos"),
        ({"usual_s": 4 * 86400}, "unos 4 días"),
        ({}, "en cuanto haya novedades"),
        ({"status": "resolved"}, ""),
    ],
)
def test_the_surest_that_is_known_is_expected(given: dict[str, Any], said: str) -> None:
    expected = shown(**given)["expected"]
    assert said in expected and bool(said) == bool(expected)


def test_what_was_added_is_shown_without_personal_data() -> None:
    at = NOON.isoformat()
    assert [note["text"] for note in shown(added=[{"at": at, "text": "soy ana@ejemplo.com"}])["added"]] == [
        "soy [EMAIL_REDACTED]"
    ]


def test_every_language_says_all_of_it() -> None:
    assert {frozenset(told) for told in WORDS.values()} == {frozenset(WORDS["es"])}
    assert words("pt-BR")["cancelled"] == "Cancelado" and words("fr") == words("es")
