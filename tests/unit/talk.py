"""A conversation in memory with one of the program's desks: see `bot/engine/rehearsal.py`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from bot import desks
from bot.engine.rehearsal import BEGAN, SETTINGS, Facts, Rehearsal, business
from core.session import Desk
from core.settings import Settings

__all__ = ["BEGAN", "DESK", "DESKS", "FACTS", "IT_DESK", "SETTINGS", "Talk", "rehearsed"]

REHEARSAL = "rehearsal.yaml"


def rehearsed(folder: Path) -> tuple[Desk, Facts]:
    """The business that a desk is rehearsed with, and what its look-ups find; without a file for it, its demo's."""
    path = folder / REHEARSAL
    if not path.exists():
        return business(folder), {}
    told: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Desk(**told["desk"]), told["facts"]


DESK, FACTS = rehearsed(desks.folders()["field"])
IT_DESK, _ = rehearsed(desks.folders()["it"])
DESKS = {desk.id: desk for desk in (DESK, IT_DESK)}


class Talk(Rehearsal):
    """One customer's conversation, with the field desk unless another is named."""

    def __init__(self, language: str = "es", settings: Settings = SETTINGS, desk: Desk = DESK) -> None:
        super().__init__(desk, language, settings=settings, facts=FACTS)
