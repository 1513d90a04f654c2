"""Read-only queries for staff: one SELECT in a read-only transaction, within limits of time, rows and bytes.

It has connections of its own, few of them, so that nothing staff look at takes one from the door or from a worker. The
desks whose rows may be seen are set for each transaction and read by the views of `report`; a connection on which
nobody set them sees none. Queries run as a role that may read `report` and nothing else, where the server
let the migration make one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Any

import psycopg
from psycopg import sql

from core.rows import Rows
from core.store.asking import backend_limits, fetching
from core.store.asking.question import ALL_DESKS, EXPORT, Limits, Question, Unanswered, gone, line_of, message_of
from core.store.db import Database

__all__ = ["ALL_DESKS", "EXPORT", "Limits", "Question", "Unanswered", "Viewing"]

ROLE = "turno_panels"
MAY_BE_IT = "select count(*) from pg_roles where rolname = %s and pg_has_role(oid, 'set')"
EXPORTS_AT_ONCE = 2
UNTAKEN_S = 60.0
"""A download of which nobody takes anything for so long is broken off: it holds a place, and what it sees is kept."""
_OPTIONS = "-c default_transaction_read_only=on -c turno.desks=, -c search_path=report -c work_mem=32MB"


class Viewing:
    """At most `at_once` questions run at the same moment in this process; the others wait a little, or are told so."""

    def __init__(self, url: str, *, at_once: int = 3, wait_s: float = 10.0):
        self._db = Database(
            url, pool=at_once + EXPORTS_AT_ONCE + 1, timeout_s=EXPORT.timeout_s, name="turno window", options=_OPTIONS
        )
        self._places = BoundedSemaphore(at_once)
        self._exports = BoundedSemaphore(EXPORTS_AT_ONCE)
        self._aside = BoundedSemaphore(1)
        self._wait_s = wait_s
        self._may_be_it: bool | None = None

    def ask(self, question: Question, limits: Limits) -> Rows:
        """The rows, as many as the limits allow; raises Unanswered."""
        with self._place(self._places), self._transaction(question, limits) as connection:
            return fetching.first(fetching.batches(connection, question, limits), limits)

    def ask_aside(self, question: Question, limits: Limits) -> Rows:
        """The same for what every page needs and what takes no time: slow questions of others do not keep it waiting."""
        with self._place(self._aside), self._transaction(question, limits) as connection:
            return fetching.first(fetching.batches(connection, question, limits), limits)

    def stream(self, question: Question, limits: Limits = EXPORT) -> Iterator[Rows]:
        """Every row, a batch at a time; the first batch is there even when it is empty."""
        with self._place(self._exports), self._transaction(question, limits) as connection:
            yield from fetching.batches(connection, question, limits)

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def _place(self, places: BoundedSemaphore) -> Iterator[None]:
        if not places.acquire(timeout=self._wait_s):
            raise Unanswered("Too much is being asked at once. It will be tried again.")
        try:
            yield
        finally:
            places.release()

    @contextmanager
    def _transaction(self, question: Question, limits: Limits) -> Iterator[psycopg.Connection[Any]]:
        with self._db.connection() as connection:
            try:
                self._prepare(connection, question, limits)
                with backend_limits.watched(connection):
                    yield connection
            except psycopg.errors.QueryCanceled:
                raise Unanswered(f"It took longer than {limits.timeout_s:g} s and was stopped.") from None
            except psycopg.Error as error:
                if gone(error):
                    raise
                raise _unanswered(error, question) from error
            finally:
                if not connection.closed:
                    connection.rollback()

    def _prepare(self, connection: psycopg.Connection[Any], question: Question, limits: Limits) -> None:
        connection.execute(
            "select set_config('turno.desks', %s, true), set_config('statement_timeout', %s, true),"
            " set_config('idle_in_transaction_session_timeout', %s, true)",
            (question.seen, str(int(limits.timeout_s * 1000)), str(int(UNTAKEN_S * 1000))),
        )
        if self._has_role(connection):
            connection.execute(sql.SQL("set local role {}").format(sql.Identifier(ROLE)))

    def _has_role(self, connection: psycopg.Connection[Any]) -> bool:
        if self._may_be_it is None:
            self._may_be_it = connection.execute(MAY_BE_IT, (ROLE,)).fetchone() == (1,)
        return self._may_be_it


def _unanswered(error: psycopg.Error, question: Question) -> Unanswered:
    told = Unanswered(message_of(error))
    told.line = line_of(error, question.sql)
    return told
