"""The cookies. One opens a session; one ties the forms of who has none yet to their browser.

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
    """What the browser shows to enter; nothing when it shows nothing."""
    return _shown(window, SESSION)


def of_door(window: Window) -> str:
    """What ties a form to this browser before anybody has signed in; made when there is none."""
    if not g.door:
        g.door = g.new_door = new()
    return str(g.door)


def take(window: Window) -> None:
    g.door = _shown(window, DOOR)
    g.new_door = ""


def give(response: Response, window: Window, key: str) -> None:
    """Let this key open the session. It is always a new one: a key from before signing in opens nothing after it."""
    _set(response, window, SESSION, key)


def take_away(response: Response, window: Window) -> None:
    response.delete_cookie(_name(window, SESSION), **_where(window))  # type: ignore[arg-type]


def leave_at_door(response: Response, window: Window) -> None:
    if g.get("new_door"):
        _set(response, window, DOOR, g.new_door)


def _set(response: Response, window: Window, name: str, value: str) -> None:
    response.set_cookie(_name(window, name), value, **_where(window))  # type: ignore[arg-type]


def _name(window: Window, name: str) -> str:
    return f"__Host-{name}" if window.in_production else name


def _where(window: Window) -> dict[str, object]:
    return {"path": "/", "secure": window.in_production, "httponly": True, "samesite": "Lax"}


def _shown(window: Window, name: str) -> str:
    return request.cookies.get(_name(window, name), "")[:LONGEST]
