"""Set-up shared by all commands: settings, and the database they name."""

from __future__ import annotations

from bot import channels
from bot.workers.house import find_desks, open_desks
from core import crashpoints, settings, telemetry
from core.settings import Settings
from core.store import embedded
from core.store.db import Database


def open_settings(*, log_refusals: bool = True) -> Settings:
    """The settings of a command; desks are loaded. Those that are refused are logged, unless the command tells of them."""
    loaded = settings.load()
    channels.discover(loaded.channels_folder)
    telemetry.configure(loaded)
    crashpoints.arm(loaded.turno_crash_at)
    (open_desks if log_refusals else find_desks)(loaded)
    return loaded


def open_database(loaded: Settings, *, name: str) -> Database:
    return Database(
        embedded.url_for(loaded), pool=loaded.database_pool, timeout_s=loaded.commit_timeout_s, name=f"turno {name}"
    )
