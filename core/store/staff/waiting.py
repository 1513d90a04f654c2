"""Hand-over queue: customers who asked for a person while no member of staff holds the conversation.

`desks` is whose business the reader may see; None: everybody's.
"""

from __future__ import annotations

from collections.abc import Collection

from core.kinds import UNSPOKEN
from core.store.db import Database, Tx
from core.store.staff.conversations import listed
from core.store.staff.rows import waiting as rows

MOST = 200
"""A longer line is counted no further: it is long enough."""
SHOWN = 50


def line(db: Database, *, desks: Collection[str] | None) -> list[int]:
    """The conversations that wait, the longest wait first. One look into a small index."""
    return [row.id for row in db.at_once(rows.WAITING, desks=listed(desks), most=MOST)]


def shown(tx: Tx, *, desks: Collection[str] | None, desk: str | None = None) -> list[rows.InLine]:
    """The conversations that wait longest for a person, with contact and last message."""
    return tx.rows(rows.IN_LINE, desks=listed(desks), desk=desk, unspoken=list(UNSPOKEN), most=SHOWN)
