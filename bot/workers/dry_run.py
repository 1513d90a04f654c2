"""Dry run: one event is stepped and its turn written, in a transaction that is rolled back.

So it meets everything a worker would meet, the database's own rules too. It is read by the rules alone: a dry run is
free, quick, and the same each time. A lease that a worker holds is not disturbed: what is written here, nobody sees.
"""

from __future__ import annotations

import secrets
import traceback
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any

import bot
from bot.desks import DESKS
from bot.engine import step as engine
from bot.nlu.reader import Reader
from bot.workers import failures
from bot.workers.slow_facts import Reckoned
from bot.workers.stepping import Ready, step_all
from core.dry_run import Trial
from core.errors import Broken
from core.reading import Reading
from core.session import Session
from core.settings import Settings
from core.store.db import Database, Tx
from core.store.path import commit, inbox, sessions
from core.store.path.sessions import Lease
from core.store.staff import switches
from core.turn import (
    ErrandWanted,
    HoldKept,
    HoldReleased,
    OptOutSet,
    Record,
    SaidAgain,
    SurveyAnswer,
    SurveyFinished,
    TicketAdded,
    TicketChanged,
    TicketOpened,
    TimerSet,
    Turn,
)

ROOT = Path(bot.__file__).resolve().parent.parent


class _TakenBack(Exception):
    """Ends the transaction, and with it everything that was done."""

    def __init__(self, turn: Turn):
        self.turn = turn


def try_out(db: Database, settings: Settings, event_id: int, now: datetime) -> Trial | None:
    """Dry-run this event now. None when it has no conversation, or no desk answers there."""
    try:
        with db.transaction() as tx:
            turn = _turn(tx, settings, event_id, now)
            if turn is None:
                return None
            raise _TakenBack(turn)
    except _TakenBack as done:
        return trial_of(done.turn)
    except Exception as error:
        return Trial(error=failures.error_line(error), where=_where(error))


def _turn(tx: Tx, settings: Settings, event_id: int, now: datetime) -> Turn | None:
    token = secrets.randbits(62)
    claimed = sessions.borrow(tx, event_id, token=token)
    if claimed is None or claimed.event is None:
        return None
    inbox.replay(tx, event_id)
    by_rules = Reader(settings.model_copy(update={"smart_mode": False}), DESKS)
    reading = by_rules.read(claimed.event, engine.expects(claimed.session, claimed.event), claimed.session)
    assert isinstance(reading, Reading), "nobody is asked"
    turn = _stepped(tx, claimed, reading.under(switches.off(tx)), now, settings)
    if not commit.turns(tx, [turn], token=token):
        raise Broken("the session could not be saved")
    return turn


def _stepped(tx: Tx, claimed: Lease, reading: Reading, now: datetime, settings: Settings) -> Turn:
    """The step of a worker, facts and all; slow ones are reckoned, because nobody outside is asked."""
    done = step_all(lambda: nullcontext(tx), [Ready(claimed, reading)], now, settings, Reckoned())
    for _, error in done.failed:
        raise error
    return done.turns[0]


def trial_of(turn: Turn) -> Trial:
    return Trial(
        before=_place(turn.before),
        after=_place(turn.after),
        language=turn.after.language,
        trigger=turn.trigger,
        note=turn.note,
        said=turn.replies,
        slots=_changed(turn.before, turn.after),
        records=[_record(record) for record in turn.records],
        timers=[(timer.name, timer.due_at if isinstance(timer, TimerSet) else None) for timer in turn.timers],
    )


def _place(session: Session) -> str:
    return f"{session.flow}.{session.state}" if session.flow else ""


def _changed(before: Session, after: Session) -> list[tuple[str, Any, Any]]:
    names = sorted(before.slots.keys() | after.slots.keys())
    values = [(name, _value(before, name), _value(after, name)) for name in names]
    return [each for each in values if each[1] != each[2]]


def _value(session: Session, name: str) -> Any:
    slot = session.slots.get(name)
    return slot.value if slot else None


def _record(record: Record) -> tuple[str, str]:
    if isinstance(record, TicketOpened):
        return "ticket opened", f"{record.kind} {record.number}"
    if isinstance(record, TicketChanged):
        return (
            "ticket changed",
            f"{record.number} {record.what}: {record.before or 'nobody'} → {record.after or 'nobody'}",
        )
    if isinstance(record, TicketAdded):
        return "added to ticket", record.number
    if isinstance(record, SurveyAnswer):
        return "rating", f"{record.ticket} question {record.question}: {record.rating}"
    if isinstance(record, SurveyFinished):
        return "survey", f"{record.ticket} {record.status}"
    if isinstance(record, ErrandWanted):
        return "errand", f"{record.service}: {record.what}"
    return _other_record(record)


def _other_record(record: Record) -> tuple[str, str]:
    if isinstance(record, HoldKept):
        return "hold kept", f"{record.key} for {record.for_s:g} s"
    if isinstance(record, HoldReleased):
        return "hold released", record.key
    if isinstance(record, OptOutSet):
        return "opt-out", "set" if record.out else "taken back"
    assert isinstance(record, SaidAgain)
    return "said again", f"send {record.outbound}"


def _where(error: Exception) -> str:
    """The innermost line of ours that it passed."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if Path(f.filename).is_relative_to(ROOT)]
    ours = [f for f in frames if ".venv" not in f.filename]
    return f"{Path(ours[-1].filename).relative_to(ROOT)}:{ours[-1].lineno} in {ours[-1].name}" if ours else ""
