"""Cookies: one holds the session token, one ties forms before sign-in to the browser (CSRF).

In production a cookie's name begins with `__Host-`: the browser takes it over TLS only, from this host only.
"""

from __future__ import annotations

import secrets

from flask import g, request
from werkzeug.wrappers import Response

from dashboard.window import Window

SESSION, DOOR = "turno", "turno-door"
LONGEST = 200


def new() -> str:
    return secrets.token_urlsafe(32)


def of_session(window: Window) -> str:
    """The session token in the cookie; empty without one."""
    return _shown(window, SESSION)


def of_door(window: Window) -> str:
    """The pre-session token that ties the sign-in form to this browser; created when missing."""
    if not g.door:
        g.door = g.new_door = new()
    return str(g.door)


def take(window: Window) -> None:
    g.door = _shown(window, DOOR)
    g.new_door = ""


def give(response: Response, window: Window, key: str) -> None:
    """Let this key open the session. It is always a new one: a key from before signing in opens nothing after it."""
    put(response, window, SESSION, key)


def take_away(response: Response, window: Window) -> None:
    response.delete_cookie(name(window, SESSION), **_where(window))  # type: ignore[arg-type]


def leave_at_door(response: Response, window: Window) -> None:
    if g.get("new_door"):
        put(response, window, DOOR, g.new_door)


def put(response: Response, window: Window, given: str, value: str, *, max_age: int | None = None) -> None:
    response.set_cookie(name(window, given), value, max_age=max_age, **_where(window))  # type: ignore[arg-type]


def name(window: Window, given: str) -> str:
    return f"__Host-{given}" if window.in_production else given


def _where(window: Window) -> dict[str, object]:
    return {"path": "/", "secure": window.in_production, "httponly": True, "samesite": "Lax"}


def _shown(window: Window, given: str) -> str:
    return request.cookies.get(name(window, given), "")[:LONGEST]
