"""The registry of panels, loaded from files once, or again whenever a file changes (development)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock

from core.panels.folder import DeskPanels, numbers, read
from core.panels.panel_file import Panel
from core.settings import Settings

FOLDER = Path(__file__).parent.parent / "panels"
BOARDS = {
    "now": "Now",
    "conversations": "Conversations",
    "delivery": "Delivery",
    "understanding": "Understanding",
    "concurrency": "Concurrency",
    "reports": "Reports",
}
"""In the order of the navigation. A board that is not named here follows, under the name of its folder; last, a board
for each desk that has panels of its own."""

Signature = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Board:
    name: str
    title: str
    panels: tuple[Panel, ...]
    menu: str = ""
    """Of a desk's board: it shows only the businesses that begin in this menu."""

    def panel(self, slug: str) -> Panel | None:
        return next((panel for panel in self.panels if panel.slug == slug), None)


def no_desks() -> Sequence[DeskPanels]:
    """No desk has panels of its own."""
    return ()


class Shelf:
    """The boards by name. With `live`, files are looked at each time: an edited panel is there at the next request."""

    def __init__(
        self,
        folder: Path = FOLDER,
        *,
        live: bool = False,
        settings: Settings | None = None,
        desks: Callable[[], Sequence[DeskPanels]] = no_desks,
    ):
        self._folder, self._live, self._desks = folder, live, desks
        self._settings = numbers(settings or Settings.model_validate({}))
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

    def _files(self) -> list[tuple[str, Path]]:
        """Every file, with the name of its board."""
        ours = [(path.parent.name, path) for path in sorted(self._folder.glob("*/*.sql"))]
        desks = ((_board_of(desk), path) for desk in self._desks() for path in sorted(desk.folder.glob("*.sql")))
        return [*ours, *desks]

    def _files_signed(self) -> Signature:
        return tuple((str(path), path.stat().st_mtime_ns) for _, path in self._files())

    def _read(self) -> dict[str, Board]:
        found: dict[str, list[Panel]] = {name: [] for name in BOARDS}
        for board, path in self._files():
            found.setdefault(board, []).append(read(path, board, self._settings))
        desks = {_board_of(desk): desk for desk in self._desks()}
        return {name: _board(name, panels, desks.get(name)) for name, panels in found.items() if panels}


def _board_of(desk: DeskPanels) -> str:
    return f"desk-{desk.desk}"


def _board(name: str, panels: list[Panel], desk: DeskPanels | None) -> Board:
    if desk is not None:
        return Board(name, desk.title, _apart(panels), desk.menu)
    return Board(name, BOARDS.get(name, name.replace("-", " ").capitalize()), _apart(panels))


def _apart(panels: list[Panel]) -> tuple[Panel, ...]:
    """Two of one name would answer for each other: the second says so, under its whole name."""
    met: dict[str, Panel] = {}
    for panel in panels:
        if panel.slug in met:
            problem = f"another panel of this board is called {panel.slug} already"
            panel = replace(panel, slug=f"{panel.order:02}-{panel.slug}", problem=problem)
        met[panel.slug] = panel
    return tuple(met.values())
