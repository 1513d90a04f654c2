"""Authorisation: every view declares who may call it; a view without a declaration is closed to all.

The check stands in one place, before every request of the window, so that no page can forget it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, abort, current_app, g, request
from werkzeug.wrappers import Response

from core.errors import Broken
from core.store.staff import sign_ins
from core.store.staff.accounts import ROLES
from core.store.staff.rows.accounts import Role
from dashboard import forms, origins
from dashboard.person import Staff
from dashboard.signing_in import keys, turning_away
from dashboard.window import Window

View = TypeVar("View", bound=Callable[..., object])
PUBLIC = "public"
QUIET = "X-Turno-Quiet"
"""The header of a request that nobody made: a page that renews itself does not keep its session alive."""


def allowed(role: Role) -> Callable[[View], View]:
    """Let this role in, and those above it."""
    assert role in ROLES, role

    def mark(view: View) -> View:
        view.lets_in = role  # type: ignore[attr-defined]  # functions carry what is written on them
        return view

    return mark


def public(view: View) -> View:
    """Let everybody in: sign-in, and what it needs to look right."""
    view.lets_in = PUBLIC  # type: ignore[attr-defined]  # functions carry what is written on them
    return view


def whom(view: object) -> str | None:
    """The role a view lets in; None when it does not say."""
    return getattr(view, "lets_in", None)


def current() -> Staff:
    """The signed-in member of staff who makes this request."""
    found: Staff = g.staff
    return found


def somebody() -> Staff | None:
    """The same on a page that is open to all."""
    found: Staff | None = g.get("staff")
    return found


def stand_at(blueprint: Blueprint, window: Window) -> None:
    def check() -> Response | None:
        return _check(window)

    blueprint.before_request(check)


def _check(window: Window) -> Response | None:
    wanted = whom(current_app.view_functions.get(request.endpoint or ""))
    if wanted is None:
        raise Broken(f"{request.endpoint} does not say whom it lets in")
    g.ours = origins.ours(window)
    _refuse_unstorable()
    keys.take(window)
    g.to_say = []
    g.staff, g.said = _enter(window)
    g.inside = wanted != PUBLIC and g.staff is not None
    g.form_key = keys.of_session(window) if g.inside else keys.of_door(window)
    if _changes_something() and not g.ours:
        abort(403, "This form was not sent from this window. Nothing was done.")
    if wanted != PUBLIC and g.staff is None:
        return turning_away.to_sign_in()
    if _changes_something() and not forms.genuine():
        abort(403, "This form is from another time: you signed in again since. Nothing was done. Load the page anew.")
    if wanted != PUBLIC and not current().may(wanted):
        abort(403, f"This is for the role “{wanted}”. Yours is “{current().role}”.")
    return None


def _changes_something() -> bool:
    return request.method not in ("GET", "HEAD", "OPTIONS")


def _enter(window: Window) -> tuple[Staff | None, list[list[str]]]:
    token = keys.of_session(window)
    noted = QUIET not in request.headers
    row = sign_ins.enter(window.db, token, window.limits, noted=noted) if token else None
    return (Staff.of(row), row.said) if row and row.complete else (None, [])


def _refuse_unstorable() -> None:
    """PostgreSQL holds no NUL, and nobody types one."""
    values = [*request.args.values(), *request.form.values(), request.path]
    if any("\0" in value for value in values):
        abort(400)
