"""Second factor: TOTP codes of six digits. Each works once; an admin resets a lost one."""

from __future__ import annotations

import hmac
from datetime import datetime

import pyotp
import segno
from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core import sealing
from core.store.db import Tx
from core.store.staff import accounts, audit, sign_ins
from core.store.staff.rows.accounts import Entered
from core.telemetry import log
from dashboard import forms, origins
from dashboard.guard import allowed, current, public
from dashboard.signing_in import keys, known_browser
from dashboard.signing_in.account import WRONG, back, is_my_password, me
from dashboard.signing_in.sign_in import note_refusal, start_session
from dashboard.signing_in.turning_away import inside, let_in
from dashboard.window import Window

PERIOD_S, SLACK = 30, 1
TO_SCAN_S = 600.0
"""So long a new secret waits for its first code."""
WRONG_CODE = "This code is not right, or it was used before. Wait for the next one."


def add_to(blueprint: Blueprint, window: Window) -> None:
    @blueprint.get("/sign-in/code")
    @public
    def sign_in_code() -> Response | str:
        return _code_page() if _half_inside(window) else _again()

    @blueprint.post("/sign-in/code")
    @public
    def sign_in_code_now() -> Response:
        row = _half_inside(window)
        return _finish(window, row) if row else _again()

    @blueprint.post("/account/second-factor/new")
    @allowed("viewer")
    def new_factor() -> Response:
        if wrong := _may_not_change(window):
            return back(wrong, "bad")
        return make_response(_begin(window))

    @blueprint.post("/account/second-factor")
    @allowed("viewer")
    def set_factor() -> Response:
        return _set(window)

    @blueprint.post("/account/second-factor/remove")
    @allowed("viewer")
    def remove_my_factor() -> Response:
        if wrong := _may_not_change(window):
            return back(wrong, "bad")
        with window.db.transaction() as tx:
            accounts.set_totp(tx, current().id, None)
            _changed(tx, window, "taken away")
            audit.note(tx, who=current().email, did="removed a second factor", subject=f"staff:{current().id}")
        return back("You sign in with your password alone now.")


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """When this code was shown, as a count of half minutes; None when it is none of now, nor of just before or after."""
    shown, step = "".join(code.split()).encode("utf-8", "surrogateescape"), int(now.timestamp()) // PERIOD_S
    codes = pyotp.TOTP(secret, interval=PERIOD_S)
    for near in range(step - SLACK, step + SLACK + 1):
        if hmac.compare_digest(codes.generate_otp(near).encode(), shown):
            return near
    return None


def _half_inside(window: Window) -> Entered | None:
    """The account that gave the right password and still owes the code."""
    key = keys.of_session(window)
    row = sign_ins.enter(window.db, key, window.limits, noted=False) if key else None
    return row if row and not row.complete else None


def _code_page(wrong: str = "") -> str:
    return render_template("code.html", wrong=wrong, written=forms.written())


def _again() -> Response:
    return redirect(url_for("window.sign_in", why="again", next=request.values.get("next", "")), 303)


def _finish(window: Window, row: Entered) -> Response:
    if wait_s := sign_ins.pay_for_try(window.db, window.code_tries, str(row.id)):
        message = f"Too many codes. Wait {round(wait_s)} seconds."
        return make_response(_code_page(message), 429)
    if not _spend(window, row.id, forms.text("code", most=20)):
        with window.db.transaction() as tx:
            note_refusal(tx, window, row, "second factor")
        return make_response(_code_page(WRONG_CODE), 401)
    with window.db.transaction() as tx:
        sign_ins.forgive_tries(tx, "code", str(row.id))
        key = start_session(tx, window, row)
    response = let_in(inside(request.form.get("next")))
    keys.give(response, window, key)
    known_browser.remember(response, window, row.email)
    return response


def _may_not_change(window: Window) -> str:
    """Why the second factor stays as it is: the password is wrong or, where there is a factor, its code is."""
    if not is_my_password(window, request.form.get("current", "")):
        return WRONG
    if me(window).totp_secret is None:
        return ""
    _pay_for_code(window)
    return "" if _spend(window, current().id, forms.text("code", most=20)) else f"{WRONG_CODE} Nothing was done."


def _pay_for_code(window: Window) -> None:
    if wait_s := sign_ins.pay_for_try(window.db, window.code_tries, str(current().id)):
        abort(429, f"Too many codes. Wait {round(wait_s)} seconds. Nothing was done.")


def _spend(window: Window, id: int, code: str) -> bool:
    """A right code opens once, whoever shows it at the same moment."""
    with window.db.transaction() as tx:
        row = accounts.find(tx, id)
        secret = _unsealed(window, id, row.totp_secret) if row and row.totp_secret else None
        step = step_of(secret, code, window.clock.now()) if secret else None
        if secret is None or step is None or not accounts.spend_totp(tx, id, step):
            return False
        accounts.reseal_totp(tx, id, _sealed(window, id, secret))  # with the secret of today
        return True


def _sealed(window: Window, id: int, secret: str) -> str:
    return sealing.seal(secret, f"staff:{id}", window.settings.seals)


def _unsealed(window: Window, id: int, sealed: str) -> str | None:
    """Decrypt the secret; None when no key of ours does: then no code is right until an admin removes the factor."""
    try:
        return sealing.unseal(sealed, f"staff:{id}", window.settings.seals)
    except sealing.Sealed:
        log.error("second_factor.sealed", staff=id, hint="STAFF_SECRET or WHATSAPP_APP_SECRET has changed")
        return None


def _page(window: Window, secret: str, wrong: str = "") -> str:
    address = pyotp.TOTP(secret, name=me(window).email, issuer="Turno").provisioning_uri()
    picture = segno.make(address, error="m").svg_data_uri(scale=6, border=4, dark="#111b21", light="#fff")
    return render_template("second_factor.html", secret=secret, picture=picture, wrong=wrong)


def _begin(window: Window) -> str:
    """A new secret. It is kept here, for this session: what a browser sends is never taken for one."""
    secret = pyotp.random_base32()
    with window.db.transaction() as tx:
        kept = sealing.seal(secret, _place(), window.settings.seals)
        sign_ins.keep_factor(tx, current().session_id, kept, valid_s=TO_SCAN_S)
    return _page(window, secret)


def _begun(window: Window) -> str | None:
    """The secret this session was shown, while its time lasts."""
    with window.db.transaction() as tx:
        kept = sign_ins.kept_factor(tx, current().session_id)
    return sealing.unseal(kept, _place(), window.settings.seals) if kept else None


def _place() -> str:
    return f"session:{current().session_id}"


def _set(window: Window) -> Response:
    """Once the first code is right, the factor counts, and every other session is over."""
    secret = _begun(window)
    if secret is None:
        return back("The time for this was over. Begin again, with your password.", "bad")
    _pay_for_code(window)
    step = step_of(secret, forms.text("code", most=20), window.clock.now())
    if step is None:
        return make_response(_page(window, secret, "The code was not right. Type the one that is shown now."), 400)
    with window.db.transaction() as tx:
        accounts.set_totp(tx, current().id, _sealed(window, current().id, secret))
        accounts.spend_totp(tx, current().id, step)
        sign_ins.forgive_tries(tx, "code", str(current().id))
        _changed(tx, window, "set")
        audit.note(tx, who=current().email, did="set a second factor", subject=f"staff:{current().id}")
    return back("From now on, signing in asks for a code. Everywhere else you are signed out.")


def _changed(tx: Tx, window: Window, what: str) -> None:
    """After a change of the factor: end other sessions, drop a half-made secret, and leave a notice for the next sign-in."""
    sign_ins.end_all(tx, current().id, but=current().session_id)
    sign_ins.keep_factor(tx, current().session_id, "", valid_s=0)
    at, here = window.clock.now(), origins.address(window)
    message = f"Your second factor was {what} at {at:%Y-%m-%d %H:%M} UTC, from {here}."
    accounts.add_news(tx, current().id, f"{message} If that was not you, tell an admin.")
