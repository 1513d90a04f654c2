"""`channels`: the numbers we answer on; resume one whose sending is paused."""

from __future__ import annotations

import argparse

from bot.channels import CHANNELS
from bot.commands.naming import add_by, who
from bot.commands.opening import open_database, open_settings
from core import bell
from core.bell import Bell
from core.settings import Settings
from core.store import desks
from core.store.db import Database, Tx
from core.store.path import outbox
from core.store.staff import audit


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("channels", help="list the numbers we answer on, or resume a paused one")
    parser.add_argument("--resume", metavar="ADDRESS", help="let this number send again")
    parser.add_argument("--check", action="store_true", help="ask the platforms of all whether they let us in")
    parser.add_argument("--why", default="", help="the reason, which the audit keeps")
    add_by(parser)
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    settings = open_settings()
    if chosen.check:
        return _check(settings)
    db = open_database(settings, name="channels")
    try:
        return _resume(db, chosen) if chosen.resume else _list(db)
    finally:
        db.close()


def _check(settings: Settings) -> int:
    """A line for each address whose platform can be asked; 1 when one of them does not let us in."""
    found = [(kind, *told) for kind, channel in CHANNELS.items() for told in channel.check(settings).items()]
    for kind, address, problem in found:
        print(f"{'✗' if problem else '✓'} {kind:9} {address}{f': {problem}' if problem else ''}")
    return 1 if any(problem for _, _, problem in found) else 0


def _resume(db: Database, chosen: argparse.Namespace) -> int:
    with db.transaction() as tx:
        resumed = _resumed(tx, chosen)
    if not resumed:
        print(f"no such number: {chosen.resume}")
        return 2
    ringer = Bell(db.url)
    ringer.ring(bell.OUTBOX)
    ringer.close()
    return _list(db)


def _resumed(tx: Tx, chosen: argparse.Namespace) -> bool:
    number = next((row for row in desks.channels(tx) if row.address == chosen.resume and not row.pulled), None)
    if number is None or not outbox.resume_number(tx, number.kind, number.address):
        return False
    by, subject = who(chosen.by), f"number:{number.id}"
    audit.note(tx, who=by, did="resumed a number", subject=subject, why=chosen.why, desk=number.desk_id)
    return True


def _list(db: Database) -> int:
    with db.transaction() as tx:
        for row in desks.channels(tx):
            paused = f"  paused until {row.paused_until:%Y-%m-%d %H:%M}: {row.paused_why}" if row.paused_until else ""
            print(f"{row.kind:9} {row.address:18} {row.desk_id or '(nobody answers)'}{paused}")
    return 0
