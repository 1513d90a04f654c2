"""Every call of the API is documented, and what is documented is there."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Flask

from core.bell import Bell
from core.settings import Settings
from core.store.db import Database
from webhook import webchat
from webhook.door import Door

TOLD = (Path(__file__).parents[2] / "docs" / "webchat.md").read_text(encoding="utf-8")


def calls() -> set[str]:
    """`POST /api/chat`, … as they are routed."""
    db = Database("postgresql://nobody@127.0.0.1:1/nowhere")
    app = Flask("calls", static_folder=None)
    app.register_blueprint(webchat.blueprint(webchat.open_chat(db, Door(db, Bell(db.url)), Settings())))
    rules = [(rule, (rule.methods or set()) - {"HEAD", "OPTIONS"}) for rule in app.url_map.iter_rules()]
    return {f"{method} {re.sub(r'<[^<>]*:', '<', rule.rule)}" for rule, methods in rules for method in methods}


def told() -> set[str]:
    return set(re.findall(r"`((?:GET|POST|DELETE) /api/[^`?\s]+)", TOLD))


def test_every_call_is_documented() -> None:
    other_ways = {"GET /api/messages"}
    assert calls() - told() == other_ways


def test_every_documented_call_is_there() -> None:
    assert told() - calls() == set()
