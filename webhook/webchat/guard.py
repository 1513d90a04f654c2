"""Access to the chat: sites that may embed it (CORS), live sessions, and CSRF protection of forms."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import Request

from core.errors import Refused
from core.settings import Settings
from core.store.chat.rows import WebSession
from webhook.addresses import forwarded, network


class Forbidden(Refused):
    status = 403


class UnknownSession(Refused):
    """It never was, or it is over: begin a new one."""

    status = 404


class Guard:
    def __init__(self, settings: Settings):
        self._origins = frozenset(o.strip().rstrip("/") for o in settings.webchat_origins.split(",") if o.strip())
        self._proxies = settings.proxies

    def address(self, request: Request) -> str:
        """The address that limits count by, for IPv6 its /64. Only proxies that we trust may tell another one."""
        header = request.headers.get("X-Forwarded-For", "")
        return network(forwarded(request.remote_addr or "", header, self._proxies))

    def origin(self, request: Request) -> str | None:
        """The site whose page asks; None when it is no page. Raises Forbidden for a site that may not."""
        origin = request.headers.get("Origin")
        if origin is None:
            return None
        if not self._welcomes(origin, request.host):
            raise Forbidden("this site may not use the chat")
        return origin

    def check_own_page(self, request: Request) -> None:
        """Raises Forbidden for anything but a form of a page of ours: sites that embed the chat may not send it either."""
        if urlsplit(request.headers.get("Origin", "")).netloc != request.host:
            raise Forbidden("only the page itself may do this")

    def _welcomes(self, origin: str, host: str) -> bool:
        return origin in self._origins or "*" in self._origins or urlsplit(origin).netloc == host

    def check_token(self, request: Request, session: WebSession, fields: Mapping[str, Any]) -> None:
        """A page must show the token of its session; what is no page, such as curl, cannot be tricked into asking."""
        if self.origin(request) is None:
            return
        shown = fields.get("csrfToken") or request.headers.get("X-CSRF-Token") or ""
        if not hmac.compare_digest(str(shown).encode("utf-8", "surrogatepass"), session.csrf_token.encode()):
            raise Forbidden("the token of this session is missing or wrong")
