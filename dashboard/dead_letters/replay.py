"""Bulk replay of matching dead letters: counted, confirmed by that count, then put back into the inbox."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core import bell
from core.store.staff import audit, dead_letters
from core.store.staff.dead_letters import MOST_AT_ONCE
from dashboard.answers import say
from dashboard.dead_letters.pages import FILTERS, asked, wanted
from dashboard.guard import allowed, current
from dashboard.window import Window


def add_to(blueprint: Blueprint, window: Window) -> None:
    @blueprint.get("/letters/replay")
    @allowed("operator")
    def confirm_replay() -> str:
        with window.db.transaction() as tx:
            going = dead_letters.matching(tx, wanted(), moved_on_too=False)
            every = dead_letters.matching(tx, wanted(), moved_on_too=True)
        return render_template(
            "letters_replay.html", going=_lot(going), every=_lot(every), asked=asked(), names=FILTERS, most=MOST_AT_ONCE
        )

    @blueprint.post("/letters/replay")
    @allowed("operator")
    def replay_letters() -> Response:
        return _replay(window)


class Lot(NamedTuple):
    """The selection that staff confirm: a count and a digest of the ids."""

    many: int
    which: str


def _lot(ids: Sequence[int]) -> Lot:
    return Lot(len(ids), hashlib.sha256(",".join(map(str, ids)).encode()).hexdigest())


def _replay(window: Window) -> Response:
    """Replay exactly the confirmed dead letters, or none: a confirmation of 7 covers neither today's 40 nor 7 others."""
    confirmed = Lot(request.form.get("count", 0, type=int), request.form.get("which", ""))
    with window.db.transaction() as tx:
        ids = dead_letters.matching(tx, wanted(), moved_on_too=bool(request.form.get("moved_on_too")))
        if len(ids) != confirmed.many:
            abort(409, f"There are {len(ids)} now, and you confirmed {confirmed.many}. Nothing was done. Look again.")
        if _lot(ids) != confirmed:
            abort(409, "The list changed after you confirmed it. Nothing was replayed; please review it again.")
        dead_letters.replay(tx, ids)
        why = "; ".join(f"{FILTERS[name]} = {value}" for name, value in asked().items() if name != "phone")
        why += "; of one phone" * ("phone" in asked())
        audit.note(tx, who=current().email, did="replayed dead letters", subject=f"{len(ids)} events", why=why)
    window.bell.ring(bell.INBOX)
    say(f"{len(ids)} are back in line.")
    return redirect(url_for("window.letters", **asked()), 303)  # type: ignore[arg-type]  # its signature is narrower than it is
