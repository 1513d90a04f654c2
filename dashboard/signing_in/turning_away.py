"""Redirects to the sign-in page and back to the requested page, never to another site."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from flask import Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from dashboard import forms

_INSIDE = re.compile(r"/admin/[!-\[\]-~]*", re.ASCII)  # printable, and no backslash, which browsers read as a slash
LONGEST = 1000
STOP_POLLING = 286


UNDONE = "You were signed out before this could be done. Nothing was done. Sign in, and do it again."


def to_sign_in() -> Answer:
    """Redirect to sign-in without acting; afterwards the user returns to the page, with the text of the form."""
    if request.method == "GET":
        back, why = inside(request.full_path.rstrip("?")), "first" if not request.cookies else "again"
    else:
        back, why = page_of_the_form(), "undone"
        if written := forms.written():
            page = render_template("sign_in.html", why=UNDONE, wrong="", next=back, email="", written=written)
            return make_response(page, 401)
    where = url_for("window.sign_in", next=back, why=why)
    if "X-Turno-Quiet" in request.headers:
        return _in_place(where)
    if request.headers.get("HX-Request"):
        return Response(status=401, headers={"HX-Redirect": where})
    return redirect(where, 303)


def inside(wanted: str | None) -> str:
    """The path, when it is one of the window's; else the first page."""
    path = wanted or ""
    fits = len(path) <= LONGEST and _INSIDE.fullmatch(path) and "/sign-" not in path and not _climbs(path)
    return path if fits else url_for("window.home")


def _climbs(path: str) -> bool:
    """Whether the path leaves its root, however often its dots and slashes are encoded: `..`, `%2e.`, `%252e%252e`."""
    plain = path.partition("?")[0]
    while (decoded := unquote(plain)) != plain:
        plain = decoded
    return ".." in re.split(r"[/\\;]", plain)


def let_in(where: str) -> Response:
    """There they go on; or first to what they had written when they were turned away."""
    if written := forms.written():
        return make_response(render_template("written.html", written=written, next=where))
    return make_response(redirect(where, 303))


def page_of_the_form() -> str:
    """The page of the window that holds the form which was sent."""
    came = urlsplit(request.referrer or "")
    return inside(f"{came.path}?{came.query}" if came.query else came.path)


def _in_place(where: str) -> Answer:
    """A page that renews itself stays, with what somebody may be writing on it, and says what happened."""
    link = f'<p class="notice warn">You were signed out. <a href="{where}">Sign in again</a></p>'
    return Response(link, status=STOP_POLLING)  # where is made by url_for, which escapes
