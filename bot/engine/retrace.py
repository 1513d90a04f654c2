"""Replay of recorded events. Pure: the readings and facts of then, the flows of today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from bot.engine import bursts, giving_up
from bot.engine import step as engine
from core.messages import Event
from core.reading import Missing, Reading
from core.session import Session
from core.settings import Settings
from core.turn import OptOutSet, Turn


@dataclass(frozen=True, slots=True)
class Recorded:
    """One recorded step: what came, how it was understood, and what came of it."""

    version: int
    at: datetime
    ended_in: str
    said: Sequence[tuple[str, str]]
    reading: Reading
    event: Event | None
    """None when retention has taken it."""
    fresh: Session
    """The conversation before its first step."""


@dataclass(frozen=True, slots=True)
class Difference:
    conversation_id: int
    version: int
    then: str
    now: str
    compared: bool = True
    """False where nobody can tell: what the step would need was not kept, or not looked up then."""
    turn: Turn | None = None
    """The turn of today, where it is compared."""

    def __str__(self) -> str:
        return f"conversation {self.conversation_id}, step {self.version}:\n  then {self.then}\n  now  {self.now}"


def retrace(recorded: Sequence[Recorded], settings: Settings) -> list[Difference]:
    """Step the conversation from its beginning; where today's code ends or speaks otherwise. After a step that ends
    elsewhere, or of which nobody can tell, the rest is another conversation, and is not compared."""
    session, opted_out = recorded[0].fresh, False
    differences: list[Difference] = []
    for _, burst in groupby(recorded, key=lambda step: step.at):
        steps = list(burst)
        turns, stopped = _retake(session, steps, opted_out, settings)
        for step, turn in zip(steps, bursts.one_answer(turns), strict=False):
            now = _outcome(turn)
            if now != _then(step):
                differences.append(replace(_difference(turn.before, step, now), turn=turn))
            if f"{turn.after.flow}.{turn.after.state}" != step.ended_in:
                return differences
            session = turn.after
            opted_out = next((record.out for record in turn.records if isinstance(record, OptOutSet)), opted_out)
        if stopped:
            return [*differences, stopped]
    return differences


def _retake(
    session: Session, steps: Sequence[Recorded], opted_out: bool, settings: Settings
) -> tuple[list[Turn], Difference | None]:
    """Take again the steps that were written together, and answered by one reply; why it stopped before the last."""
    turns: list[Turn] = []
    for step in steps:
        if step.event is None or step.version != session.version + 1:
            return turns, _unknown(session, step, "its history is no longer whole")
        try:
            turns.append(_step(session, _as_of(step, opted_out), settings))
        except Missing as missing:
            return turns, _unknown(session, step, f"it needs to know what nobody looked up then: {missing}")
        except KeyError as part:
            return turns, _unknown(session, step, f"what was looked up then has no {part}")
        except Exception as error:
            return turns, _difference(session, step, f"it breaks: {type(error).__name__}: {error}")
        session = turns[-1].after
    return turns, None


def _as_of(step: Recorded, opted_out: bool) -> Recorded:
    """Earlier versions kept an opt-out in the session and looked nothing up: it is what this conversation has said."""
    if step.reading.facts.get("opted_out"):
        return step
    return replace(step, reading=step.reading.knowing("opted_out", "person", opted_out))


def _step(session: Session, step: Recorded, settings: Settings) -> Turn:
    event = step.event
    assert event is not None
    if event.error:
        return giving_up.bury(session, event, event.error, step.at, settings)
    return engine.step(session, event, step.reading, step.at, settings)


def _outcome(turn: Turn) -> str:
    said = [(reply.kind, reply.text) for reply in turn.replies]
    return f"{turn.after.flow}.{turn.after.state} {said}"


def _then(step: Recorded) -> str:
    return f"{step.ended_in} {list(step.said)}"


def _unknown(session: Session, step: Recorded, why: str) -> Difference:
    return Difference(session.conversation_id, step.version, _then(step), f"(not compared: {why})", compared=False)


def _difference(session: Session, step: Recorded, now: str) -> Difference:
    return Difference(session.conversation_id, step.version, _then(step), now)
