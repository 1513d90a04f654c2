"""Error pages of the admin window."""

from __future__ import annotations

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for
from werkzeug.exceptions import HTTPException

from core.errors import Unreachable
from core.store.asking.question import Unanswered
from core.telemetry import log
from dashboard import forms
from dashboard.guard import allowed
from dashboard.signing_in import hashing
from dashboard.signing_in.turning_away import page_of_the_form

TITLES = {
    400: "That cannot be read",
    403: "Not allowed",
    404: "There is nothing here",
    405: "Not like this",
    409: "Too late",
    413: "Too large",
    429: "Too often",
    500: "Something broke",
    503: "Not at this moment",
}
OURS = "It is our mistake, not yours. It is written in the log."


def explained(error: HTTPException) -> Response | HTTPException:
    """A page that says what and why."""
    code = error.code or 500
    if code < 400:
        return error  # werkzeug asks for the slash at the end this way
    why = OURS if code == 500 else error.description or ""
    return _page(code, why)


def broken(error: Exception) -> Response:
    """A bug, or a database that is away: nothing of it is shown."""
    if isinstance(error, Unreachable):
        log.error("window.closed", error=str(error))
        return _page(
            503, "The database does not answer just now. Your request was not processed; try again in a moment."
        )
    if isinstance(error, hashing.Busy):
        page = _page(503, "Too many sign in at this moment. Nothing was done. Try again in a moment.")
        page.headers["Retry-After"] = str(hashing.LATER_S)
        return page
    if isinstance(error, Unanswered):
        return _page(503, str(error))
    log.error("window.broken", error=type(error).__name__, exc_info=True)
    return _page(500, OURS)


def _page(code: int, why: str) -> Response:
    title = TITLES.get(code, "It did not work")
    written = _written(code)
    back = page_of_the_form() if written else url_for("window.home")
    page = render_template("error.html", title=title, why=why, code=code, written=written, back=back)
    return make_response(page, code)


def _written(code: int) -> str:
    """Not lost with the page that could not be shown; of what is too large, nothing is read again."""
    return forms.written() if code != 413 and request.method == "POST" else ""


def add_to(blueprint: Blueprint) -> None:
    @blueprint.get("/<path:nowhere>")
    @allowed("viewer")
    def nowhere(nowhere: str) -> Response:
        """Last of all: who is not signed in does not learn which pages there are."""
        abort(404, "This page does not exist, or it is gone.")
