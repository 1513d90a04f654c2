"""Customers who wait for a person: the badge in the navigation and title of every page, polled while a page is open."""

from __future__ import annotations

from flask import Blueprint, Response, g, jsonify, request

from core.store.staff import waiting
from dashboard.guard import QUIET, allowed, current
from dashboard.window import Window


def stand_by(blueprint: Blueprint, window: Window) -> None:
    """Count before a page is made, while no transaction is open. A piece of a page shows no count."""

    def count() -> None:
        if g.inside and QUIET not in request.headers and "HX-Request" not in request.headers:
            g.waiting = waiting.line(window.db, desks=current().desk_list)

    blueprint.before_request(count)


def line() -> list[int]:
    """The conversations that waited when this page was asked for, the longest wait first."""
    found: list[int] = g.get("waiting", [])
    return found


def add_to(blueprint: Blueprint, window: Window) -> None:
    @blueprint.get("/waiting", endpoint="waiting")
    @allowed("viewer")
    def waits() -> Response:
        return jsonify(ids=waiting.line(window.db, desks=current().desk_list))
