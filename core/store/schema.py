"""The schema's revisions: which there are, and the way to the newest."""

from __future__ import annotations

from functools import cache

import psycopg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from core.errors import Unreachable
from core.store.db import sqlalchemy_url

OLDEST_POSTGRES = 17
"""Older ones do not know `transaction_timeout`, which the schema sets."""


def postgres_problem(url: str) -> str:
    """Why this PostgreSQL cannot hold the schema, in one sentence; "" when it can. Raises Unreachable."""
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            version = connection.info.server_version // 10_000
    except psycopg.OperationalError as error:
        raise Unreachable(type(error).__name__) from None
    too_old = f"PostgreSQL {version} is too old: Turno needs {OLDEST_POSTGRES} or newer. Nothing was changed."
    return too_old if version < OLDEST_POSTGRES else ""


@cache
def head() -> str | None:
    """The revision that this code was written for."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def knows(revision: str) -> bool:
    """True when this version has that revision: it can bring such a database up to its own."""
    try:
        return ScriptDirectory.from_config(_config()).get_revision(revision) is not None
    except CommandError:
        return False


def upgrade(url: str) -> None:
    """Bring a database to the newest revision."""
    config = _config()
    config.set_main_option("sqlalchemy.url", sqlalchemy_url(url).replace("%", "%%"))
    command.upgrade(config, "head")


def _config() -> Config:
    """The same as `alembic.ini`, which an installed package does not have beside its code."""
    config = Config()
    config.set_main_option("script_location", "core:../migrations")
    config.set_main_option("path_separator", "os")
    return config
