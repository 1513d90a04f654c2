"""The steps of the schema, in their order, and how to take them."""

from __future__ import annotations

from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory

ROOT = Path(__file__).parents[2]


def config(url: str = "") -> Config:
    made = Config(ROOT / "alembic.ini")
    made.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return made


def revisions() -> list[str]:
    """From the first to the last."""
    script = ScriptDirectory.from_config(config())
    return [step.revision for step in reversed(list(script.walk_revisions()))]
