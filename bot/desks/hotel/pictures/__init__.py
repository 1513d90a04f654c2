"""Pictures of rooms in this folder, by file name: those of the demo, drawn by us."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from bot.script import showing
from bot.script.showing import Picture

DRAWN: Final = {path.name: showing.drawn(path.read_bytes()) for path in sorted(Path(__file__).parent.glob("*.jpg"))}


def named(photo: object) -> Picture | None:
    """The picture that the column `photo` names: an https address, or a file of this folder; None for anything else."""
    return DRAWN.get(photo) if isinstance(photo, str) and photo in DRAWN else showing.at(photo)
