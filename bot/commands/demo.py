"""`demo`: put the business of every desk's `demo.toml` in place, as `desk apply` does. Idempotent.

`--month` gives each whose desk has a `demo_month.sql` a made-up month of customers, for looking at boards.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import UTC, datetime

from bot import desks
from bot.commands.desk_apply import Refused, put_file, refuse, show
from bot.commands.opening import open_database, open_settings
from bot.desks.business import File
from core.store import made_up
from core.store.db import Tx

DAYS = 30


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    demo = commands.add_parser("demo", help="put the demo desks and their catalogues in place")
    demo.add_argument("--month", action="store_true", help="and a made-up month of customers, where nobody wrote yet")
    demo.set_defaults(run=run)


def files() -> list[File]:
    """The demo data of each desk that has some."""
    return [File(path) for path in desks.demos()]


def put(tx: Tx) -> dict[str, list[str]]:
    """Put the business of each in place. What that changes, by business."""
    return {desk_id: lines for file in files() for desk_id, lines in put_file(tx, file, why="demo").items()}


def put_months(url: str) -> Iterator[str]:
    """Give each business its made-up month, where nobody has written yet; a line about each."""
    for desk_id, script in desks.months().items():
        try:
            made_up.play(url, script.read_text(encoding="utf-8"), desk_id, days=DAYS, until=datetime.now(UTC))
            yield f"{desk_id}: a made-up month"
        except made_up.InUse as problem:
            yield f"no made-up month: {problem}"


def run(chosen: argparse.Namespace) -> int:
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
    for line in put_months(db.url) if chosen.month else ():
        print(line)
    return 0
