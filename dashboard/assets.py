"""Static files under content-hashed URLs, cacheable for ever."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, send_from_directory, url_for

from dashboard.guard import public

FOLDER = Path(__file__).parent / "static"
FOREVER = "public, max-age=31536000, immutable"


def asset(name: str) -> str:
    """The path of a file of `static/`."""
    return url_for("window.static", digest=_digest(name), name=name)


def add_to(blueprint: Blueprint) -> None:
    @blueprint.get("/static/<digest>/<path:name>")
    @public
    def static(digest: str, name: str) -> Response:
        """An address from another version gets today's file, and may not keep it."""
        response = send_from_directory(FOLDER, name)
        response.headers["Cache-Control"] = FOREVER if digest == _digest(name) else "no-store"
        return response


def _digest(name: str) -> str:
    file = FOLDER / name
    return _digest_of(file, file.stat().st_mtime_ns)


@cache
def _digest_of(file: Path, changed: int) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:16]
