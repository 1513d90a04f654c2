"""`events`: list dead letters; replay one, put it aside, or dry-run it."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from bot.commands.naming import add_by, who
from bot.commands.opening import open_database, open_settings
from bot.workers.dry_run import try_out
from core import bell
from core.bell import Bell
from core.settings import Settings
from core.store.db import Database, Tx
from core.store.path import inbox
from core.store.staff import audit, dead_letters


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("events", help="list dead letters, replay one, or put one aside")
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument("--replay", type=int, metavar="ID", help="put this dead letter back in line")
    chosen.add_argument("--discard", type=int, metavar="ID", help="put it aside; it stays to be seen")
    chosen.add_argument("--try", type=int, metavar="ID", dest="tried", help="show what it would do now, and do nothing")
    parser.add_argument("--why", default="", help="the reason, which the audit keeps; --discard needs one")
    add_by(parser)
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    if chosen.discard is not None and not chosen.why.strip():
        print("say why it is put aside: --why")
        return 2
    settings = open_settings()
    db = open_database(settings, name="events")
    try:
        return _try(db, settings, chosen.tried) if chosen.tried is not None else _move(db, chosen)
    finally:
        db.close()


def _move(db: Database, chosen: argparse.Namespace) -> int:
    """Do what is asked for, and list what is left."""
    with db.transaction() as tx:
        if wrong := _moved(tx, chosen):
            print(wrong)
            return 2
        for row in inbox.buried(tx):
            print(f"{row.id:>10} {row.kind:12} {row.received_at:%Y-%m-%d %H:%M} {row.error}")
    if chosen.replay is not None:
        ringer = Bell(db.url)
        ringer.ring(bell.INBOX)
        ringer.close()
    return 0


def _moved(tx: Tx, chosen: argparse.Namespace) -> str:
    """Why it was not done; nothing when it was."""
    by = who(chosen.by)
    if chosen.replay is not None:
        if not inbox.replay(tx, chosen.replay):
            return f"{chosen.replay} is not a dead letter whose conversation and desk are there"
        audit.note(tx, who=by, did="replayed a dead letter", subject=f"event:{chosen.replay}", why=chosen.why)
    if chosen.discard is not None:
        if not dead_letters.discard(tx, chosen.discard, who=by, why=chosen.why.strip()):
            return f"{chosen.discard} is no dead letter, or was put aside before"
        audit.note(tx, who=by, did="put a dead letter aside", subject=f"event:{chosen.discard}", why=chosen.why)
    return ""


def _try(db: Database, settings: Settings, event_id: int) -> int:
    trial = try_out(db, settings, event_id, datetime.now(UTC))
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
