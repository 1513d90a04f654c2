"""`demo`: put the business of every desk's `demo.toml` in place, as `desk apply` does. Idempotent."""

from __future__ import annotations

import argparse

from bot import desks
from bot.commands.desk_apply import Refused, put_file, refuse, show
from bot.commands.opening import open_database, open_settings
from bot.desks.business import File
from core.store.db import Tx


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    commands.add_parser("demo", help="put the demo desks and their catalogues in place").set_defaults(run=run)


def files() -> list[File]:
    """The demo data of each desk that has some."""
    return [File(path) for path in desks.demos()]


def put(tx: Tx) -> dict[str, list[str]]:
    """Put the business of each in place. What that changes, by business."""
    return {desk_id: lines for file in files() for desk_id, lines in put_file(tx, file, why="demo").items()}


def run(_: argparse.Namespace) -> int:
    settings = open_settings()
    if problems := [problem for file in files() for problem in file.problems()]:
        return refuse(problems)
    db = open_database(settings, name="demo")
    try:
        with db.transaction() as tx:
            changes = put(tx)
    except Refused as error:
        return refuse([str(error)])
    finally:
        db.close()
    show(changes, dry=False)
    return 0
