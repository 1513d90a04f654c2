"""A slow fact: what only a service outside can tell a step. Quick facts are queries of `core/store/path/facts.py`.

A service is asked outside of every transaction, under a limit of time and a circuit breaker of its own, and the
conversation leaves its group meanwhile. When no answer comes, an older one may serve; else the fact is reckoned.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.settings import Settings

Ask = Callable[[str, float], Any]
"""The fact of a key, as JSON keeps it, within so many seconds. Raises a TurnoError when it cannot be had."""


@dataclass(frozen=True, slots=True)
class Slow:
    """One kind of fact."""

    service: Callable[[Settings], Ask | None]
    """Makes the service of settings; None where none is set up."""
    otherwise: Callable[[str], Any]
    """What is told when there is no service, and when it gives no answer."""
