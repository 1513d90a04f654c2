"""CSRF tokens, and idempotency keys by which a form that is sent twice counts once."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

from flask import abort, g, request

WRITTEN = ("text", "note", "why", "sql", "written")
"""Fields in which somebody writes at length; the last carries it on through signing in."""
LONGEST_WRITTEN = 20_000
FIELD, HEADER, ONCE = "csrf", "X-Turno-Csrf", "once"
_ID = re.compile(r"[0-9a-f]{32}")


def token() -> str:
    """The word that only a page of this session knows."""
    return hmac.digest(g.form_key.encode("utf-8", "surrogateescape"), b"form", hashlib.sha256).hex()


def genuine() -> bool:
    """Whether the request carries the session's CSRF token."""
    shown = request.form.get(FIELD) or request.headers.get(HEADER, "")
    return hmac.compare_digest(shown.encode("utf-8", "surrogateescape"), token().encode())


def new_id() -> str:
    """Each form is printed with an id of its own."""
    return secrets.token_hex(16)


def id() -> str:
    """The form's id, the same however often it is sent: what it does is known by it, and done once."""
    shown = request.form.get(ONCE, "")
    if not _ID.fullmatch(shown):
        abort(400, "This form is not complete. Nothing was done.")
    return shown


def text(name: str, *, most: int = 500) -> str:
    """A form field's text, stripped."""
    value = request.form.get(name, "").strip()
    if len(value) > most:
        abort(400, f"“{name}” is longer than {most} characters. Nothing was done.")
    return value


def written() -> str:
    """The free text of a refused form, so that the page can give it back."""
    if not g.get("ours"):
        return ""
    fields = (request.form.get(name, "").strip() for name in WRITTEN)
    return "\n\n".join(field for field in fields if field)[:LONGEST_WRITTEN]
