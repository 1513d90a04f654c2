"""Who shows the LOG_TOKEN: scripts and those who run this, not customers."""

from __future__ import annotations

import hmac

from flask import Request

from core.errors import Refused
from core.settings import Settings


class NoKey(Refused):
    """The token is missing or wrong."""

    status = 401


class Keyholder:
    def __init__(self, settings: Settings):
        self._token = settings.log_token.get_secret_value().encode()
        self._open = not self._token and settings.app_env == "development"

    def shown(self, request: Request, *, in_query: bool = False) -> bool:
        """Whether this request shows the token; nobody does where none is set. Compared in constant time.

        In the query, where proxies write it down, only for what was promised to take it there.
        """
        headers = request.headers.get("Authorization", ""), f"Bearer {request.headers.get('X-Log-Token', '')}"
        shown = [header.encode("latin-1", "replace") for header in headers]
        if in_query:
            shown.append(f"Bearer {request.args.get('token', '')}".encode("utf-8", "replace"))
        wanted = b"Bearer " + self._token
        return bool(self._token) and any([hmac.compare_digest(each, wanted) for each in shown])  # noqa: C419  # all of them

    def may_watch(self, request: Request, *, in_query: bool = False) -> bool:
        """What tells of no customer: in development without a token it is open to everybody."""
        return self._open or self.shown(request, in_query=in_query)

    def check(self, request: Request) -> None:
        if not self.shown(request):
            raise NoKey("the log token is missing or wrong")

    def check_watch(self, request: Request) -> None:
        if not self.may_watch(request, in_query=True):
            raise NoKey("the log token is missing or wrong")
