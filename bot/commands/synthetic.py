"""A synthetic customer of one desk, for as long as a test of the deployment takes: nothing of it is left afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from core import erasing
from core.errors import Broken
from core.settings import Settings
from core.store import desks
from core.store.db import Database
from core.store.files.photos_shared import keeping
from core.store.people import synthetic
from core.store.rows import DeskRow


@contextmanager
def customer(db: Database, settings: Settings, desk_id: str) -> Iterator[str]:
    """The address at which it speaks."""
    with db.transaction() as tx:
        address = synthetic.begin(tx, _desk(desks.all_of(tx), desk_id), datetime.now(UTC))
    try:
        yield address
    finally:
        erasing.forget_synthetic(db, address, keeping(settings, db))


def _desk(known: Sequence[DeskRow], desk_id: str) -> str:
    """The desk of this name; without one, that of strangers in the chat, or the first."""
    chosen = [desk for desk in known if desk.id == desk_id] if desk_id else _strangers_first(known)
    if not chosen:
        raise Broken(f"there is no desk {desk_id}" if desk_id else "there is no desk: nobody would answer")
    return str(chosen[0].id)


def _strangers_first(known: Sequence[DeskRow]) -> list[DeskRow]:
    return sorted(known, key=lambda desk: not desk.settings.get("chat_first"))
