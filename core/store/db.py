"""Access to PostgreSQL: transactions, and named queries inside them.

Connections come from SQLAlchemy's pool; statements are ours and go straight to psycopg.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, overload

import orjson
import psycopg
import sqlalchemy
from psycopg.rows import namedtuple_row
from psycopg.types.json import Jsonb, set_json_dumps, set_json_loads

from core import crashpoints
from core.errors import Unreachable
from core.store import queries
from core.store.arrays import ArrayDumper
from core.store.query import Query, R

set_json_dumps(orjson.dumps)
set_json_loads(orjson.loads)
psycopg.adapters.register_dumper(list, ArrayDumper)

__all__ = ["Database", "Jsonb", "Row", "Tx"]

Row = Any
"""A named tuple whose fields are the columns of the query that made it. A `Query` says which, and mypy knows them."""


def sqlalchemy_url(url: str) -> str:
    """The same database, named the way SQLAlchemy wants it."""
    for scheme in ("postgresql://", "postgres://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url


class Tx:
    """One open transaction. Store functions take one, run a named query, and return values."""

    def __init__(self, connection: psycopg.Connection[Any]):
        self._connection = connection
        self._cursor = connection.cursor(row_factory=namedtuple_row)
        self._wrote: list[str] = []

    @overload
    def rows(self, query: Query[R], /, **values: Any) -> list[R]: ...
    @overload
    def rows(self, query: str, /, **values: Any) -> list[Row]: ...
    def rows(self, query: Query[Any] | str, /, **values: Any) -> list[Any]:
        """Run the named query; its rows."""
        if isinstance(query, str):
            return self._execute(self._cursor, query, values).fetchall()
        return self._execute(self._connection.cursor(row_factory=query.row_factory), query.name, values).fetchall()

    def run(self, name: str, /, **values: Any) -> int:
        """Run the named statement; how many rows it touched."""
        return self._execute(self._cursor, name, values).rowcount

    @overload
    def one(self, query: Query[R], /, **values: Any) -> R | None: ...
    @overload
    def one(self, query: str, /, **values: Any) -> Row | None: ...
    def one(self, query: Query[Any] | str, /, **values: Any) -> Any:
        """Run the named query; its first row, or None."""
        rows: list[Any] = self.rows(query, **values)
        return rows[0] if rows else None

    @overload
    def first(self, query: Query[R], /, **values: Any) -> R: ...
    @overload
    def first(self, query: str, /, **values: Any) -> Row: ...
    def first(self, query: Query[Any] | str, /, **values: Any) -> Any:
        """Run a query that always has a row, such as a count; that row."""
        return self.rows(query, **values)[0]

    def _execute(self, cursor: psycopg.Cursor[Any], name: str, values: dict[str, Any]) -> psycopg.Cursor[Any]:
        cursor.execute(queries.load()[name], values)
        if crashpoints.armed and cursor.rowcount > 0:
            self._wrote.append(name)
        return cursor

    def reach(self, moment: str) -> None:
        """Tell those who watch for it how far this transaction has got."""
        if crashpoints.armed:
            crashpoints.reach_commit(self._wrote, moment)


class Database:
    """Transactions on one PostgreSQL. Cheap to make; connects when first used."""

    def __init__(self, url: str, *, pool: int = 4, timeout_s: float = 5.0, name: str = "turno", options: str = ""):
        milliseconds = int(timeout_s * 1000)
        self.url = url
        self.engine = sqlalchemy.create_engine(
            sqlalchemy_url(url),
            pool_size=pool,
            max_overflow=0,
            pool_timeout=timeout_s,
            pool_reset_on_return=None,  # every transaction of ours ends itself
            connect_args={
                "application_name": name,
                "connect_timeout": max(2, round(timeout_s)),
                "prepare_threshold": 2,
                "options": f"-c statement_timeout={milliseconds} -c lock_timeout={milliseconds} -c timezone=UTC"
                f" -c idle_in_transaction_session_timeout=60000 {options}",
            },
        )

    @contextmanager
    def transaction(self) -> Iterator[Tx]:
        """A transaction that commits when the block ends, and leaves nothing behind when it raises.

        A database that cannot be reached, or goes away meanwhile, is `Unreachable`.
        """
        with self.connection() as connection:
            tx = Tx(connection)
            yield tx
            tx.reach("committing")
            connection.commit()
            tx.reach("committed")

    def at_once(self, query: Query[R], /, **values: Any) -> list[R]:
        """The rows of one named query, committed by itself: one trip to the database instead of three."""
        with self.connection() as connection:
            tx = Tx(connection)
            if crashpoints.armed:
                crashpoints.reach_commit([query.name], "committing")
            connection.autocommit = True
            try:
                rows = tx.rows(query, **values)
            finally:
                connection.autocommit = False
            tx.reach("committed")
            return rows

    @contextmanager
    def connection(self) -> Iterator[psycopg.Connection[Any]]:
        """A connection of the pool; whoever takes it ends its transaction."""
        try:
            pooled = self.engine.raw_connection()
        except (sqlalchemy.exc.OperationalError, sqlalchemy.exc.TimeoutError, psycopg.OperationalError) as error:
            raise Unreachable(f"no connection to the database: {type(error).__name__}") from error
        connection: psycopg.Connection[Any] = pooled.driver_connection  # type: ignore[assignment]
        try:
            yield connection
        except BaseException as error:
            self._abandon(pooled, connection)
            if isinstance(error, psycopg.OperationalError):
                raise Unreachable(f"the database did not finish: {type(error).__name__}") from error
            raise
        finally:
            pooled.close()

    def _abandon(self, pooled: Any, connection: psycopg.Connection[Any]) -> None:
        try:
            connection.rollback()
        except psycopg.Error:
            pass  # the connection is gone, and the transaction with it
        if connection.closed:
            pooled.invalidate()
            self.engine.dispose()  # those that rest beside it were cut with it: none of them may cost a transaction

    def close(self) -> None:
        self.engine.dispose()
