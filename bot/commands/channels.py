"""`channels`: the numbers we answer on; resume one whose sending is paused."""

from __future__ import annotations

import argparse

from bot.commands.opening import open_database, open_settings
from core.store import desks, outbox


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("channels", help="list the numbers we answer on, or resume a paused one")
    parser.add_argument("--resume", metavar="ADDRESS", help="let this number send again")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    db = open_database(open_settings(), name="channels")
    with db.transaction() as tx:
        if chosen.resume and not outbox.resume_number(tx, "whatsapp", chosen.resume):
            print(f"no such number: {chosen.resume}")
            return 2
        for row in desks.channels(tx):
            paused = f"  paused until {row.paused_until:%Y-%m-%d %H:%M}: {row.paused_why}" if row.paused_until else ""
            print(f"{row.kind:9} {row.address:18} {row.desk_id or '(nobody answers)'}{paused}")
    db.close()
    return 0
