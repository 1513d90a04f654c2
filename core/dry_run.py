"""Dry run: the result of one step that was tried and rolled back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.messages import Outbound


@dataclass(frozen=True, slots=True)
class Trial:
    """The replies and rows that a dry run would write; or its error, and the line of our code that raised it."""

    before: str = ""
    """The position of the conversation: `flow.state`; nothing before its first turn."""
    after: str = ""
    language: str = ""
    """The language that is spoken after it."""
    trigger: str = ""
    note: str = ""
    said: Sequence[Outbound] = ()
    slots: Sequence[tuple[str, Any, Any]] = ()
    """Slots that would change: name, before, after."""
    records: Sequence[tuple[str, str]] = ()
    """Tickets, answers and photos wanted: what, and which."""
    timers: Sequence[tuple[str, datetime | None]] = ()
    """Armed until then, or cancelled."""
    error: str = ""
    where: str = ""
