"""Business data of a desk, as a file describes it: checked whole before anything is written.

[[desks]]            id, name, language, timezone, menu; its addresses by channel: whatsapp = ["…"], web = ["…"]
[desks.template]     the message that may be sent after the 24 hours
[desks.settings]     see the desk's settings
[[desks.KIND]]       a line of its catalogue; the kinds are those of the desk that has the menu
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.channels import CHANNELS
from bot.desks import MENUS, kinds_of
from bot.script import phrases, toml_file
from bot.script.catalogue import sheet
from bot.script.catalogue.cells import shown
from bot.script.catalogue.kind import Kind
from bot.script.desk_settings import problems_of as settings_problems

Described = Mapping[str, Any]
NEEDED = ("id", "name", "language", "timezone", "menu")
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")


class File:
    """A file of desks, and the lines at which its parts stand."""

    def __init__(self, path: Path):
        self.path = path
        self.described: Described = toml_file.read(path)
        self._lines = path.read_text(encoding="utf-8").splitlines()

    @property
    def desks(self) -> list[dict[str, Any]]:
        found = self.described.get("desks", [])
        return found if isinstance(found, list) else []

    def line_of(self, header: str, nth: int) -> int:
        """The line of the nth `[[header]]`, counted from 0."""
        lines = [number for number, line in enumerate(self._lines, 1) if line.strip().startswith(header)]
        return lines[nth] if nth < len(lines) else 1

    def problems(self) -> list[str]:
        """Everything wrong with it, each with its line."""
        if not self.desks:
            return [f"{self.path.name}:1: it describes no desk: begin with [[desks]]"]
        found: list[str] = []
        before: Counter[str] = Counter()
        for nth, desk in enumerate(self.desks):
            line = self.line_of("[[desks]]", nth)
            found += [f"{self.path.name}:{line}: {problem}" for problem in problems_of(desk)]
            for kind in kinds_of(str(desk.get("menu"))).values():
                found += self._catalogue_problems(kind, desk.get(kind.name, []), before)
        return found

    def _catalogue_problems(self, kind: Kind, rows: list[Mapping[str, Any]], before: Counter[str]) -> Iterator[str]:
        """The problems of some lines, of which so many stand before them in the file."""
        for at, problem in _catalogue_problems(kind, rows):
            line = self.line_of(f"[[desks.{kind.name}]]", before[kind.name] + at)
            yield f"{self.path.name}:{line}: {kind.name}: {problem}"
        before[kind.name] += len(rows)


def problems_of(desk: Described) -> Iterator[str]:
    """The problems of a desk, without those of its catalogues."""
    yield from (f"{name} is missing" for name in NEEDED if not isinstance(desk.get(name), str) or not desk[name])
    known = (*NEEDED, "template", "settings", *CHANNELS, *kinds_of(str(desk.get("menu"))))
    for name in desk:
        if name not in known:
            near = get_close_matches(name, known, 1)
            yield f"{name}: no such thing" + (f"; did you mean {near[0]}?" if near else "")
    if "id" in desk and not _ID.fullmatch(str(desk["id"])):
        yield f"id: must be small letters, digits and dashes, not {desk['id']!r}"
    yield from _place_problems(desk)
    for kind, channel in CHANNELS.items():
        wrong = (address for address in desk.get(kind, ()) if not channel.address.fullmatch(address))
        yield from (f"{kind}: {address!r} is no address" for address in wrong)


def _place_problems(desk: Described) -> Iterator[str]:
    """The problems of its language, its time zone, its menu, and the settings of the desk that has this menu."""
    menu = desk.get("menu")
    languages = phrases.regions(MENUS[menu].languages if menu in MENUS else phrases.LANGUAGES[phrases.COMMON])
    if desk.get("language") not in (*languages, None):
        yield f"language: {desk['language']!r} is not spoken here (there are {', '.join(languages)})"
    try:
        ZoneInfo(str(desk.get("timezone") or "UTC"))
    except (ZoneInfoNotFoundError, ValueError):
        yield f"timezone: there is no {desk['timezone']!r} (wanted is one like America/Bogota)"
    if menu in MENUS:
        yield from (f"settings: {problem}" for problem in settings_problems(MENUS[menu].settings, settings_in(desk)))
    elif menu:
        yield f"menu: no desk that is loaded has the menu {menu!r} (there are {', '.join(sorted(MENUS))})"


def settings_in(desk: Described) -> Mapping[str, Any]:
    return dict(desk.get("settings", {}))


def _catalogue_problems(kind: Kind, rows: list[Mapping[str, Any]]) -> Iterator[tuple[int, str]]:
    """Every problem of the lines of a catalogue, with the place of the line among them."""
    known, seen = set(kind.names), set[str]()
    for at, row in enumerate(rows):
        yield from ((at, f"{name} is no column; there are {', '.join(sorted(known))}") for name in {*row} - known)
        values, wrong = sheet.line(kind, {name: shown(value) for name, value in row.items() if name in known})
        yield from ((at, f"{column}: {why}") for column, why in wrong)
        if values.get(kind.key) in seen:
            yield at, f"{kind.key}: {values[kind.key]!r} stands there twice"
        seen.add(str(values.get(kind.key)))


def lines_of(kind: Kind, rows: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The lines of a catalogue, ready for the database."""
    return [sheet.line(kind, {name: shown(value) for name, value in row.items()})[0] for row in rows]
