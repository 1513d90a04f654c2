"""Somebody in front of the window: a signed-in browser, as far as HTTP goes."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot import channels
from core import passwords
from core.bell import Bell
from core.clock import Clock
from core.settings import Settings
from core.store.db import Database
from core.store.staff import accounts, sign_ins
from dashboard import Tools, create_window
from dashboard.signing_in import keys
from webhook import create_app
from webhook.door import Door
from webhook.meta import Meta

PASSWORD = "a horse and a staple"
HASH = passwords.hashed(PASSWORD)
FROM_HERE = {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}
_CSRF = re.compile(r'name="csrf" value="([0-9a-f]{64})"')
_ONCE = re.compile(r'name="once" value="([0-9a-f]{32})"')


def web(db: Database, tools: Tools | None = None, clock: Clock | None = None, **settings: Any) -> Flask:
    """The whole web side, as `wsgi.py` puts it together."""
    chosen = Settings.model_validate(settings)
    app = create_app(Meta(Door(db, Bell(db.url)), chosen), db, chosen)
    own = tools or Tools()
    app.register_blueprint(create_window(db, chosen, replace(own, channels=channels.reaches(chosen)), clock))
    return app


def account(
    db: Database,
    email: str = "ana@turno.example",
    role: str = "admin",
    desks: Collection[str] | None = None,
    name: str = "Ana Prado",
) -> int:
    """An account whose password is PASSWORD; its id."""
    with db.transaction() as tx:
        id = accounts.create(tx, email=email, name=name, role=role, desks=desks, password_hash=HASH)
    assert id is not None
    return id


class Visitor:
    """A browser: it keeps cookies, follows redirections, and sends forms with what their page put in them."""

    def __init__(self, app: Flask):
        self.client: FlaskClient = app.test_client()
        self.last: TestResponse | None = None

    def get(self, path: str, **headers: str) -> TestResponse:
        self.last = self.client.get(path, headers=headers, follow_redirects=True)
        return self.last

    def post(self, path: str, *, on: str | None = None, once: str | None = None, **fields: Any) -> TestResponse:
        """Send the form that stands on the page `on` (by default the page that is open)."""
        page = (self.get(on) if on or self.last is None else self.last).text
        csrf = _CSRF.search(page)
        form_id = _ONCE.search(page)
        hidden = {"csrf": csrf[1] if csrf else "", "once": once or (form_id[1] if form_id else "")}
        return self.send(path, {**hidden, **fields}, referrer=on)

    def send(self, path: str, fields: dict[str, Any], *, referrer: str | None = None, **headers: str) -> TestResponse:
        """Send exactly this, from a page of the window."""
        came = {"Referer": f"http://localhost{referrer}"} if referrer else {}
        self.last = self.client.post(path, data=fields, headers={**FROM_HERE, **came, **headers}, follow_redirects=True)
        return self.last

    def sign_in(self, email: str = "ana@turno.example", password: str = PASSWORD, **fields: str) -> TestResponse:
        return self.post("/admin/sign-in", on="/admin/sign-in", email=email, password=password, **fields)


def signed_in(
    db: Database, role: str = "admin", *, desks: Collection[str] | None = None, tools: Tools | None = None,
    email: str = "", clock: Clock | None = None, **settings: Any,
) -> Visitor:  # fmt: skip
    """A visitor of this role, inside already."""
    email = email or f"{role}@turno.example"
    id, key = account(db, email, role, desks, name=role.capitalize()), f"{email} {secrets.token_hex(8)}"
    with db.transaction() as tx:
        sign_ins.start(tx, id, key, complete=True, address="127.0.0.1", browser="")
    visitor = Visitor(web(db, tools, clock, **settings))
    visitor.client.set_cookie(keys.SESSION, key)
    return visitor
