"""Invitations: the holder of a link chooses the account's password, once."""

from __future__ import annotations

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core import passwords
from core.store.db import Tx
from core.store.staff import accounts, sign_ins
from core.store.staff.rows.accounts import Invited
from dashboard import forms
from dashboard.guard import public
from dashboard.signing_in import hashing, keys
from dashboard.signing_in.sign_in import start_session
from dashboard.window import Window

GONE = "This link has been used, or its time is over. Ask an admin for a new one."


def add_to(blueprint: Blueprint, window: Window) -> None:
    @blueprint.get("/welcome/<token>")
    @public
    def welcome(token: str) -> str:
        with window.db.transaction() as tx:
            return _page(_invited(tx, token))

    @blueprint.post("/welcome/<token>")
    @public
    def come_in(token: str) -> Response:
        return _come_in(window, token)


def _page(row: Invited, wrong: str = "") -> str:
    shortest = passwords.SHORTEST
    name = request.form.get("name", row.name)
    return render_template("welcome.html", person=row, name=name, wrong=wrong, shortest=shortest)


def _invited(tx: Tx, token: str) -> Invited:
    return accounts.invited(tx, token) or abort(404, GONE)


def _come_in(window: Window, token: str) -> Response:
    name, password = forms.text("name", most=100), request.form.get("password", "")
    with window.db.transaction() as tx:
        row = _invited(tx, token)
    wrong = chosen_badly(row.email, password) or ("" if name else "What are you called?")
    if wrong:
        return make_response(_page(row, wrong), 400)
    return _accept(window, token, name, hashing.hashed(password))


def chosen_badly(email: str, password: str) -> str:
    """Validate a new password, entered twice. Returns the problem; empty when it is good."""
    if password != request.form.get("again", ""):
        return "The two passwords are not the same."
    return passwords.weakness(password, email=email)


def _accept(window: Window, token: str, name: str, password_hash: str) -> Response:
    with window.db.transaction() as tx:
        has_factor = _invited(tx, token).totp_secret is not None
        row = accounts.accept_invitation(tx, token, name=name, password_hash=password_hash) or abort(404, GONE)
        sign_ins.end_all(tx, row.id)
        sign_ins.forgive_tries(tx, "account", row.email)
        key = "" if has_factor else start_session(tx, window, row)
    response = redirect(url_for("window.home"), 303)
    if key:
        keys.give(response, window, key)
    return response
