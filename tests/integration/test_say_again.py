"""A message that nobody knows to have arrived is said again when staff decide it, and only once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.store.db import Database
from core.store.path import inbox
from tests.integration.crew import Rooms, text


@pytest.fixture
def rooms(db: Database) -> Iterator[Rooms]:
    """A customer was answered, and nobody knows whether the answer arrived."""
    made = Rooms(db)
    made.hear(text("hola", wamid="wamid.1"))
    made.work()
    made.ask("update outbox set state = 'unknown', unknowns = 2, settle_at = null")
    yield made
    made.close()


def say_again(rooms: Rooms, outbound: int, *, agent: str = "ana") -> None:
    with rooms.db.transaction() as tx:
        content = {"action": "say_again", "agent": agent, "outbound": outbound}
        inbox.add_own(tx, 1, f"again:{outbound}", "agent", content)


def states(rooms: Rooms) -> list[tuple[str, str]]:
    return [(row.text[:4], row.state) for row in rooms.ask("select text, state from outbox order by id")]


def test_it_is_said_again_and_the_first_is_given_up(rooms: Rooms) -> None:
    [lost] = rooms.ask("select id, text, kind, content from outbox")
    say_again(rooms, lost.id)
    rooms.work()
    first, second = rooms.ask("select text, kind, state, content from outbox order by id")
    assert (first.state, second.state) == ("failed", "waiting")
    assert (second.text, second.kind) == (lost.text, lost.kind)
    assert second.content == {**lost.content, "initiative": True}


def test_two_of_staff_who_press_at_once_say_it_once(rooms: Rooms) -> None:
    [lost] = rooms.ask("select id from outbox")
    say_again(rooms, lost.id, agent="ana")
    say_again(rooms, lost.id, agent="luis")
    rooms.work()
    assert len(states(rooms)) == 2


def test_one_that_arrived_before_the_turn_was_taken_is_left_alone(rooms: Rooms) -> None:
    [lost] = rooms.ask("select id from outbox")
    say_again(rooms, lost.id)
    rooms.ask("update outbox set state = 'delivered'")
    rooms.work()
    assert [state for _, state in states(rooms)] == ["delivered"]
    [step] = rooms.ask("select trigger, note from steps order by version desc limit 1")
    assert (step.trigger, step.note) == ("agent_refused", "it arrived meanwhile")


def test_what_a_template_took_the_place_of_is_said_again_itself(rooms: Rooms) -> None:
    rooms.ask(
        "update outbox set kind = 'template', text = '', content = jsonb_build_object('template', '{}'::jsonb,"
        " 'instead_of', content || jsonb_build_object('kind', kind, 'text', text))"
    )
    say_again(rooms, rooms.ask("select id from outbox")[0].id)
    rooms.work()
    template, again = rooms.ask("select kind, text from outbox order by id")
    assert (template.kind, again.kind) == ("template", "buttons")
    assert again.text, "in the words that were decided"


def test_a_message_of_another_conversation_is_none_of_this_one(rooms: Rooms) -> None:
    rooms.hear(text("hola", wamid="wamid.2", sender="5215550000002"))
    rooms.work()
    [other] = rooms.ask("select id from outbox where conversation_id = 2")
    rooms.ask("update outbox set state = 'parked'")
    say_again(rooms, other.id)
    rooms.work()
    assert rooms.ask("select note from steps order by at desc limit 1")[0].note == "no such message"
