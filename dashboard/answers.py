"""Headers and notices of every answer of the admin window."""

from __future__ import annotations

from flask import Blueprint, Response, g, request

from core.store.staff import sign_ins
from dashboard.signing_in import keys
from dashboard.window import Window

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Robots-Tag": "noindex",
}
A_YEAR = "max-age=31536000"


def dress(blueprint: Blueprint, window: Window) -> None:
    def dressed(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers[name] = value
        if window.in_production:
            response.headers["Strict-Transport-Security"] = A_YEAR
        response.headers.setdefault("Cache-Control", "no-store")
        keys.leave_at_door(response, window)
        _remember(window, response)
        return response

    blueprint.after_request(dressed)


def say(text: str, kind: str = "good") -> None:
    """Tell the person something on the next page they see; kind: good, warn, bad."""
    g.to_say.append([kind, text])


def said() -> list[list[str]]:
    """The notices to show once on the next page (flash messages)."""
    messages = [*g.get("said", ()), *g.get("to_say", ())]
    g.told = True
    return messages


def _remember(window: Window, response: Response) -> None:
    """Words outlive a redirection, and end with the page that shows them."""
    staff = g.get("staff")
    if staff is None or request.endpoint == "window.static":
        return
    left = [] if g.get("told") else [*g.said, *g.to_say]
    if left != g.said:
        with window.db.transaction() as tx:
            sign_ins.say(tx, staff.session_id, left)
