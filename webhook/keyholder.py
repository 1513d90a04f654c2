"""API keys for scripts and operators. Each opens one purpose; customers have none."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import Literal

from flask import Request

from core.errors import Refused
from core.settings import Settings

Purpose = Literal["metrics", "logs", "tickets", "personal", "delete", "alarms"]
OF_LOG_TOKEN = ("metrics", "logs")
"""Purposes that LOG_TOKEN opens in production, beside their own keys."""


class NoKey(Refused):
    """The key is missing or wrong."""

    status = 401


class Forbidden(NoKey):
    """The same, where 403 is promised."""

    status = 403


class Keyholder:
    """`count_wrong` counts a wrong key of a request, and raises when there were too many."""

    def __init__(self, settings: Settings, count_wrong: Callable[[Request], None]):
        self._keys = keys(settings)
        self._open = settings.app_env == "development"
        self._count_wrong = count_wrong

    def shown(self, request: Request, purpose: Purpose, *, in_query: bool = False) -> bool:
        """Whether this request carries a valid key of this purpose. A wrong key is counted.

        In the query, where proxies write it down, only for what was promised to take it there: the logs.
        """
        shown = _shown(request, in_query=in_query)
        if any([hmac.compare_digest(each, key) for each in shown for key in self._keys[purpose]]):  # noqa: C419  # all of them
            return True
        if shown:
            self._count_wrong(request)
        return False

    def may_watch(self, request: Request, purpose: Purpose, *, in_query: bool = False) -> bool:
        """Whether this request may read metrics, which name no customer: open to all in development without a key."""
        return (self._open and not self._keys[purpose]) or self.shown(request, purpose, in_query=in_query)

    def check(self, request: Request, purpose: Purpose) -> None:
        if not self.shown(request, purpose):
            raise NoKey(f"the key of {purpose} is missing or wrong")

    def check_metrics(self, request: Request) -> None:
        if not self.may_watch(request, "metrics"):
            raise Forbidden("the key of metrics is missing or wrong")

    def check_logs(self, request: Request) -> None:
        if not self.may_watch(request, "logs", in_query=True):
            raise NoKey("the key of logs is missing or wrong")


def keys(settings: Settings) -> dict[Purpose, tuple[bytes, ...]]:
    """The keys that open each purpose. In development LOG_TOKEN also opens purposes without a key of their own."""
    shared = settings.log_token.get_secret_value().encode()
    found: dict[Purpose, tuple[bytes, ...]] = {}
    for purpose, own in _own(settings).items():
        serves = purpose in OF_LOG_TOKEN or (settings.app_env == "development" and not own)
        found[purpose] = tuple(key for key in (own, shared if serves else b"") if key)
    return found


def _own(settings: Settings) -> dict[Purpose, bytes]:
    return {
        "metrics": settings.metrics_token.get_secret_value().encode(),
        "logs": b"",  # LOG_TOKEN is theirs
        "tickets": settings.tickets_token.get_secret_value().encode(),
        "personal": settings.personal_token.get_secret_value().encode(),
        "delete": settings.delete_token.get_secret_value().encode(),
        "alarms": settings.alarms_token.get_secret_value().encode(),
    }


def _shown(request: Request, *, in_query: bool) -> list[bytes]:
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    headers = bearer if scheme == "Bearer" else "", request.headers.get("X-Log-Token", "")
    shown = [header.encode("latin-1", "replace") for header in headers]
    if in_query:
        shown.append(request.args.get("token", "").encode("utf-8", "replace"))
    return [each for each in shown if each]
