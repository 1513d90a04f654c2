"""Somebody in the chat, and the web side as tests open it."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient

from bot.workers.greeting import Greeter
from bot.workers.presence import Presences
from core.store.db import Database
from tests import businesses
from tests.integration.crew import DESK, SETTINGS, Rooms
from webhook import create_app, webchat
from webhook.meta import Meta
from webhook.webchat import public

ORIGIN = {"Origin": "http://localhost"}
UNLIMITED = {"limit_chat_session": "", "limit_chat_address": "", "limit_greeting": "", "limit_upload_address": ""}


class Browser:
    """Somebody in the chat."""

    def __init__(self, client: FlaskClient, **greeting: Any):
        self.client = client
        self.greeting = client.post("/api/greeting", json=greeting).get_json()
        self.id, self.token = self.greeting.get("sessionId"), self.greeting.get("csrfToken")

    @property
    def own(self) -> dict[str, str]:
        """The header by which a browser shows whose it is."""
        return {"X-Session-Id": self.id}

    def post(self, path: str, headers: dict[str, str] | None = None, **told: Any) -> Any:
        return self.client.post(f"/api/{path}", json={"sessionId": self.id, **told}, headers=headers)

    def say(self, text: str, **told: Any) -> dict[str, Any]:
        return dict(self.post("chat", message=text, **told).get_json())

    def lines(self) -> list[tuple[str, str]]:
        found = self.post("session/validate").get_json()["session"]["transcript"]
        return [(line["who"], line["text"]) for line in found]


def open_rooms(db: Database) -> Rooms:
    """The rooms, with a desk that answers in the chat."""
    rooms = Rooms(db, SETTINGS.model_copy(update=UNLIMITED))
    with db.transaction() as tx:
        businesses.put(tx, {"desks": [{**DESK["desks"][0], "web": ["field-service"]}]})
    return rooms


def client(rooms: Rooms, **settings: Any) -> FlaskClient:
    chosen = rooms.settings.model_copy(update=settings)
    app = create_app(Meta(rooms.door, chosen), rooms.db, chosen)
    chat = webchat.open_chat(rooms.db, rooms.door, chosen, Greeter(rooms.db, chosen).greet, Presences(rooms.db).of)
    app.register_blueprint(webchat.blueprint(chat))
    app.register_blueprint(public.blueprint(chat))
    return app.test_client()
