"""All dead letters that match: counted, confirmed by that number, and put back in line."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core import bell
from core.store import audit, letters
from core.store.letters import MOST_AT_ONCE
from dashboard.answers import say
from dashboard.guard import allowed, current
from dashboard.letters import shown, wanted
from dashboard.window import Window


def add_to(blueprint: Blueprint, window: Window) -> None:
    @blueprint.get("/letters/replay")
    @allowed("operator")
    def confirm_replay() -> str:
        with window.db.transaction() as tx:
            going = len(letters.matching(tx, wanted(), moved_on_too=False))
            every = len(letters.matching(tx, wanted(), moved_on_too=True))
        return render_template(
            "letters_replay.html", going=going, every=every, asked=shown(wanted()), most=MOST_AT_ONCE
        )

    @blueprint.post("/letters/replay")
    @allowed("operator")
    def replay_letters() -> Response:
        return _replay(window)


def _replay(window: Window) -> Response:
    """As many as were confirmed, or none: whoever confirmed 7 did not mean the 40 that came meanwhile."""
    confirmed = request.form.get("count", type=int)
    with window.db.transaction() as tx:
        ids = letters.matching(tx, wanted(), moved_on_too=bool(request.form.get("moved_on_too")))
        if len(ids) != confirmed:
            abort(409, f"There are {len(ids)} now, and you confirmed {confirmed}. Nothing was done. Look again.")
        letters.replay(tx, ids)
        why = "; ".join(f"{name} = {value}" for name, value in shown(wanted()).items())
        audit.note(tx, who=current().email, did="replayed dead letters", subject=f"{len(ids)} events", why=why)
    window.bell.ring(bell.INBOX)
    say(f"{len(ids)} are back in line.")
    return redirect(url_for("window.letters", **shown(wanted())), 303)  # type: ignore[arg-type]  # its signature is narrower than it is
