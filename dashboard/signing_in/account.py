"""My account: password and active sessions."""

from __future__ import annotations

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core import passwords
from core.store.staff import accounts, audit, sign_ins
from core.store.staff.rows.accounts import Account
from dashboard.answers import say
from dashboard.guard import allowed, current
from dashboard.signing_in import hashing
from dashboard.signing_in.welcome import chosen_badly
from dashboard.window import Link, Window

WRONG = "The password is not right. Nothing was done."


def add_to(blueprint: Blueprint, window: Window) -> None:
    window.links.append(Link("My account", "window.account", "viewer", "house"))

    @blueprint.get("/account")
    @allowed("viewer")
    def account() -> str:
        return _page(window)

    @blueprint.post("/account/password")
    @allowed("viewer")
    def change_password() -> Response:
        wrong = _change(window)
        return make_response(_page(window, wrong), 400) if wrong else back("Your password is changed.")

    @blueprint.post("/account/sessions/<int:id>/end")
    @allowed("viewer")
    def end_session(id: int) -> Response:
        with window.db.transaction() as tx:
            if not sign_ins.end(tx, id, staff_id=current().id):
                abort(404, "This session is over already.")
            audit.note(tx, who=current().email, did="ended sessions", subject=f"staff:{current().id}")
        return back("That place is signed out.")

    @blueprint.post("/account/sessions/end")
    @allowed("viewer")
    def end_other_sessions() -> Response:
        with window.db.transaction() as tx:
            sign_ins.end_all(tx, current().id, but=current().session_id)
            audit.note(tx, who=current().email, did="ended sessions", subject=f"staff:{current().id}")
        return back("You are signed in here and nowhere else.")


def _page(window: Window, wrong: str = "") -> str:
    with window.db.transaction() as tx:
        sessions = sign_ins.of_person(tx, current().id)
    mine = me(window)
    return render_template("account.html", me=mine, sessions=sessions, wrong=wrong, shortest=passwords.SHORTEST)


def me(window: Window) -> Account:
    with window.db.transaction() as tx:
        row = accounts.find(tx, current().id)
    assert row is not None, "who is inside has an account"
    return row


def is_my_password(window: Window, password: str) -> bool:
    """Asked again before what an unwatched screen must not allow; as often as when signing in."""
    row = me(window)
    hashing.check_room()
    if wait_s := sign_ins.pay_for_try(window.db, window.inside_tries, str(row.id)):
        abort(429, f"Too many tries. Wait {round(wait_s)} seconds. Nothing was done.")
    if not hashing.matches(row.password_hash, password):
        return False
    with window.db.transaction() as tx:
        sign_ins.forgive_tries(tx, "inside", str(row.id))
    return True


def _change(window: Window) -> str:
    """Change the password. Returns the problem in words; empty when it is changed."""
    new = request.form.get("password", "")
    if wrong := chosen_badly(current().email, new):
        return wrong
    if not is_my_password(window, request.form.get("current", "")):
        return WRONG
    kept = hashing.hashed(new)
    with window.db.transaction() as tx:
        accounts.set_password(tx, current().id, kept)
        sign_ins.end_all(tx, current().id, but=current().session_id)
        audit.note(tx, who=current().email, did="changed a password", subject=f"staff:{current().id}")
    return ""


def back(message: str, kind: str = "good") -> Response:
    say(message, kind)
    return redirect(url_for("window.account"), 303)
