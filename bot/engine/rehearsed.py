"""Services of a desk as they are rehearsed: done in memory, for its transcripts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from importlib import import_module
from typing import Any

from bot import desks
from core.session import Desk
from core.turn import ErrandWanted

Doing = Callable[[ErrandWanted, datetime, Mapping[str, Any]], Mapping[str, Any]]
"""Does an errand in memory, as far as a hint does not say otherwise: its `outcome`, and the `result` where there is one."""


def services_of(desk: Desk) -> Mapping[str, Doing]:
    """The services of a desk as they are rehearsed, made anew: `services(desk)` in `rehearsed.py` of its folder."""
    own = desks.serving(desk).name
    if not (desks.folders()[own] / "rehearsed.py").exists():
        return {}
    made: Mapping[str, Doing] = import_module(f"bot.desks.{own}.rehearsed").services(desk)
    return made
