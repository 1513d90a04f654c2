"""`events`: the dead letters; put one back in line."""

from __future__ import annotations

import argparse

from bot.commands.opening import open_database, open_settings
from core import bell
from core.bell import Bell
from core.store import inbox


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("events", help="list dead letters, or replay one")
    parser.add_argument("--replay", type=int, metavar="ID", help="put this dead letter back in line")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    db = open_database(open_settings(), name="events")
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
