"""Rate limit on wrong API keys, by address. A right key always works."""

from __future__ import annotations

from collections.abc import Callable

from flask import Request

from core.settings import Settings
from webhook.webchat.guard import Guard
from webhook.webchat.limits import Limits


def counting(settings: Settings, limits: Limits, guard: Guard) -> Callable[[Request], None]:
    """Counts a request that showed a wrong key. Raises TooMany."""

    def count(request: Request) -> None:
        limits.check(settings.limit_wrong_key, "key", guard.address(request))

    return count
