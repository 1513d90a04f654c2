"""`tickets`: list the newest tickets; open one by hand; change the status of one, which its customer is notified of."""

from __future__ import annotations

import argparse

from bot.commands import tickets_open
from bot.commands.naming import add_by, plain, who
from bot.commands.opening import open_database, open_settings
from core import bell
from core.bell import Bell
from core.store.db import Tx
from core.store.staff import audit, tickets

OPEN = "open"
STATUSES = ("pending", "in_progress", "resolved", "cancelled")


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "tickets", help="list the newest tickets, open one by hand, or change the status of one"
    )
    parser.add_argument("number", nargs="?", help="such as TKT-1A2B3C4D; or `open`")
    parser.add_argument("status", nargs="?", choices=STATUSES)
    parser.add_argument("--note", default="", help="a sentence the customer reads with it")
    tickets_open.add_options(parser)
    add_by(parser)
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    db = open_database(open_settings(), name="tickets")
    try:
        with db.transaction() as tx:
            if not chosen.status and chosen.number != OPEN:
                return _show(tx, chosen.number)
            wrong = tickets_open.run(tx, chosen) if chosen.number == OPEN else _ask(tx, chosen)
        if wrong:
            print(wrong)
            return 2
        ringer = Bell(db.url)
        ringer.ring(bell.INBOX)
        ringer.close()
        return 0
    finally:
        db.close()


def _ask(tx: Tx, chosen: argparse.Namespace) -> str:
    """Put it in the inbox, for the next turn of its conversation; or why not."""
    found = tickets.find(tx, chosen.number)
    if found is None:
        return f"there is no ticket {chosen.number}"
    if found.status == chosen.status:
        return f"{chosen.number} is {chosen.status} already"
    by, note = plain(chosen.by), chosen.note
    event_id = tickets.ask_status(tx, found, chosen.status, by=by, note=note, expected=found.status)
    if event_id is None:
        return f"the customer of {chosen.number} was erased: it stays as it is"
    did, subject = f"made a ticket {chosen.status.replace('_', ' ')}", f"ticket:{chosen.number} event:{event_id}"
    audit.note(tx, who=who(chosen.by), did=did, subject=subject, desk=found.desk_id)
    print(f"{chosen.number}: {found.status} → {chosen.status}, by event {event_id}")
    return ""


def _show(tx: Tx, number: str | None) -> int:
    rows = [tickets.find(tx, number)] if number else tickets.newest(tx)
    for row in rows:
        if row is None:
            print(f"there is no ticket {number}")
            return 2
        print(f"{row.number}  {row.kind:13} {row.status:12} {row.desk_id:15} {row.created_at:%Y-%m-%d %H:%M}")
    return 0
