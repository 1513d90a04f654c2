"""`switches`: turn the AI, a flow, or the sending of a number off and on while everything runs."""

from __future__ import annotations

import argparse

from bot.commands.durations import seconds
from bot.commands.naming import add_by, plain, who
from bot.commands.opening import open_database, open_settings
from bot.desks import FLOWS
from core import bell
from core.bell import Bell
from core.store import desks
from core.store.db import Database, Tx
from core.store.staff import audit, switches


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("switches", help="turn the AI, a flow, or the sending of a number off and on")
    parser.add_argument("action", choices=("list", "off", "on"))
    parser.add_argument("kind", nargs="?", choices=switches.KINDS)
    parser.add_argument("subject", nargs="?", default="", help="flow name, or address of the number")
    parser.add_argument("--reason", default="", help="reason shown to staff and kept in the audit")
    parser.add_argument("--for", dest="for_s", type=seconds, help="on again by itself after 30m, 2h, 1d")
    add_by(parser)
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    wrong = _wrong(chosen)
    if wrong:
        print(wrong)
        return 2
    db = open_database(open_settings(), name="switches")
    try:
        return _show(db) if chosen.action == "list" else _move(db, chosen)
    finally:
        db.close()


def _wrong(chosen: argparse.Namespace) -> str:
    if (chosen.action == "list") != (chosen.kind is None):
        return "`list` needs nothing else; `off` and `on` need to know what"
    if (chosen.kind in ("flow", "sending")) != bool(chosen.subject):
        return "a flow needs its name and sending the address of the number; the AI needs neither"
    if chosen.kind == "flow" and chosen.subject not in FLOWS:
        return f"no such flow: {chosen.subject} (there are {', '.join(FLOWS)})"
    if chosen.for_s and chosen.action != "off":
        return "only `off` ends by itself"
    return ""


def _show(db: Database) -> int:
    with db.transaction() as tx:
        for s in switches.all_of(tx):
            until = f"  until {s.until:%Y-%m-%d %H:%M}" if s.off and s.until else ""
            why = f": {s.reason}" if s.reason else ""
            print(f"{'off' if s.off else 'on':3}  {switches.name(s.kind, s.subject):28} {s.by}{why}{until}")
    return 0


def _move(db: Database, chosen: argparse.Namespace) -> int:
    by = plain(chosen.by)
    with db.transaction() as tx:
        if chosen.action == "off":
            moved = switches.turn_off(tx, chosen.kind, chosen.subject, by=by, reason=chosen.reason, for_s=chosen.for_s)
        else:
            moved = switches.turn_on(tx, chosen.kind, chosen.subject, by=by, reason=chosen.reason)
        if moved:
            _note(tx, chosen)
    if not moved:
        print(f"no such number: {chosen.subject}")
        return 2
    ringer = Bell(db.url)
    ringer.ring(bell.SWITCHES)
    ringer.ring(bell.OUTBOX)
    ringer.close()
    print(f"{switches.name(chosen.kind, chosen.subject)} is {chosen.action}")
    return 0


def _note(tx: Tx, chosen: argparse.Namespace) -> None:
    """In the words of the window."""
    whose = {row.address: row.desk_id for row in desks.channels(tx)} if chosen.kind == "sending" else {}
    subject = switches.name(chosen.kind, chosen.subject)
    audit.note(
        tx, who=who(chosen.by), did=f"turned {chosen.action}", subject=subject, why=chosen.reason,
        desk=whose.get(chosen.subject),
    )  # fmt: skip
