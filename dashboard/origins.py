"""Origin of a request: the page that sent it, and the client's address."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network
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


def network(window: Window) -> str:
    """The address, as far as it tells who somebody is: an IPv6 customer has a whole /64."""
    client = address(window)
    try:
        found = ip_address(client)
    except ValueError:
        return client
    return str(ip_network((found, 64), strict=False)) if isinstance(found, IPv6Address) else client


def address(window: Window) -> str:
    """The client's address, as the outermost trusted proxy saw it."""
    behind = window.settings.proxies
    hops = [one.strip() for one in request.headers.get("X-Forwarded-For", "").split(",") if one.strip()]
    return hops[-behind] if behind and len(hops) >= behind else request.remote_addr or ""
