"""The registry of panels, loaded from files once, or again whenever a file changes (development)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock

from core.settings import Settings
from dashboard.boards.panel_file import Panel, parse

FOLDER = Path(__file__).parent.parent / "panels"
BOARDS = {
    "now": "Now",
    "conversations": "Conversations",
    "delivery": "Delivery",
    "understanding": "Understanding",
    "concurrency": "Concurrency",
    "reports": "Reports",
}
"""In the order of the navigation. A board that is not named here follows, under the name of its folder."""

Signature = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Board:
    name: str
    title: str
    panels: tuple[Panel, ...]

    def panel(self, slug: str) -> Panel | None:
        return next((panel for panel in self.panels if panel.slug == slug), None)


class Shelf:
    """The boards by name. With `live`, files are looked at each time: an edited panel is there at the next request."""

    def __init__(self, folder: Path = FOLDER, *, live: bool = False, settings: Settings | None = None):
        self._folder, self._live = folder, live
        self._settings = _numbers(settings or Settings.model_validate({}))
        self._lock = Lock()
        self._signature: Signature | None = None
        self._boards: dict[str, Board] = {}

    def boards(self) -> dict[str, Board]:
        with self._lock:
            if self._signature is None or self._live:
                signature = self._files_signed()
                if signature != self._signature:
                    self._boards = self._read()
                    self._signature = signature
            return self._boards

    def panel(self, board: str, slug: str) -> Panel | None:
        found = self.boards().get(board)
        return found.panel(slug) if found else None

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob("*/*.sql"))

    def _files_signed(self) -> Signature:
        return tuple((str(path), path.stat().st_mtime_ns) for path in self._files())

    def _read(self) -> dict[str, Board]:
        found: dict[str, list[Panel]] = {name: [] for name in BOARDS}
        for path in self._files():
            found.setdefault(path.parent.name, []).append(_read(path, self._settings))
        return {
            name: Board(name, BOARDS.get(name, name.replace("-", " ").capitalize()), _apart(panels))
            for name, panels in found.items()
            if panels
        }


def _apart(panels: list[Panel]) -> tuple[Panel, ...]:
    """Two of one name would answer for each other: the second says so, under its whole name."""
    met: dict[str, Panel] = {}
    for panel in panels:
        if panel.slug in met:
            problem = f"another panel of this board is called {panel.slug} already"
            panel = replace(panel, slug=f"{panel.order:02}-{panel.slug}", problem=problem)
        met[panel.slug] = panel
    return tuple(met.values())


def _numbers(settings: Settings) -> dict[str, str]:
    """The settings that a panel may name: numbers, and nothing that could be a secret."""
    values = ((name.upper(), getattr(settings, name)) for name in type(settings).model_fields)
    return {name: str(value) for name, value in values if type(value) in (int, float)}


def _read(path: Path, settings: Mapping[str, str]) -> Panel:
    try:
        source = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        source = "this file is not UTF-8"
    return parse(source, board=path.parent.name, name=path.stem, settings=settings)
