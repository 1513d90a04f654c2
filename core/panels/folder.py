"""Panel files on the disk: one read, the settings that they may name, and the folders of those that belong to a desk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from core.panels.panel_file import Panel, parse
from core.settings import Settings


@dataclass(frozen=True, slots=True)
class DeskPanels:
    """The panels of one desk. They show only the businesses whose conversations begin in its menu."""

    desk: str
    title: str
    menu: str
    folder: Path


def numbers(settings: Settings) -> dict[str, str]:
    """The settings that a panel may name: numbers, and nothing that could be a secret."""
    told = ((name.upper(), getattr(settings, name)) for name in type(settings).model_fields)
    return {name: str(value) for name, value in told if type(value) in (int, float)}


def read(path: Path, board: str, settings: Mapping[str, str]) -> Panel:
    """The panel of a file. Never raises: a broken one carries its problem."""
    try:
        source = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        source = "this file is not UTF-8"
    return parse(source, board=board, name=path.stem, settings=settings)


def read_all(folder: Path, settings: Settings) -> Iterator[tuple[Path, Panel]]:
    """Every panel of a folder, with its file."""
    named = numbers(settings)
    for path in sorted(folder.glob("*.sql")):
        yield path, read(path, folder.parent.name, named)
