"""Request ids (`X-Request-ID`, `X-Correlation-ID`): a caller's is validated or replaced, returned, and stands in log lines."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HEADERS = {"X-Request-ID": "HTTP_X_REQUEST_ID", "X-Correlation-ID": "HTTP_X_CORRELATION_ID"}
LONGEST = 256
"""Characters of an id that is taken over."""


class RequestIds:
    """Gives each request an id. It is kept in `current` while the request is answered."""

    def __init__(self, app: WSGIApplication, current: ContextVar[str]):
        self._app, self._current = app, current

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        header, found = _asked(environ)
        found = found or secrets.token_hex(8)
        self._current.set(found)

        def answered(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            return start_response(status, [*headers, (header, found)], *rest)

        return self._app(environ, answered)


def _asked(environ: WSGIEnvironment) -> tuple[str, str]:
    """The header that holds an id, and the id when it is printable and not too long; else the first header and ""."""
    for header, key in HEADERS.items():
        if key in environ:
            value = environ[key]
            return header, value if _is_fit(value) else ""
    return next(iter(HEADERS)), ""


def _is_fit(value: str) -> bool:
    return 0 < len(value) <= LONGEST and value.isascii() and value.isprintable()
