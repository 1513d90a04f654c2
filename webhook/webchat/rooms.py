"""State shared by the routes of `/api/…`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import request

from core import presence
from core.errors import TooLarge
from core.presence import Present
from core.settings import Settings
from core.store.chat.rows import WebSession
from core.store.db import Database
from core.wire import webchat
from webhook import aside
from webhook.door import Door
from webhook.keyholder import Keyholder
from webhook.meta import LIGHT_BYTES
from webhook.places import Places
from webhook.webchat import greeting, timing, wrong_keys
from webhook.webchat.answers import Answers
from webhook.webchat.chat import Chat
from webhook.webchat.greeting import Greet
from webhook.webchat.guard import Guard
from webhook.webchat.limits import Limits
from webhook.webchat.logs import Logs
from webhook.webchat.overseeing import Overseeing
from webhook.webchat.owners import Owners
from webhook.webchat.personal import Personal
from webhook.webchat.state import State
from webhook.webchat.tickets import Tickets
from webhook.webchat.transcripts import Transcripts
from webhook.webchat.uploads import Uploads


@dataclass(frozen=True, slots=True)
class Webchat:
    """The rooms of the chat."""

    door: Door
    chat: Chat
    uploads: Uploads
    tickets: Tickets
    guard: Guard
    limits: Limits
    state: State
    logs: Logs
    transcripts: Transcripts
    personal: Personal
    overseeing: Overseeing
    owners: Owners
    keyholder: Keyholder
    heavy: Places
    calls: Places
    settings: Settings

    def body(self) -> dict[str, Any]:
        """The body of this request, within its size."""
        return webchat.body(request.get_data())

    @contextmanager
    def photos(self, most: int) -> Iterator[None]:
        """In this block a body may be as large as photos are: once its session is known, and while there is room."""
        length = request.content_length or 0
        if length <= LIGHT_BYTES:
            request.max_content_length = min(most, LIGHT_BYTES)
            yield
            return
        if length > most:
            raise TooLarge("more than photos may take")
        self.session({})
        request.max_content_length = most
        with self.heavy.held(self.guard.address(request), length):
            yield

    def session(self, fields: dict[str, Any]) -> WebSession:
        """The session that this request is about. Raises UnknownSession, BadSession."""
        found = self.chat.session(self.session_id(fields))
        timing.note_whose(found.address)
        return found

    def session_id(self, fields: dict[str, Any]) -> str:
        return webchat.session_id(fields, request.headers.get("X-Session-Id"))


def open_chat(
    db: Database, door: Door, settings: Settings, greet: Greet = greeting.nobody, present: Present = presence.nobody
) -> Webchat:
    """The chat over this database and this door."""
    chat, guard, limits = Chat(db, door, Answers(db), settings, greet, present), Guard(settings), Limits(db)
    keyholder = Keyholder(settings, wrong_keys.counting(settings, limits, guard))
    return Webchat(
        door=door,
        chat=chat,
        uploads=Uploads(door, aside.photos(settings, db), settings),
        tickets=Tickets(db, settings),
        guard=guard,
        limits=limits,
        state=State(db, settings),
        logs=Logs(db, settings),
        transcripts=Transcripts(db),
        personal=Personal(db, limits, settings),
        overseeing=Overseeing(db, settings),
        owners=Owners(chat, guard, keyholder, limits),
        keyholder=keyholder,
        heavy=Places(settings.webchat_heavy_bytes),
        calls=Places(settings.webchat_places),
        settings=settings,
    )
