"""The conversations of the steady load are what they say they are: the load counts replies and tickets by it."""

from __future__ import annotations

import pytest

from bench.letters import Script
from bench.scripts import SCRIPTS
from core.turn import TicketOpened
from tests.unit.talk import Talk


@pytest.mark.parametrize(("script", "opens"), SCRIPTS, ids=[" · ".join(script[:2]) for script, _ in SCRIPTS])
def test_each_line_is_answered_once_and_a_ticket_opened_where_it_says(script: Script, opens: int | None) -> None:
    talk = Talk()
    turns = [talk.say(line) for line in script]
    assert [len(turn.replies) for turn in turns] == [1] * len(script)
    tickets = [n for n, turn in enumerate(turns) for record in turn.records if isinstance(record, TicketOpened)]
    assert tickets == ([] if opens is None else [opens])


def test_all_scripts_are_equally_long() -> None:
    assert len({len(script) for script, _ in SCRIPTS}) == 1
