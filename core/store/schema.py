"""The schema's revisions: which there are, and the way to the newest."""

from __future__ import annotations

from functools import cache

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from core.store.db import sqlalchemy_url


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
