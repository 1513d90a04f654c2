"""The schema's revisions: which there are, and the way to the newest."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError

import core
from core.store.db import sqlalchemy_url

ALEMBIC = Path(core.__file__).parents[1] / "alembic.ini"


@cache
def head() -> str | None:
    """The revision that this code was written for."""
    return ScriptDirectory.from_config(Config(ALEMBIC)).get_current_head()


def knows(revision: str) -> bool:
    """True when this version has that revision: it can bring such a database up to its own."""
    try:
        return ScriptDirectory.from_config(Config(ALEMBIC)).get_revision(revision) is not None
    except CommandError:
        return False


def upgrade(url: str) -> None:
    """Bring a database to the newest revision."""
    config = Config(ALEMBIC)
    config.set_main_option("sqlalchemy.url", sqlalchemy_url(url).replace("%", "%%"))
    command.upgrade(config, "head")
