"""The figures of a new version, asked of the database: for who has no Prometheus.

Errors of the server are in no table, so sends that failed stand for them; the disks are those of this machine.
"""

from __future__ import annotations

from bot.commands.rollout_verdict import Figures
from core import machine
from core.settings import Settings
from core.store import postgres, rollouts
from core.store.db import Database

WITHIN_S = 1800.0


def figures(db: Database, settings: Settings) -> Figures:
    """Nothing is known while no rollout is under way, or while no worker of its version is at work."""
    with db.transaction() as tx:
        standing, found, twice = rollouts.now(tx), rollouts.figures(tx, within_s=WITHIN_S), postgres.said_twice(tx)
    if standing is None or standing.withdrawn or not found.workers:
        return Figures()
    return Figures(
        turns=found.turns,
        errors=found.failed / found.turns if found.turns else None,
        p95_s=found.p95_s,
        p95_s_of_others=found.p95_s_of_others,
        ai_open=found.ai_open,
        ai_open_of_others=found.ai_open_of_others,
        disk_used=1 - min(disk.free for disk in machine.disks(settings.folders).values()),
        dead_letters=found.dead_letters,
        said_twice=twice,
    )
