"""The admin window: staff see every conversation and act on it."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.exceptions import HTTPException

from core.bell import Bell
from core.clock import Clock, SystemClock
from core.settings import Settings
from core.store.db import Database
from dashboard import answers, assets, errors, filters, guard
from dashboard.conversation import waiting
from dashboard.pages import PAGES
from dashboard.tools import Tools
from dashboard.window import Window

__all__ = ["Tools", "create_window"]

PREFIX = "/admin"


def create_window(
    db: Database, settings: Settings, tools: Tools | None = None, clock: Clock | None = None
) -> Blueprint:
    """Everything under `/admin/`, to be registered on the application of the web side."""
    blueprint = Blueprint("window", __name__, url_prefix=PREFIX, template_folder="templates")
    window = Window(db, settings, tools or Tools(), Bell(db.url), clock or SystemClock())
    guard.stand_at(blueprint, window)
    waiting.stand_by(blueprint, window)
    answers.dress(blueprint, window)
    filters.add_to(blueprint, window)
    assets.add_to(blueprint)
    blueprint.register_error_handler(HTTPException, errors.explained)
    blueprint.register_error_handler(Exception, errors.broken)
    for page in PAGES:
        page.add_to(blueprint, window)
    errors.add_to(blueprint)
    return blueprint
