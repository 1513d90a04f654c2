"""The chat page: standalone, and embedded in other sites by a button."""

from __future__ import annotations

from pathlib import Path

from flask import (
    Blueprint,
    Response,
    abort,
    jsonify,
    make_response,
    render_template,
    request,
    send_from_directory,
    url_for,
)
from werkzeug.datastructures import LanguageAccept

from core import look as shared_look
from core.settings import Settings
from core.store.chat import web
from core.store.chat.rows import Place
from core.store.db import Database

FOLDER = Path(__file__).parent.parent / "static" / "chat"
FILES = frozenset(path.name for path in FOLDER.iterdir())
NOSCRIPT = {
    "es": "Este chat necesita JavaScript.",
    "en": "This chat needs JavaScript.",
    "pt": "Este chat precisa de JavaScript.",
}
REFRESH_S = 300


def blueprint(db: Database, settings: Settings) -> Blueprint:
    routes = Blueprint("chatpage", __name__, url_prefix="/chat", template_folder="../templates")
    policy = _policy(settings.webchat_origins)

    @routes.get("/")
    def page() -> Response:
        return _page(_place(db, request.args.get("desk", "")), policy)

    @routes.get("/<name>")
    def file(name: str) -> Response:
        if name not in FILES:
            abort(404)
        return _cached(send_from_directory(FOLDER, name))

    @routes.get("/look/<name>")
    def look(name: str) -> Response:
        if name not in shared_look.FILES:
            abort(404)
        return _cached(send_from_directory(shared_look.FOLDER, name))

    @routes.get("/manifest.webmanifest")
    def manifest() -> Response:
        """The web app manifest, by which a phone installs the chat."""
        return _manifest(_place(db, request.args.get("desk", "")))

    return routes


def _page(place: Place, policy: str) -> Response:
    wished = request.args.get("language", "")
    language = _language(wished, place.language, request.accept_languages)
    shown = make_response(
        render_template(
            "chat.html", desk=place.address, name=place.name, language=language, noscript=NOSCRIPT[language[:2]],
            embedded="embedded" in request.args, wished=wished[:16],
        )
    )  # fmt: skip
    shown.headers["Content-Security-Policy"] = policy
    shown.headers["X-Frame-Options"] = "SAMEORIGIN"  # for browsers too old for frame-ancestors
    return shown


def _manifest(place: Place) -> Response:
    icon = {"src": url_for("chatpage.file", name="icon.svg"), "sizes": "any", "type": "image/svg+xml"}
    answer = jsonify(
        name=place.name, short_name=place.name[:24], lang=place.language, display="standalone",
        start_url=url_for("chatpage.page", desk=place.address), scope=url_for("chatpage.page"),
        background_color="#e9edef", theme_color="#0b7a5f", icons=[icon],
    )  # fmt: skip
    answer.mimetype = "application/manifest+json"
    return answer


def _place(db: Database, desk: str) -> Place:
    """The desk's place in the chat, or the first one."""
    with db.transaction() as tx:
        places = web.places(tx)
    found = [place for place in places if place.address == desk] if desk else places
    return found[0] if found else abort(404)


def _language(wished: str, desks: str, browsers: LanguageAccept) -> str:
    """The language of the page until the desk has spoken: what the site wishes, else the browser's first, else the desk's."""
    for asked in (wished, browsers.best, desks):
        spoken = (asked or "")[:2].lower()
        if spoken == desks[:2] and spoken in NOSCRIPT:
            return desks
        if spoken in NOSCRIPT:
            return spoken
    return "es"


def _cached(response: Response) -> Response:
    response.headers["Cache-Control"] = f"public, max-age={REFRESH_S}"
    response.headers["Content-Security-Policy"] = "default-src 'self'"  # the service worker fetches under its own
    return response


def _policy(origins: str) -> str:
    """Only what is ours runs; pictures may also be at an https address that a desk names, such as one of its own site; and
    only sites that are listed may frame it."""
    ancestors = " ".join(["'self'", *(origin.strip() for origin in origins.split(",") if origin.strip())])
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data: https:; connect-src 'self'; "
        f"manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors {ancestors}; "
        "report-uri /api/csp-report"
    )
