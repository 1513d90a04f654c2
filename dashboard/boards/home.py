"""The first page: redirects to the first board that the user may see."""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from dashboard.filters import visible
from dashboard.guard import allowed
from dashboard.window import Window


def add_to(blueprint: Blueprint, window: Window) -> None:
    @blueprint.get("/")
    @allowed("viewer")
    def home() -> Response:
        first = (visible(window, "boards") or visible(window, "house"))[0]
        return redirect(url_for(first.endpoint, **first.values))
