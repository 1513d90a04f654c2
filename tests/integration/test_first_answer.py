"""How long people of a desk waited lately for the first answer of a person, by the record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from core.store.db import Database
from core.store.path import facts
from tests.integration.crew import Rooms, text

PEOPLE = [f"52155500001{n:02d}" for n in range(4)]


@pytest.fixture
def rooms(db: Database) -> Iterator[Rooms]:
    """Four people asked for a person."""
    made = Rooms(db)
    for sender in PEOPLE:
        made.hear(text("quiero hablar con una persona", wamid=f"wamid.{sender}", sender=sender))
        made.work()
    yield made
    made.close()


def told(rooms: Rooms) -> Any:
    with rooms.db.transaction() as tx:
        return facts.find(tx, "first_answer", [(1, "desk")])[1, "desk"]


def answer(rooms: Rooms, conversation_id: int, after_min: int) -> None:
    """Somebody of staff answers so many minutes after the question."""
    rooms.ask(
        "insert into steps (conversation_id, version, event_id, from_flow, from_state, to_flow, to_state, trigger, origin, at)"
        " select conversation_id, version + 1, 900000 + conversation_id, '', '', '', '', 'answer', 'agent',"
        " at + %(after)s * interval '1 minute' from steps where conversation_id = %(id)s and trigger = 'person'"
        " returning conversation_id",
        after=after_min, id=conversation_id,
    )  # fmt: skip


def test_the_median_of_recent_answers_is_told_once_there_are_enough(rooms: Rooms) -> None:
    for conversation_id, after_min in ((1, 2), (2, 10)):
        answer(rooms, conversation_id, after_min)
    assert told(rooms) is None, "two answers tell nothing yet"
    answer(rooms, 3, 30)
    assert told(rooms) == {"minutes": 10}
