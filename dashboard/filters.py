"""Template filters and functions."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, g, request, url_for
from flask.blueprints import BlueprintSetupState
from jinja2 import StrictUndefined

from core.version import VERSION
from dashboard import answers, forms, guard, masks
from dashboard.assets import asset
from dashboard.conversation import waiting
from dashboard.window import Link, Window

STEPS = ((60.0, 1.0, "s"), (3600.0, 60.0, "min"), (86_400.0, 3600.0, "h"), (2_592_000.0, 86_400.0, "d"))

BROWSERS = (("Edge", "Edg/"), ("Opera", "OPR/"), ("Firefox", "Firefox/"), ("Chrome", "Chrome/"), ("Safari", "Safari/"))
SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac", "Mac OS"),
           ("Linux", "Linux"))  # fmt: skip


def add_to(blueprint: Blueprint, window: Window) -> None:
    def teach(state: BlueprintSetupState) -> None:
        jinja = state.app.jinja_env
        jinja.undefined = StrictUndefined
        jinja.trim_blocks = jinja.lstrip_blocks = True
        jinja.filters["ago"] = lambda at: ago(at, window.clock.now())
        jinja.filters["masked_phone"] = masks.phone
        jinja.filters["masked_number"] = masks.number
        jinja.filters["browser"] = browser
        jinja.filters["masked_text"] = masks.text
        jinja.globals.update(
            asset=asset,
            csrf=forms.token,
            form_id=forms.new_id,
            said=answers.said,
            somebody=guard.somebody,
            inside=lambda: bool(g.get("inside")),
            may_reveal=masks.may_reveal,
            links=lambda section: visible(window, section),
            is_here=is_here,
            turno_version=VERSION,
            line=waiting.line,
        )

    blueprint.record_once(teach)


def ago(at: datetime, now: datetime) -> str:
    """`5 min ago`, `in 3 h`; a date when it is far."""
    seconds = (now - at).total_seconds()
    for most, unit, name in STEPS:
        if abs(seconds) < most:
            count = int(abs(seconds) // unit)
            if name == "s" and count < 5:
                return "now"
            return f"{count} {name} ago" if seconds > 0 else f"in {count} {name}"
    return at.astimezone(UTC).strftime("%-d %b %Y")


def browser(header: str) -> str:
    """`Firefox on Linux`, from what a browser says of itself; they all say a lot that is not so."""
    name = next((word for word, sign in BROWSERS if sign in header), "")
    system = next((word for word, sign in SYSTEMS if sign in header), "")
    return " on ".join(filter(None, (name, system))) or header[:60] or "unknown"


def visible(window: Window, section: str) -> list[Link]:
    """The navigation's lines for who looks."""
    staff = guard.somebody()
    if staff is None:
        return []
    return [link for link in window.links if link.section == section and staff.may(link.role) and link.shown(staff)]


def is_here(link: Link) -> bool:
    """Whether this link is the current page, or a page above it."""
    there = url_for(link.endpoint, **link.values)
    return request.path == there or request.path.startswith(there.rstrip("/") + "/")
