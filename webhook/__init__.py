"""The web side (the door): HTTP requests in."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

from flask import Blueprint, Flask, Response, jsonify, request
from psycopg import DataError
from werkzeug.exceptions import BadRequest, HTTPException

from core import telemetry
from core.errors import Refused, Unreachable
from core.log_lines import REQUEST_ID
from core.settings import Settings
from core.store.db import Database
from core.telemetry import log
from webhook import alarms, health, meta
from webhook.keyholder import Keyholder
from webhook.meta import LIGHT_BYTES, FastLane, Meta
from webhook.relay import MOST_BYTES, for_staff
from webhook.request_ids import RequestIds
from webhook.webchat import limits, wrong_keys
from webhook.webchat.guard import Guard
from webhook.webchat.limits import Limits

LATER_S = 2
A_YEAR = "max-age=31536000"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}


def create_app(door: Meta, db: Database, settings: Settings) -> Flask:
    """Every route of the door."""
    app = Flask("webhook", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LIGHT_BYTES
    app.wsgi_app = RequestIds(FastLane(app.wsgi_app, door), REQUEST_ID)  # type: ignore[method-assign]  # how Flask says a middleware is added
    app.register_blueprint(meta.blueprint(door))
    for routes in _watched(db, settings):
        app.register_blueprint(routes)
    app.before_request(_sized)
    app.before_request(_clean)
    app.register_error_handler(HTTPException, _error_of)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(DataError, _unfit)
    app.register_error_handler(Unreachable, _away)
    app.after_request(_guarded)
    app.after_request(_on_this_site)
    if settings.app_env == "production":
        app.after_request(_over_tls)
    return app


def _watched(db: Database, settings: Settings) -> Iterator[Blueprint]:
    """Routes for those who watch over us."""
    keyholder = Keyholder(settings, wrong_keys.counting(settings, Limits(db), Guard(settings)))
    for routes in (health.blueprint(db, keyholder), alarms.blueprint(db, keyholder)):
        routes.after_request(limits.with_headers)
        yield routes


def _sized() -> None:
    """How much a request may carry: the forms of staff are larger than what strangers say."""
    if for_staff(request.path):
        request.max_content_length = MOST_BYTES


def _clean() -> None:
    """No text of the database holds NUL, so nothing that is named with it is there."""
    if "\0" in request.path or any("\0" in word for pair in request.args.items(multi=True) for word in pair):
        raise BadRequest


def _on_this_site(response: Response) -> Response:
    """Redirect for a missing slash, without the host: a redirect with one would repeat the host that the client sent."""
    to = urlsplit(response.headers.get("Location", ""))
    if to.netloc == request.host:
        response.headers["Location"] = urlunsplit(("", "", to.path, to.query, to.fragment))
    return response


def _unfit(error: DataError) -> tuple[Response, int]:
    """Answer 400 to content that the database cannot store, such as NUL."""
    log.warning("page.unfit", error=type(error).__name__)
    return jsonify(error="bad_request"), 400


def _refused(refused: Refused) -> tuple[Response, int]:
    telemetry.refused(type(refused).__name__)
    return jsonify(error=type(refused).__name__), refused.status


def _error_of(error: HTTPException) -> tuple[Response, int]:
    return jsonify(error=error.name), error.code or 500


def _away(error: Unreachable) -> tuple[Response, int]:
    """A page that needs the database while it is away, or while too many want it: that is for a moment only."""
    log.error("page.closed", error=str(error))
    answer = Response("Please try again in a moment.\n", mimetype="text/plain")
    answer.headers["Retry-After"] = str(LATER_S)
    return answer, 503


def _over_tls(response: Response) -> Response:
    response.headers["Strict-Transport-Security"] = A_YEAR
    return response


def _guarded(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response
