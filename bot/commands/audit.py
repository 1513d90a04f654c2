"""`audit verify`: walk the chain of the audit, link by link."""

from __future__ import annotations

import argparse

from bot.commands.opening import open_database, open_settings
from core.store import audit


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("audit", help="check that nobody changed what the audit says")
    verbs = parser.add_subparsers(required=True, metavar="verb")
    verifying = verbs.add_parser("verify", help="walk the chain; exit 1 where it breaks")
    verifying.add_argument("--seen", metavar="HASH", help="a last link noted earlier: it must still be in the chain")
    verifying.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    db = open_database(open_settings(), name="audit")
    with db.transaction() as tx:
        chain = audit.verify(tx, seen=chosen.seen)
    db.close()
    print(f"{chain.rows} rows are as they were written; the last link is {chain.head}")
    if chain.broken_at is not None:
        print(f"✗ the chain breaks at row {chain.broken_at}: {chain.why}")
    elif not chain.met:
        print(f"✗ {chosen.seen} is not in the chain: rows were taken away from its end")
    return 0 if chain.whole else 1
