"""`desk check`: everything wrong with a desk, each with its file, its line and the mend."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from bot import desks
from bot.commands.opening import open_database, open_settings
from bot.desks.loading import placed
from bot.script.desk_settings import problems_of
from core.clock import SystemClock
from core.errors import Unreachable
from core.panels import folder as panels
from core.panels.folder import DeskPanels
from core.panels.panel_file import Panel
from core.panels.parameters import values
from core.settings import Settings
from core.store import desks as businesses
from core.store.asking.viewing import ALL_DESKS, Limits, Question, Unanswered, Viewing
from core.store.db import Database
from core.store.rows import DeskRow


def add_to(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    checking = verbs.add_parser("check", help="everything wrong with a desk, or with all of them")
    checking.add_argument("name", nargs="?", default="")
    checking.add_argument("--offline", action="store_true", help="only the files; look at no database")
    checking.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    settings, name = open_settings(log_refusals=False), chosen.name
    if name and name not in {*desks.DESKS, *desks.REFUSED}:
        print(f"there is no desk {name} (there are {', '.join(sorted(desks.DESKS))})", file=sys.stderr)
        return 2
    problems = desks.check(name)
    if not chosen.offline:
        problems += _in_database(settings, name)
    for problem in problems:
        print(f"✗ {problem}")
    if not problems:
        print(f"✓ {name or f'{len(desks.DESKS)} desks'}: nothing wrong")
    return 1 if problems else 0


def _in_database(settings: Settings, name: str) -> list[str]:
    """The problems that only a database shows: of panels, and of the settings that are stored."""
    db = open_database(settings, name="desk")
    try:
        with db.transaction() as tx:
            rows = businesses.all_of(tx)
        stored = [problem for row in rows for problem in _stored_problems(row, name)]
        return [*broken_panels(db, settings, name), *stored]
    finally:
        db.close()


def broken_panels(db: Database, settings: Settings, name: str = "") -> list[str]:
    """Every panel of a desk, or of all, that the database does not answer; asked as the window asks it, read-only."""
    viewing = Viewing(db.url, at_once=1)
    limits = Limits(timeout_s=settings.panel_timeout_s, rows=settings.panel_rows)
    try:
        return [
            problem
            for desk in desks.panels()
            if name in ("", desk.desk)
            for problem in _asked(viewing, limits, settings, desk)
        ]
    finally:
        viewing.close()


def _asked(viewing: Viewing, limits: Limits, settings: Settings, desk: DeskPanels) -> Iterator[str]:
    for path, panel in panels.read_all(desk.folder, settings):
        if told := _unanswered(viewing, limits, panel):
            line, why = told
            yield placed(desk.desk, desk.folder.parent, f"panels/{path.name}:{line}: {why}")


def _unanswered(viewing: Viewing, limits: Limits, panel: Panel) -> tuple[int, str] | None:
    """The line and the reason for which a panel has no answer."""
    bound = values(panel.asked, {}, SystemClock().now())
    try:
        viewing.ask(Question(panel.statement.text, bound, frozenset({ALL_DESKS})), limits)
    except (Unanswered, Unreachable) as error:
        return panel.first_line + max(getattr(error, "line", 0), 1) - 1, f"the database says: {error}"
    return None


def _stored_problems(row: DeskRow, name: str) -> list[str]:
    """The problems of the settings that are stored for a business."""
    serving = desks.MENUS.get(row.menu)
    if serving is None:
        return [] if name else [f"{row.id}: no desk that is loaded has the menu {row.menu!r}; its events wait"]
    wanted = name in ("", serving.name)
    return [f"{row.id}: settings: {problem}" for problem in problems_of(serving.settings, row.settings) if wanted]
