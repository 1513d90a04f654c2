"""`desk new`, `check`, `list`, `show`, `apply` and `map`: the desks there are, and the businesses they answer for."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from string import Template

from bot import desks
from bot.commands import desk_apply, desk_check, desk_contacts
from bot.commands.opening import open_database, open_settings
from bot.desks.loading import is_name
from core.settings import Settings
from core.store import desks as businesses
from core.store.rows import DeskRow

TEMPLATE = Path(__file__).with_name("desk_template")
ENDING = ".txt"
FLOWS = {"menu": "", "order": "_order"}
"""Flows of the template, and the ending of their name in a new desk."""
OF_A_FLOW = (".py", ".toml")
TEST = "test_desk.py"


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("desk", help="write, check, list and show desks, and put their business data in place")
    verbs = parser.add_subparsers(required=True, metavar="verb")
    writing = verbs.add_parser("new", help="write the folder of a new desk, which answers at once")
    writing.add_argument("name", help="small letters, digits and _, such as bakery")
    writing.add_argument("--number", default="100000000000009", help="the WhatsApp number id of its demo")
    writing.set_defaults(run=run_new)
    desk_check.add_to(verbs)
    verbs.add_parser("list", help="the desks there are, and the businesses of each").set_defaults(run=run_list)
    showing = verbs.add_parser("show", help="one business as it stands: settings and numbers")
    showing.add_argument("id")
    showing.set_defaults(run=run_show)
    desk_apply.add_to(verbs)
    desk_contacts.add_to(verbs)


def run_new(chosen: argparse.Namespace) -> int:
    settings, name = open_settings(log_refusals=False), chosen.name
    if not settings.desks_folder:
        return _refuse("say in DESKS_FOLDER where your desks lie, such as DESKS_FOLDER=desks")
    if not is_name(name):
        return _refuse(f"{name!r} is no name for a desk: small letters, digits and _, such as bakery")
    home = Path(settings.desks_folder) / name
    if home.exists() or name in desks.DESKS:
        return _refuse(f"there is a desk {name} already")
    write(home, number=chosen.number)
    print(f"{home} is a desk. Next: turno desk check {name}, then turno desk apply {home / 'demo.toml'}")
    return 0


def write(home: Path, *, number: str) -> None:
    """Write the folder of a new desk, from the template."""
    name = home.name
    values = {"name": name, "dashed": name.replace("_", "-"), "title": name.capitalize(), "number": number}
    for source in sorted(TEMPLATE.rglob(f"*{ENDING}")):
        path = home / source.relative_to(TEMPLATE).with_suffix("")
        if path.stem in FLOWS and path.suffix in OF_A_FLOW:
            path = path.with_stem(name + FLOWS[path.stem])
        elif path.name == TEST:
            path = path.with_stem(f"test_{name}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(Template(source.read_text(encoding="utf-8")).substitute(values), encoding="utf-8")


def run_list(_: argparse.Namespace) -> int:
    rows = _businesses(open_settings(log_refusals=False))
    for name, desk in sorted(desks.DESKS.items()):
        own = [row.id for row in rows if (serving := desks.MENUS.get(row.menu)) and serving.name == name]
        served = ", ".join(own) or ("serves every desk" if desk.read is None else "no business yet")
        print(f"{name:<12} {' '.join(desk.languages):<8} {served}")
    for refusals in desks.REFUSED.values():
        print(*refusals, sep="\n")
    return 0


def run_show(chosen: argparse.Namespace) -> int:
    db = open_database(open_settings(), name="desk")
    with db.transaction() as tx:
        found = businesses.one(tx, chosen.id)
        numbers = [row for row in businesses.channels(tx) if row.desk_id == chosen.id]
    db.close()
    if found is None:
        return _refuse(f"there is no desk {chosen.id}")
    print(f"{found.id}: {found.name}\nlanguage {found.language}, time zone {found.timezone}, menu {found.menu}")
    print(*(f"{row.kind} {row.address}" for row in numbers), sep="\n")
    print(*(f"settings.{name} = {value!r}" for name, value in sorted(found.settings.items())), sep="\n")
    return 0


def _businesses(settings: Settings) -> list[DeskRow]:
    db = open_database(settings, name="desk")
    with db.transaction() as tx:
        rows = businesses.all_of(tx)
    db.close()
    return rows


def _refuse(why: str) -> int:
    print(why, file=sys.stderr)
    return 2
