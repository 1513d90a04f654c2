"""Stepping recorded conversations once more: what differs, and of what nobody can tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from bot.engine.retrace import Recorded, retrace
from core.messages import Event
from core.reading import Reading
from core.session import Session
from core.turn import Turn
from tests.unit.talk import DESK, FACTS, SETTINGS, Talk

PIN = {"latitude": 25.6514, "longitude": -100.2895}
HERE = "25.651400,-100.289500"


def recorded(turn: Turn) -> Recorded:
    """The step as it was written down."""
    return Recorded(
        version=turn.after.version,
        at=turn.event.sent_at or turn.after.heard_at,  # type: ignore[arg-type]  # who spoke was heard
        ended_in=f"{turn.after.flow}.{turn.after.state}",
        said=[(reply.kind, reply.text) for reply in turn.replies],
        reading=Reading.from_json(turn.reading.as_json()),
        event=turn.event,
        fresh=Session(1, DESK),
    )


@pytest.fixture
def vehicle() -> list[Recorded]:
    """A vehicle report with a pin, as it is recorded today."""
    talk = Talk()
    for text in ("carro", "54321", "483765723", "no enciende"):
        talk.say(text)
    talk.event("location", **PIN)
    assert talk.where == "vehicle.reported"
    return [recorded(turn) for turn in talk.turns]


def knowing(steps: list[Recorded], **facts: Mapping[str, Any] | None) -> list[Recorded]:
    """The same steps, with other facts looked up for the last one; None takes all of a kind away."""
    known = {**steps[-1].reading.facts, **facts}
    kept = {kind: found for kind, found in known.items() if found is not None}
    return [*steps[:-1], replace(steps[-1], reading=replace(steps[-1].reading, facts=kept))]


def test_a_conversation_that_would_go_the_same_way_tells_nothing(vehicle: list[Recorded]) -> None:
    assert retrace(vehicle, SETTINGS) == []


def test_what_would_be_said_otherwise_is_told_with_both_sentences(vehicle: list[Recorded]) -> None:
    changed = [replace(vehicle[0], said=[("text", "Buenos días")]), *vehicle[1:]]
    [difference] = retrace(changed, SETTINGS)
    assert difference.compared and "Buenos días" in difference.then and "número de empleado" in str(difference)


def test_a_step_that_needs_what_nobody_looked_up_then_is_not_compared(vehicle: list[Recorded]) -> None:
    [difference] = retrace(knowing(vehicle, way=None), SETTINGS)
    assert not difference.compared
    assert "nobody looked up then: way " in difference.now


def test_a_fact_of_then_that_lacks_a_part_of_today_is_not_compared(vehicle: list[Recorded]) -> None:
    centre = {name: value for name, value in FACTS["centre"][HERE].items() if name not in ("opens", "closes", "days")}
    [difference] = retrace(knowing(vehicle, centre={HERE: centre}), SETTINGS)
    assert not difference.compared
    assert "has no 'opens'" in difference.now


def test_a_history_that_is_no_longer_whole_is_not_compared(vehicle: list[Recorded]) -> None:
    [difference] = retrace([vehicle[0], replace(vehicle[1], event=None), *vehicle[2:]], SETTINGS)
    assert not difference.compared and difference.version == 2 and "no longer whole" in difference.now


def test_code_that_breaks_today_is_told_and_ends_nothing(vehicle: list[Recorded]) -> None:
    strange = replace(vehicle[0], event=Event("e", "text", text="hola", content=None, sent_at=vehicle[0].at))  # type: ignore[arg-type]
    odd = replace(strange, reading=Reading("", facts=None))  # type: ignore[arg-type]
    [difference] = retrace([odd], SETTINGS)
    assert difference.compared and "it breaks: AttributeError" in difference.now
