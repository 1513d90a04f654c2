"""Failed events: retried later, and turned into dead letters in the end."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import psycopg

from bot.engine import giving_up
from core import telemetry
from core.clock import Clock
from core.errors import Broken, TurnoError, Unreachable
from core.retry import backoff_s
from core.settings import Settings
from core.store.db import Database, Tx
from core.store.path import commit, inbox, sessions
from core.store.path.sessions import Lease
from core.telemetry import log

OF_ONE_TURN = (psycopg.IntegrityError, psycopg.DataError, psycopg.ProgrammingError, Broken)
OF_THE_DATABASE = (psycopg.Error, TurnoError)

LONGEST_ERROR = 500


def of_one_turn(error: Exception) -> bool:
    """One turn of a group causes it, or a bug of ours does: not an outage, which is no attempt of anybody."""
    return isinstance(error, OF_ONE_TURN) or not isinstance(error, OF_THE_DATABASE)


def error_line(error: Exception) -> str:
    """An error in one line, without anything a customer wrote."""
    return f"{type(error).__name__}: {error}"[:LONGEST_ERROR] if isinstance(error, TurnoError) else type(error).__name__


def put_off(tx: Tx, claimed: Lease, error: Exception, settings: Settings, *, token: int) -> None:
    """Leave the conversation alone for a while, longer each time; the event stays at the head of its line."""
    event = claimed.event
    assert event is not None
    inbox.note_failure(tx, [(event.id, claimed.claims, error_line(error))])
    wait_s = backoff_s(claimed.claims, first_s=settings.event_backoff_s)
    sessions.release(tx, {claimed.session.conversation_id: wait_s}, token=token)
    telemetry.put_off(event.kind)


def bury(tx: Tx, claimed: Lease, now: datetime, settings: Settings, *, token: int) -> None:
    """The event becomes a dead letter, the customer is told honestly, and the line goes on."""
    event = claimed.event
    assert event is not None
    why = f"given up after {claimed.claims - 1} attempts: {claimed.last_error or 'its worker died'}"[:LONGEST_ERROR]
    log.error("event.buried", correlation_id=event.correlation_id, kind=event.kind, error=why)
    telemetry.buried(event.kind)
    turn = giving_up.bury(claimed.session, replace(event, attempts=claimed.claims - 2), why, now, settings)
    commit.turns(tx, [turn], token=token)


def bury_silently(tx: Tx, claimed: Lease, error: Exception, *, token: int) -> None:
    """The event becomes a dead letter and nothing is said, because even saying so fails."""
    event = claimed.event
    assert event is not None
    log.error("event.buried_silently", correlation_id=event.correlation_id, kind=event.kind, error=error_line(error))
    inbox.finish(
        tx, [(event.id, claimed.claims - 1, f"{claimed.last_error}; then {error_line(error)}"[:LONGEST_ERROR])]
    )
    sessions.forgive(tx, [claimed.session.conversation_id], token=token)


class Failures:
    """Events that fail with one worker."""

    def __init__(self, db: Database, clock: Clock, settings: Settings, *, token: int):
        self._db, self._clock, self._settings, self._token = db, clock, settings, token

    def put_off(self, claimed: Lease, error: Exception) -> None:
        """Try the event again later."""
        log.error(
            "turn.failed",
            correlation_id=claimed.event.correlation_id if claimed.event else None,
            error=type(error).__name__,
            attempt=claimed.claims,
            exc_info=error,
        )
        with self._db.transaction() as tx:
            put_off(tx, claimed, error, self._settings, token=self._token)

    def give_up(self, claimed: Lease) -> None:
        """Bury the event: in silence where telling its customer fails as well."""
        try:
            with self._db.transaction() as tx:
                bury(tx, claimed, self._clock.now(), self._settings, token=self._token)
        except Unreachable:
            raise
        except Exception as error:
            with self._db.transaction() as tx:
                bury_silently(tx, claimed, error, token=self._token)
