"""Queries under a restricted role: one SELECT, on a connection of its own that is closed afterwards.

The role logs in by itself, so that behind it there is nobody to fall back to; nothing that a question changes in its
session is there for the next one. `docs/console.md` says what was tried against it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from core.rows import Rows
from core.store.asking import backend_limits, fetching
from core.store.asking.question import Limits, Question, Unanswered, message_of

ROLE = "turno_console"
NOTHING = Question("select", {}, frozenset())
AFTER_IT = 1.5
"""One statement may take its time; all of them together, a bit more."""


def url_of(chosen: str, main: str) -> str:
    """The URL by which the role logs in: as configured, or the same server without a password, as the embedded one allows."""
    return chosen or make_conninfo(main, user=ROLE, password="")


class Confined:
    """At most `at_once` questions run at the same moment in this process; the others wait a little, or are told so."""

    def __init__(self, url: str, *, at_once: int = 2, wait_s: float = 5.0):
        self._url = url
        self._places = BoundedSemaphore(at_once)
        self._wait_s = wait_s

    def ask(self, question: Question, limits: Limits) -> Rows:
        """The rows, as many as the limits allow; raises Unanswered."""
        with self._session(question, limits) as connection:
            return fetching.first(fetching.batches(connection, question, limits), limits)

    def stream(self, question: Question, limits: Limits) -> Iterator[Rows]:
        """The rows a batch at a time, as long as somebody takes them; the first batch is there even when it is empty."""
        with self._session(question, limits) as connection:
            yield from fetching.batches(connection, question, limits)

    def closed(self) -> str:
        """Why nobody can ask at all; nothing when one can."""
        try:
            with self._session(NOTHING, Limits()):
                return ""
        except Unanswered as problem:
            return str(problem)

    def explain(self, question: Question, limits: Limits) -> list[str]:
        """How it would be answered; nothing is run."""
        text = f"explain select * from (\n{question.sql}\n) as asked".encode()  # noqa: S608  # SQL is what staff ask
        with self._session(question, limits) as connection:
            return [row[0] for row in connection.execute(text, question.values, binary=True).fetchall()]

    @contextmanager
    def _session(self, question: Question, limits: Limits) -> Iterator[psycopg.Connection[Any]]:
        """A connection for one question. A caller that stops taking rows ends the query."""
        if not self._places.acquire(timeout=self._wait_s):
            raise Unanswered("Too much is being asked at once. Try again in a moment.")
        try:
            with _words(limits), self._connected(question, limits) as connection:
                yield connection
        finally:
            self._places.release()

    @contextmanager
    def _connected(self, question: Question, limits: Limits) -> Iterator[psycopg.Connection[Any]]:
        try:
            connection = psycopg.connect(self._url, options=_options(question, limits), connect_timeout=5)
        except psycopg.OperationalError as error:
            raise Unanswered(f"{ROLE} cannot log in: {_last_line(error)}") from None
        try:
            if connection.info.user != ROLE:
                raise Unanswered(f"CONSOLE_DATABASE_URL logs in as {connection.info.user}, not as {ROLE}.")
            connection.read_only = True
            connection.prepare_threshold = None
            with backend_limits.watched(connection):
                yield connection
        finally:
            connection.close()


def _options(question: Question, limits: Limits) -> str:
    one, all_of_it = (int(seconds * 1000) for seconds in (limits.timeout_s, limits.timeout_s * AFTER_IT))
    desks = question.seen.replace("\\", "\\\\").replace(" ", "\\ ")
    return (
        f"-c turno.desks={desks} -c statement_timeout={one} -c transaction_timeout={all_of_it} -c timezone=UTC"
        " -c client_connection_check_interval=1000 -c application_name=turno\\ console"
    )


@contextmanager
def _words(limits: Limits) -> Iterator[None]:
    try:
        yield
    except (psycopg.errors.QueryCanceled, psycopg.errors.TransactionTimeout):
        raise Unanswered(f"It took longer than {limits.timeout_s:g} s and was stopped.") from None
    except psycopg.Error as error:
        raise Unanswered(message_of(error)) from None


def _last_line(error: psycopg.Error) -> str:
    return (str(error).strip().splitlines() or ["nobody answers"])[-1].rpartition("FATAL: ")[2].strip()
