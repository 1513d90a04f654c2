"""Content Security Policy reports that browsers send about our pages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import orjson
from flask import Blueprint, Response, request

from core.telemetry import log
from webhook.webchat.refusals import answered
from webhook.webchat.rooms import Webchat

LARGEST = 16_384
LIMIT = "20/minute"
_WORD = re.compile(r"[a-z-]{1,40}")


def add_to(routes: Blueprint, rooms: Webchat) -> None:
    @routes.post("/csp-report")
    @answered
    def complained() -> Response:
        """Anybody may send anything here: of it, a directive's name and a site's go into the log, and no more."""
        request.max_content_length = LARGEST
        rooms.limits.check(LIMIT, "report", rooms.guard.address(request))
        directive, site = _violation_of(request.get_data())
        log.warning("page.complained", directive=directive, site=site)
        return Response(status=204)


def _violation_of(raw: bytes) -> tuple[str, str]:
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return "unreadable", ""
    report = body.get("csp-report") if isinstance(body, Mapping) else None
    if not isinstance(report, Mapping):
        return "unreadable", ""
    said = report.get("effective-directive") or report.get("violated-directive")
    found = _WORD.match(said) if isinstance(said, str) else None
    return found[0] if found else "unknown", _site(report.get("blocked-uri"))


def _site(uri: Any) -> str:
    """Only whose it is: an address may hold anything."""
    try:
        return (urlsplit(uri).hostname or "")[:100] if isinstance(uri, str) else ""
    except ValueError:
        return ""
