"""Public pages, opened by the possession of their link."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, make_response, render_template, request, send_from_directory, url_for

from core.errors import Refused
from core.settings import Settings
from webhook.webchat import limits as windows
from webhook.webchat import tickets
from webhook.webchat.guard import Guard
from webhook.webchat.limits import Limits, TooMany
from webhook.webchat.tickets import Tickets

STATIC = Path(__file__).parent.parent / "static"
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "report-uri /api/csp-report"
)


def blueprint(found: Tickets, guard: Guard, limits: Limits, settings: Settings) -> Blueprint:
    routes = Blueprint("public", __name__, template_folder="../templates", static_folder=None)
    routes.after_request(windows.with_headers)

    @routes.get("/ticket/<number>")
    def ticket(number: str) -> Response:
        """How a ticket stands, without personal data. The key is in the link, so the page tells nobody where it was."""
        try:
            limits.check(settings.limit_ticket, "ticket", guard.address(request))
            shown = tickets.page(found.find(number, request.args.get("key", "")))
        except TooMany as refused:
            return Response("Too many at once: come again in a minute.\n", refused.status, mimetype="text/plain")
        except Refused as refused:
            return Response("No ticket is opened by this link.\n", refused.status, mimetype="text/plain")
        page = make_response(render_template("ticket.html", look=url_for("public.look"), **shown))
        page.headers["Content-Security-Policy"] = POLICY
        return page

    @routes.get("/ticket.css")
    def look() -> Response:
        page = send_from_directory(STATIC, "ticket.css", max_age=3600)
        page.headers["Cache-Control"] = "public, max-age=3600"
        return page

    return routes
