"""`flows check` and `flows draw`."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from bot import channels
from bot.commands.opening import open_database, open_settings
from bot.desks import FLOWS, MENUS, check, draw, stranded
from bot.script import pictures
from core import look
from core.settings import Settings
from core.store import desks
from core.store.path import sessions


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("flows", help="check or draw the conversation scripts")
    verbs = parser.add_subparsers(required=True, metavar="verb")
    checking = verbs.add_parser("check", help="validate every flow, and list live conversations a deploy would strand")
    checking.add_argument("--offline", action="store_true", help="only the files; look at no database")
    checking.add_argument(
        "--pictures", metavar="FOLDER", help="draw each question as WhatsApp shows it: a page a language"
    )
    checking.set_defaults(run=run_check)
    drawing = verbs.add_parser("draw", help="print Mermaid state diagrams")
    drawing.add_argument("flow", nargs="*", help="names of flows (default: all)")
    drawing.set_defaults(run=run_draw)


def run_check(chosen: argparse.Namespace) -> int:
    settings = open_settings(log_refusals=False)
    problems = check()
    stranded = [] if chosen.offline else _stranded(settings)
    for problem in [*problems, *stranded]:
        print(f"✗ {problem}")
    if not problems and not stranded:
        print(f"✓ {len(FLOWS)} flows, {sum(len(flow.states) for flow in FLOWS.values())} states: nothing wrong")
        if not chosen.offline:
            print("✓ no live conversation would be stranded")
    if chosen.pictures:
        _draw(Path(chosen.pictures))
    return 1 if problems or stranded else 0


def _draw(folder: Path) -> None:
    """Write the pages, and the look that they share with every page of a conversation."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("look.css", "wall.svg"):
        shutil.copy(look.FOLDER / name, folder)
    for language, page in pictures.pages(FLOWS, channels.of("whatsapp").limits).items():
        (folder / f"{language}.html").write_text(page, encoding="utf-8")
        print(f"▣ {page.count('<figure>')} pictures: {folder / language}.html")


def _stranded(settings: Settings) -> list[str]:
    db = open_database(settings, name="flows")
    with db.transaction() as tx:
        pinned, waiting = sessions.pinned(tx), desks.waiting(tx)
    db.close()
    unserved = [
        f"desk {row.id}: no desk that is loaded has the menu {row.menu!r}; {row.waiting} events wait until one has"
        for row in waiting
        if row.menu not in MENUS
    ]
    return [*unserved, *stranded(pinned)]


def run_draw(chosen: argparse.Namespace) -> int:
    open_settings()
    unknown = sorted(set(chosen.flow) - set(FLOWS))
    if unknown:
        print(f"no such flow: {', '.join(unknown)} (there are {', '.join(FLOWS)})")
        return 2
    for name in chosen.flow or FLOWS:
        print(f"%% {name}\n{draw(name)}")
    return 0
