"""Where a request comes from: which page sent it, and which address."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request

from dashboard.window import Window


def ours(window: Window) -> bool:
    """A page of this window sent it. Browsers say so; who says nothing is not believed."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is None and origin is None:
        return False
    return site in (None, "same-origin") and (origin is None or _host(origin) in _hosts(window))


def _hosts(window: Window) -> set[str]:
    return {request.host.lower(), _host(window.settings.public_url)} - {""}


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""


def address(window: Window) -> str:
    """Who calls, as the outermost of our proxies saw them."""
    behind = window.settings.proxies
    told = [one.strip() for one in request.headers.get("X-Forwarded-For", "").split(",") if one.strip()]
    return told[-behind] if behind and len(told) >= behind else request.remote_addr or ""
