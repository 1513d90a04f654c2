"""`demo`: load the demo desks, their numbers and catalogues. Idempotent."""

from __future__ import annotations

import argparse
import tomllib
from pathlib import Path
from typing import Any

from bot import channels
from bot.commands.opening import open_database, open_settings
from core.store import desks

FILE = Path(__file__).parent.parent / "desks" / "demo.toml"


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    commands.add_parser("demo", help="load the demo desks and their catalogues").set_defaults(run=run)


def described() -> dict[str, Any]:
    """The demo desks as their file tells them."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def run(_: argparse.Namespace) -> int:
    settings = open_settings()
    db = open_database(settings, name="demo")
    with db.transaction() as tx:
        loaded = desks.load(tx, described(), channels.pulled())
    print(
        f"demo: {loaded.desks} desks, {loaded.channels} numbers, {loaded.customers} customers, {loaded.equipment} pieces of equipment, "
        f"{loaded.centres} service centres"
    )
    db.close()
    return 0
