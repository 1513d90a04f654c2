"""The time that breakers see, moved by hand: their own, and that of the library which holds their state."""

from __future__ import annotations

import circuitbreaker
import pytest

from core import breaker


class Clock:
    def __init__(self, now: float = 1000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def rule(self, monkeypatch: pytest.MonkeyPatch) -> Clock:
        """Every breaker goes by this clock."""
        for module in (breaker, circuitbreaker):
            monkeypatch.setattr(module, "monotonic", self)
        return self
