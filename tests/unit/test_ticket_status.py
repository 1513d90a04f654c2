"""What staff want of a ticket: written by the turn if it still makes sense then, and refused if not."""

from __future__ import annotations

import pytest

from core.turn import TicketChanged
from tests.unit.talk import Talk

NUMBER = "TKT-1A2B3C4D"


def test_a_new_status_is_written_and_told_by_one_turn() -> None:
    turn = Talk().event("ticket", number=NUMBER, status="resolved", expected="pending", by="ana", note=" Listo ")
    assert turn.records == (TicketChanged(NUMBER, "status", "pending", "resolved", "ana", "Listo"),)
    assert (turn.trigger, len(turn.replies)) == ("ticket", 1)
    assert "Listo" in turn.replies[0].text


def test_a_new_assignee_is_written_and_the_customer_hears_nothing_of_it() -> None:
    turn = Talk().event("ticket", number=NUMBER, assignee="luis", expected="", by="ana")
    assert turn.records == (TicketChanged(NUMBER, "assignee", "", "luis", "ana"),)
    assert (turn.trigger, turn.replies, turn.timers) == ("ticket", (), ())


def test_a_ticket_is_given_back_to_nobody() -> None:
    talk = Talk()
    talk.tickets[NUMBER]["assignee"] = "luis"
    assert talk.event("ticket", number=NUMBER, assignee="", by="ana").records == (
        TicketChanged(NUMBER, "assignee", "luis", "", "ana"),
    )


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        ({"status": "pending", "expected": None}, "it is so already"),
        ({"status": "resolved", "expected": "in_progress"}, "changed meanwhile"),
        ({"status": "burnt"}, "unknown status"),
        ({"status": None}, "unknown status"),
        ({"assignee": "", "expected": "luis"}, "it is so already"),
        ({"assignee": "ana", "expected": "luis"}, "changed meanwhile"),
    ],
)
def test_what_makes_no_sense_any_more_changes_nothing_and_says_why(wanted: dict[str, str], why: str) -> None:
    turn = Talk().event("ticket", number=NUMBER, **wanted)
    assert (turn.trigger, turn.note) == ("agent_refused", why)
    assert (turn.records, turn.replies, turn.timers) == ((), (), ())


def test_what_a_page_of_the_version_before_wrote_itself_is_told_and_not_written_again() -> None:
    talk = Talk()
    talk.tickets[NUMBER]["status"] = "resolved"
    turn = talk.event("ticket", number=NUMBER, status="resolved", by="ana", note="")
    assert (turn.trigger, turn.records, len(turn.replies)) == ("ticket", (), 1)


def test_a_ticket_that_is_none_of_this_customer_s_is_left_alone() -> None:
    talk = Talk()
    talk.tickets = {}
    assert talk.event("ticket", number=NUMBER, status="resolved").note == "no such ticket"


def test_of_two_who_saw_the_same_the_first_wins() -> None:
    talk = Talk()
    first = talk.event("ticket", number=NUMBER, status="in_progress", expected="pending", by="ana")
    second = talk.event("ticket", number=NUMBER, status="cancelled", expected="pending", by="luis")
    assert (first.trigger, second.trigger) == ("ticket", "agent_refused")
