"""`tickets`: the newest tickets; give one another status, of which its customer is told."""

from __future__ import annotations

import argparse
import getpass

from bot.commands.opening import open_database, open_settings
from core import bell
from core.bell import Bell
from core.store import tickets
from core.store.db import Tx

STATUSES = ("pending", "in_progress", "resolved", "cancelled")


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("tickets", help="list the newest tickets, or change the status of one")
    parser.add_argument("number", nargs="?", help="such as TKT-1A2B3C4D")
    parser.add_argument("status", nargs="?", choices=STATUSES)
    parser.add_argument("--note", default="", help="a sentence the customer reads with it")
    parser.add_argument("--by", default=getpass.getuser(), help="who does it")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    db = open_database(open_settings(), name="tickets")
    with db.transaction() as tx:
        code = _change(tx, chosen) if chosen.status else _show(tx, chosen.number)
    if chosen.status and code == 0:
        ringer = Bell(db.url)
        ringer.ring(bell.INBOX)
        ringer.close()
    db.close()
    return code


def _change(tx: Tx, chosen: argparse.Namespace) -> int:
    found = tickets.find(tx, chosen.number)
    if found is None:
        print(f"there is no ticket {chosen.number}")
        return 2
    if not tickets.change(tx, chosen.number, chosen.status, by=chosen.by, note=chosen.note):
        print(f"{chosen.number} is {chosen.status} already")
        return 2
    print(f"{chosen.number}: {found.status} → {chosen.status}")
    return 0


def _show(tx: Tx, number: str | None) -> int:
    rows = [tickets.find(tx, number)] if number else tickets.newest(tx)
    for row in rows:
        if row is None:
            print(f"there is no ticket {number}")
            return 2
        print(f"{row.number}  {row.kind:13} {row.status:12} {row.desk_id:15} {row.created_at:%Y-%m-%d %H:%M}")
    return 0
