"""`events`: the dead letters; put one back in line, or try what it would do."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from bot.commands.opening import open_database, open_settings
from bot.workers.trying import try_out
from core import bell
from core.bell import Bell
from core.settings import Settings
from core.store import inbox
from core.store.db import Database


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("events", help="list dead letters, or replay one")
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument("--replay", type=int, metavar="ID", help="put this dead letter back in line")
    chosen.add_argument("--try", type=int, metavar="ID", dest="tried", help="show what it would do now, and do nothing")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    settings = open_settings()
    db = open_database(settings, name="events")
    if chosen.tried is not None:
        return _try(db, settings, chosen.tried)
    with db.transaction() as tx:
        if chosen.replay is not None and not inbox.replay(tx, chosen.replay):
            print(f"{chosen.replay} is not a dead letter whose conversation and desk are there")
            return 2
        for row in inbox.buried(tx):
            print(f"{row.id:>10} {row.kind:12} {row.received_at:%Y-%m-%d %H:%M} {row.error}")
    if chosen.replay is not None:
        ringer = Bell(db.url)
        ringer.ring(bell.INBOX)
        ringer.close()
    db.close()
    return 0


def _try(db: Database, settings: Settings, event_id: int) -> int:
    trial = try_out(db, settings, event_id, datetime.now(UTC))
    db.close()
    if trial is None:
        print(f"{event_id} is no event whose conversation and desk are there")
        return 2
    if trial.error:
        print(f"it would fail: {trial.error}  {trial.where}")
        return 1
    print(f"{trial.before or '(new)'} → {trial.after}  {trial.trigger}  {trial.note}".rstrip())
    for what, which in trial.records:
        print(f"  {what}: {which}")
    for said in trial.said:
        print(f"  says: {said.text}")
    return 0
