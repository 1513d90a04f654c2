"""Data-protection requests, for admins: find, export and erase a person's data."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from core import person_file
from core.erasing import Eraser, finish_one
from core.errors import Broken
from core.store.db import Tx
from core.store.files.photos_shared import keeping
from core.store.people import person
from core.store.people.rows import Holdings
from core.store.staff import audit
from core.tombstone import AliasDigest
from core.tombstone_file import TombstoneFile
from dashboard import forms
from dashboard.answers import say
from dashboard.guard import allowed, current
from dashboard.window import Link, Window

BATCHES = 40
"""So many small transactions are done while somebody looks on; the janitor does the rest."""


def add_to(blueprint: Blueprint, window: Window) -> None:
    window.links.append(Link("A person's data", "window.contacts", "admin", "house"))

    @blueprint.get("/contacts")
    @allowed("admin")
    def contacts() -> str:
        return render_template("contacts.html", found=None)

    @blueprint.post("/contacts")
    @allowed("admin")
    def find_contacts() -> str:
        return _find(window)

    @blueprint.get("/contacts/<int:id>")
    @allowed("admin")
    def contact(id: int) -> str:
        with window.db.transaction() as tx:
            holdings = _holdings(tx, id)
        return render_template("contact.html", one=holdings, wrong=_unable(window))

    @blueprint.post("/contacts/<int:id>/export")
    @allowed("admin")
    def export_contact(id: int) -> Response:
        return _export(window, id)

    @blueprint.post("/contacts/<int:id>/erase")
    @allowed("admin")
    def erase_contact(id: int) -> Answer:
        return _erase(window, id)


def _find(window: Window) -> str:
    """By a form that is posted: a phone in an address would be in every log on the way."""
    name = forms.text("name", most=200)
    with window.db.transaction() as tx:
        found = [row for row in person.find(tx, name) if name and _sees(person.holdings(tx, row.id))]
        audit.note(tx, who=current().email, did="looked for a person", subject=f"{len(found)} found")
    return render_template("contacts.html", found=found)


def _sees(holdings: Holdings | None) -> bool:
    """A person is whole: who may not see all of their desks may neither give nor erase them."""
    if holdings is None:
        return False
    return all(current().sees(desk) for desk in holdings.desks) if holdings.desks else current().sees(None)


def _holdings(tx: Tx, id: int) -> Holdings:
    holdings = person.holdings(tx, id)
    if holdings is None:
        abort(404, "There is no such person (any more).")
    if not _sees(holdings):
        abort(403, "This person wrote to desks that are not yours, too.")
    return holdings


def _unable(window: Window) -> str:
    try:
        AliasDigest(window.settings.erasure_secret.get_secret_value())
    except Broken as problem:
        return str(problem)
    return ""


def _why() -> str:
    return forms.text("why", most=300) or abort(400, "Say why. Nothing was done.")


def _export(window: Window, id: int) -> Response:
    why = _why()
    with window.db.transaction() as tx:
        desks = _holdings(tx, id).desks
        audit.note(tx, who=current().email, did="exported a person", subject=f"contact:{id}", why=why)
    pieces = person_file.pieces(window.db, id, keeping(window.settings, window.db), desks)
    headers = {"Content-Disposition": f'attachment; filename="person-{id}.zip"'}
    return Response(pieces, content_type="application/zip", headers=headers)


def _erase(window: Window, id: int) -> Answer:
    why = _why()
    if request.form.get("sure", "").strip() != f"erase {id}":
        abort(400, f"Write “erase {id}” to say that you are sure. Nothing was done.")
    if unable := _unable(window):
        abort(409, unable)
    with window.db.transaction() as tx:
        _holdings(tx, id)
        audit.note(tx, who=current().email, did="erased a person", subject=f"contact:{id}", why=why)
    kept = keeping(window.settings, window.db)
    eraser = Eraser(
        window.db,
        AliasDigest(window.settings.erasure_secret.get_secret_value()),
        TombstoneFile(window.settings.tombstones_file),
        kept,
    )
    eraser.cut_off(id)
    gone = finish_one(window.db, id, kept, most=BATCHES)
    rows = sum(one.rows for one in gone)
    whole = bool(gone) and gone[-1].part == "contacts"
    say(f"Person {id} is erased: {rows} rows." if whole else f"Person {id} is cut off; the rest is being erased.")
    return redirect(url_for("window.contacts"), 303)
