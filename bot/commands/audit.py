"""`audit verify`: verify the hash chain of the audit."""

from __future__ import annotations

import argparse

from bot.commands.opening import open_database, open_settings
from core.store.staff import audit


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("audit", help="check that nobody changed what the audit says")
    verbs = parser.add_subparsers(required=True, metavar="verb")
    verifying = verbs.add_parser("verify", help="walk the chain; exit 1 where it breaks")
    verifying.add_argument("--seen", metavar="HASH", help="a last link noted earlier: it must still be in the chain")
    verifying.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    settings = open_settings()
    db = open_database(settings, name="audit")
    key = settings.staff_secret.get_secret_value()
    with db.transaction() as tx:
        chain = audit.verify(tx, seen=chosen.seen, keys=[key] if key else [])
    db.close()
    if key:
        print(f"rows up to {chain.sealed} are sealed with STAFF_SECRET")
    print(f"{chain.rows} rows are as they were written; the last link is {chain.head}")
    if chain.broken_at is not None:
        print(f"✗ the chain breaks at row {chain.broken_at}: {chain.why}")
    elif not chain.met:
        print(f"✗ {chosen.seen} is not in the chain: rows were taken away from its end")
    return 0 if chain.whole else 1
