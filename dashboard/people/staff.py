"""Staff accounts, for admins: roles, desks and invitations."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core.store import desks
from core.store.db import Tx
from core.store.rows import Named
from core.store.staff import accounts, audit, sign_ins
from core.store.staff.accounts import ROLES
from core.store.staff.rows.accounts import Account
from dashboard import forms
from dashboard.answers import say
from dashboard.guard import allowed, current
from dashboard.signing_in import keys
from dashboard.window import Link, Window

LAST = "This is the last admin of every desk who can sign in: make somebody else one first. Nothing was done."
BOTH = "Every desk was ticked, and some desks as well: choose one or the other. Nothing was done."
OTHERS = "Your account is for some desks: it cannot give every desk to anybody. Nothing was done."


def add_to(blueprint: Blueprint, window: Window) -> None:
    window.links.append(Link("People", "window.people", "admin", "house"))
    _add_people(blueprint, window)
    _add_places(blueprint, window)
    _add_ways_in(blueprint, window)


def _add_people(blueprint: Blueprint, window: Window) -> None:
    """Routes that show accounts and make them."""

    @blueprint.get("/people")
    @allowed("admin")
    def people() -> str:
        with window.db.transaction() as tx:
            people = [one for one in accounts.everybody(tx) if current().covers(one.desks)]
            return render_template("people.html", people=people, desks=_known(tx), roles=ROLES, every=_every())

    @blueprint.post("/people")
    @allowed("admin")
    def add_person() -> str | Response:
        return _add(window)

    @blueprint.get("/people/<int:id>")
    @allowed("admin")
    def person(id: int) -> str:
        with window.db.transaction() as tx:
            return render_template(
                "person.html", person=_found(tx, id), sessions=sign_ins.of_person(tx, id), desks=_known(tx),
                roles=ROLES, every=_every(),
            )  # fmt: skip


def _add_places(blueprint: Blueprint, window: Window) -> None:
    """Routes that change what an account may do."""

    @blueprint.post("/people/<int:id>/place")
    @allowed("admin")
    def set_place(id: int) -> Response:
        with window.db.transaction() as tx:
            row, role, chosen = _found(tx, id), _role(), _desks(tx)
            if role != "admin" or chosen is not None:
                _keep_one_admin(tx, row)
            accounts.set_place(tx, id, role, chosen)
            _note(tx, id, "changed a role", f"{role}; {', '.join(chosen) if chosen is not None else 'every desk'}")
        return _back(id, f"{row.name} is {role} now.")

    @blueprint.post("/people/<int:id>/disable")
    @allowed("admin")
    def disable(id: int) -> Response:
        with window.db.transaction() as tx:
            row = _found(tx, id)
            _keep_one_admin(tx, row)
            accounts.set_disabled(tx, id, True)
            sign_ins.end_all(tx, id)
            _note(tx, id, "disabled an account", forms.text("why"))
        return _back(id, f"{row.name} cannot sign in any more, and is signed out.")

    @blueprint.post("/people/<int:id>/enable")
    @allowed("admin")
    def enable(id: int) -> Response:
        with window.db.transaction() as tx:
            row = _found(tx, id)
            accounts.set_disabled(tx, id, False)
            _note(tx, id, "enabled an account")
        return _back(id, f"{row.name} may sign in again.")


def _add_ways_in(blueprint: Blueprint, window: Window) -> None:
    """Routes that change how somebody signs in."""

    @blueprint.post("/people/<int:id>/link")
    @allowed("admin")
    def make_link(id: int) -> str:
        with window.db.transaction() as tx:
            row = _found(tx, id)
            if row.disabled_at is not None:
                abort(409, "A disabled account has no use for a link. Enable it first.")
            return _invite(window, tx, row)

    @blueprint.post("/people/<int:id>/second-factor/remove")
    @allowed("admin")
    def remove_factor(id: int) -> Response:
        with window.db.transaction() as tx:
            row = _found(tx, id)
            accounts.set_totp(tx, id, None)
            accounts.add_news(tx, id, "An admin took your second factor away: your password alone opens your account.")
            sign_ins.end_all(tx, id)
            _note(tx, id, "removed a second factor")
        return _back(id, f"{row.name} signs in with the password alone now, and is signed out.")

    @blueprint.post("/people/<int:id>/sessions/end")
    @allowed("admin")
    def end_sessions(id: int) -> Response:
        with window.db.transaction() as tx:
            row = _found(tx, id)
            ended = sign_ins.end_all(tx, id, but=current().session_id)
            _note(tx, id, "ended sessions")
        return _back(id, f"{row.name} is signed out of {ended} {'place' if ended == 1 else 'places'}.")


def _found(tx: Tx, id: int) -> Account:
    """An account that is theirs to see: for no desk that is not their own."""
    row = accounts.find(tx, id)
    if row is None or not current().covers(row.desks):
        abort(404, "There is no such account, or it is for desks that are not yours.")
    return row


def _known(tx: Tx) -> list[Named]:
    """The desks that may be given: one's own."""
    return desks.named(tx, current().desk_list)


def _every() -> bool:
    return current().desks is None


def _keep_one_admin(tx: Tx, row: Account) -> None:
    """Refuse a change that would leave no admin."""
    if accounts.is_last_admin(tx, row.id):
        abort(409, LAST)


def _role() -> str:
    role = forms.text("role")
    return role if role in ROLES else abort(400, "There is no such role. Nothing was done.")


def _desks(tx: Tx) -> list[str] | None:
    """The chosen desks; None for every desk. An admin of some desks gives no others."""
    if request.form.get("every_desk") and request.form.getlist("desk"):
        abort(400, BOTH)
    if request.form.get("every_desk"):
        return None if _every() else abort(403, OTHERS)
    known = {row.id for row in _known(tx)}
    chosen = [desk for desk in request.form.getlist("desk") if desk in known]
    return chosen or abort(400, "Choose at least one desk, or every desk. Nothing was done.")


def _note(tx: Tx, id: int, did: str, why: str = "") -> None:
    audit.note(tx, who=current().email, did=did, subject=f"staff:{id}", why=why)


def _back(id: int, message: str) -> Response:
    say(message)
    return redirect(url_for("window.person", id=id), 303)


def _add(window: Window) -> str | Response:
    email, name = accounts.plain(forms.text("email", most=200)), forms.text("name", most=100)
    if not accounts.is_email(email) or not name:
        abort(400, "A person needs an e-mail address and a name. Nothing was done.")
    with window.db.transaction() as tx:
        role, chosen = _role(), _desks(tx)
        id = accounts.create(tx, email=email, name=name, role=role, desks=chosen)
        if id is None:
            abort(409, "This e-mail address has an account already. Nothing was done.")
        _note(tx, id, "added a person", role)
        return _invite(window, tx, _found(tx, id))


def _invite(window: Window, tx: Tx, row: Account) -> str:
    """The page with a link that opens once. It is shown here, and kept nowhere."""
    token = keys.new()
    accounts.invite(tx, row.id, token, valid_s=window.settings.staff_invitation_s)
    _note(tx, row.id, "made a link to choose a password")
    link = window.settings.reached_at + url_for("window.welcome", token=token)
    return render_template("link.html", person=row, link=link, hours=round(window.settings.staff_invitation_s / 3600))
