"""The desks of this process: those in `DESKS_FOLDER` are loaded, and in development again when their files change."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bot import desks
from bot.desks.loading import Refusal
from core import bell
from core.bell import Ear
from core.settings import Settings
from core.store.db import Tx
from core.store.path import sessions
from core.store.path.sessions import Lease
from core.telemetry import log


def open_desks(settings: Settings) -> None:
    """Load the desks besides ours; a line of the log tells of each that is refused."""
    find_desks(settings)
    _log_refusals([refusal for each in desks.REFUSED.values() for refusal in each])


def find_desks(settings: Settings) -> None:
    """Load the desks besides ours."""
    if settings.desks_folder:
        desks.add_folder(Path(settings.desks_folder))


def _log_refusals(refusals: list[Refusal]) -> None:
    for refusal in refusals:
        log.error(
            "desk.refused", desk=refusal.desk, file=refusal.file, line=refusal.line, why=refusal.why, mend=refusal.mend
        )


def served(tx: Tx, loaded: Sequence[Lease], settings: Settings, *, token: int) -> list[Lease]:
    """Leases whose desk is loaded. The others are given back, uncounted: their events wait until it is."""
    unserved = [claimed.session for claimed in loaded if not desks.serves(claimed.session.desk)]
    if unserved:
        ids = [session.conversation_id for session in unserved]
        sessions.give_back(tx, ids, wait_s=settings.desk_wait_s, token=token)
        menus = sorted({session.desk.menu for session in unserved})
        log.error("desk.unserved", desks=sorted({s.desk.id for s in unserved}), menus=menus, conversations=len(ids))
    return [claimed for claimed in loaded if desks.serves(claimed.session.desk)]


class DeskWatch:
    """In development: looks whether a desk has changed, and loads it anew."""

    name = "desks"

    def __init__(self, ear: Ear, *, every_s: float = 1.0):
        self._ear, self._every_s = ear, every_s

    def run_once(self) -> int:
        """One look. Always 0: then it waits."""
        if changed := desks.refresh():
            log.info("desk.loaded", desks=changed)
            _log_refusals([refusal for name in changed for refusal in desks.REFUSED.get(name, ())])
        return 0

    def wait(self) -> None:
        self._ear.pause(self._every_s)

    def wake(self) -> None:
        self._ear.wake(bell.INBOX)

    def drain(self) -> None:
        """It holds nothing."""
