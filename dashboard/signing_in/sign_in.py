"""Sign-in and sign-out. Answer and timing are the same whether or not the account exists."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core import passwords
from core.store.db import Tx
from core.store.staff import accounts, audit, sign_ins
from core.store.staff.rows.accounts import Accepted, Account, Entered
from core.store.staff.sign_ins import Tries
from dashboard import forms, origins
from dashboard.guard import allowed, current, public, somebody
from dashboard.signing_in import hashing, keys, known_browser
from dashboard.signing_in.turning_away import UNDONE, inside, let_in
from dashboard.window import Window

WHY = {
    "again": "You were signed out, or your time was over. Sign in to go on.",
    "undone": UNDONE,
    "out": "You are signed out.",
}
FEW_TRIES = 3
"""More refused tries than one mistypes are told."""
WRONG = "The e-mail address or the password is not right."


def add_to(blueprint: Blueprint, window: Window) -> None:
    @blueprint.get("/sign-in")
    @public
    def sign_in() -> Response | str:
        if somebody() is not None:
            return redirect(inside(request.args.get("next")))
        return _page(WHY.get(request.args.get("why", ""), ""))

    @blueprint.post("/sign-in")
    @public
    def sign_in_now() -> Response:
        return _try(window)

    @blueprint.post("/sign-out")
    @allowed("viewer")
    def sign_out() -> Response:
        with window.db.transaction() as tx:
            sign_ins.end_by_token(tx, keys.of_session(window))
            audit.note(tx, who=current().email, did="signed out", subject=f"staff:{current().id}")
        response = redirect(url_for("window.sign_in", why="out"), 303)
        keys.take_away(response, window)
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response


def _page(why: str = "", *, wrong: str = "") -> str:
    wanted = request.values.get("next", "")
    return render_template(
        "sign_in.html", why=why, wrong=wrong, next=wanted, email=request.form.get("email", ""), written=forms.written()
    )


def _try(window: Window) -> Response:
    email, password = accounts.plain(forms.text("email", most=200)), request.form.get("password", "")
    hashing.check_room()
    if wait_s := _wait(window, email):
        return _refused(f"Too many tries. Wait {round(wait_s)} seconds, and try again.", 429, retry_s=wait_s)
    with window.db.transaction() as tx:
        row = accounts.find_by_email(tx, email)
    may = row is not None and row.disabled_at is None
    if not hashing.matches(row.password_hash if row is not None and may else None, password):
        _note_refusal(window, row)
        return _refused(WRONG, 401)
    assert row is not None
    return _let_in(window, row, password)


def _wait(window: Window, email: str) -> float:
    """How long until this browser, or who comes from here, may try this account again; nothing: now."""
    for tries, key in _tries(window, email):
        if wait_s := sign_ins.pay_for_try(window.db, tries, *key):
            return wait_s
    return 0.0


def _tries(window: Window, email: str) -> list[tuple[Tries, tuple[str, ...]]]:
    """Never those of the account alone: whoever knows an address could use them up from anywhere."""
    if known := known_browser.of_account(window, email):
        return [(window.browser_tries, (email, known))]
    here = origins.network(window)
    return [(window.address_tries, (here,)), (window.account_tries, (email, here))]


def _refused(why: str, status: int, *, retry_s: float = 0.0) -> Response:
    response = make_response(_page(wrong=why), status)
    if retry_s:
        response.headers["Retry-After"] = str(round(retry_s))
    return response


def _note_refusal(window: Window, row: Account | None) -> None:
    """Written for unknown accounts too: it takes its time."""
    with window.db.transaction() as tx:
        note_refusal(tx, window, row)


def note_refusal(tx: Tx, window: Window, row: Account | Entered | None, what: str = "password") -> None:
    subject = f"staff:{row.id}" if row else "staff:none"
    audit.note(tx, who="-", did="sign-in refused", subject=subject, why=what, address=origins.address(window))


def _let_in(window: Window, row: Account, password: str) -> Response:
    """The password was right: inside, or on to the code of the second factor."""
    assert row.password_hash is not None, "a password that is right has a hash"
    renewed = hashing.hashed(password) if passwords.outdated(row.password_hash) else None
    with window.db.transaction() as tx:
        sign_ins.sweep(tx, window.limits)
        _forgive(tx, window, row.email)
        if renewed:
            accounts.set_password(tx, row.id, renewed)
        key = start_session(tx, window, row, complete=row.totp_secret is None)
    wanted = inside(request.form.get("next"))
    response = let_in(wanted) if row.totp_secret is None else _to_code(wanted)
    keys.give(response, window, key)
    if row.totp_secret is None:
        known_browser.remember(response, window, row.email)
    return response


def _forgive(tx: Tx, window: Window, email: str) -> None:
    for tries, key in _tries(window, email):
        if tries.scope != "address":
            sign_ins.forgive_tries(tx, tries.scope, *key)


def _to_code(wanted: str) -> Response:
    if written := forms.written():  # too long for an address
        return make_response(render_template("code.html", wrong="", written=written))
    return redirect(url_for("window.sign_in_code", next=wanted), 303)


def start_session(tx: Tx, window: Window, row: Account | Accepted | Entered, *, complete: bool = True) -> str:
    """A session with a new key; whatever this browser showed before opens nothing any more."""
    sign_ins.end_by_token(tx, keys.of_session(window))
    key = keys.new()
    browser, said = request.headers.get("User-Agent", ""), _news(tx, row.id) if complete else []
    sign_ins.start(tx, row.id, key, complete=complete, address=origins.address(window), browser=browser, said=said)
    if complete:
        accounts.signed_in(tx, row.id)
        audit.note(tx, who=row.email, did="signed in", subject=f"staff:{row.id}")
    return key


def _news(tx: Tx, id: int) -> list[list[str]]:
    """Security notices of this account since its last sign-in."""
    news, refused = accounts.take_news(tx, id), audit.refusals(tx, id)
    if refused.tries > FEW_TRIES:
        message = f"Signing in to your account was refused {refused.tries} times; the last time at"
        news.append(["warn", f"{message} {refused.last_at:%Y-%m-%d %H:%M} UTC ({refused.last_why})."])
    return news
