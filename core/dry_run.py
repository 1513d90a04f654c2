"""What a step would do, tried and taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.messages import Outbound


@dataclass(frozen=True, slots=True)
class Trial:
    """What would be said and written; or the error, and where in our code it came from."""

    before: str = ""
    """Where the conversation stands: `flow.state`; nothing before its first turn."""
    after: str = ""
    trigger: str = ""
    note: str = ""
    said: Sequence[Outbound] = ()
    slots: Sequence[tuple[str, Any, Any]] = ()
    """What would be known differently: name, before, after."""
    records: Sequence[tuple[str, str]] = ()
    """Tickets, answers and photos wanted: what, and which."""
    timers: Sequence[tuple[str, datetime | None]] = ()
    """Armed until then, or cancelled."""
    error: str = ""
    where: str = ""
