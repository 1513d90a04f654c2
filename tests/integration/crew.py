"""The rooms of one message, wired together over a real database: what the integration tests share."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.channels.whatsapp import CHANNEL as WHATSAPP
from bot.desks import DESKS
from bot.nlu.reader import Reader
from bot.workers.conversation import ConversationWorker
from bot.workers.janitor import Janitor
from bot.workers.sender import Sender
from core import bell
from core.bell import Bell, Ear
from core.messages import Identity, News, Outbound
from core.settings import Settings
from core.store.db import Database
from core.version import VERSION
from core.wire import whatsapp
from tests import businesses
from webhook.door import Door

NUMBER = "100000000000001"
SETTINGS = Settings.model_validate(
    {"smart_mode": False, "read_marks": False, "event_backoff_s": 0, "poll_s": 0.01, "breath_s": 0}
)

DESK = {
    "desks": [
        {
            "id": "field-service",
            "name": "Servicio",
            "language": "es",
            "timezone": "America/Mexico_City",
            "menu": "menu",
            "whatsapp": [NUMBER],
            "equipment": [
                {
                    "code": "4045101",
                    "model": "VR-16",
                    "brand": "Frigus",
                    "serial": "S",
                    "client": "La Esquina",
                    "place": "Centro",
                },
            ],
        }
    ]
}


@dataclass
class TestClock:
    """The time, moved by hand."""

    __test__ = False
    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def now(self) -> datetime:
        return self.at

    def forward(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass
class RecordingCarrier:
    """Stands for the platform: accepts everything, or raises what it was told to."""

    accepted: list[tuple[str, str, Outbound]] = field(default_factory=list)
    errors: list[Exception] = field(default_factory=list)
    closed_numbers: list[str] = field(default_factory=list)

    def send(self, address: str, outbound: Outbound, to: Identity, callback_id: str) -> str:
        if self.errors:
            raise self.errors.pop(0)
        self.accepted.append((callback_id, to.alias("wa_id") or to.alias("bsuid") or "", outbound))
        return f"wamid.{callback_id}"

    def barred(self) -> Sequence[str]:
        return self.closed_numbers

    def close(self) -> None:
        pass


class Rooms:
    """A door, a worker, a sender and a janitor on one database."""

    def __init__(self, db: Database, settings: Settings = SETTINGS, carrier: RecordingCarrier | None = None):
        self.db, self.settings = db, settings
        with db.transaction() as tx:
            businesses.put(tx, DESK)
        self.clock = TestClock()
        self.bell, self.ear = Bell(db.url), Ear(db.url, *bell.CHANNELS)
        self.carrier = carrier or RecordingCarrier()
        self.door = Door(db, self.bell)
        self.worker = self.new_worker()
        self.sender = Sender(db, self.ear, WHATSAPP, self.carrier, settings)
        self.janitor = Janitor(db, self.bell, self.ear, settings)

    def new_worker(self, *, suspects: bool = True, release: str = VERSION) -> ConversationWorker:
        reader, settings = Reader(self.settings, DESKS), self.settings
        rooms = self.db, self.bell, self.ear, reader, self.clock, settings
        return ConversationWorker(*rooms, lambda _: None, suspects=suspects, release=release)

    def close(self) -> None:
        self.sender.drain()
        self.bell.close()
        self.ear.close()

    def hear(self, *messages: dict[str, Any], **value: Any) -> None:
        self.door.accept(parse(messages, **value))

    def work(self) -> int:
        """Take every turn there is to take. How many."""
        taken = 0
        while done := self.worker.run_once():
            taken += done
        return taken

    def send(self) -> None:
        """Send everything that may be sent, and write down what became of it."""
        while True:
            done = self.sender.run_once()
            while self.sender.under_way and not self.sender.results:
                self.ear.wait(bell.OUTBOX, 1)
            if not done and not self.sender.under_way:
                return

    def said(self) -> list[str]:
        return [row.text for row in self.ask("select text from report.outbox order by id")]

    def ask(self, query: str, **values: Any) -> list[Any]:
        with self.db.transaction() as tx:
            tx._cursor.execute(query, values)
            return tx._cursor.fetchall() if tx._cursor.description else []


def text(body: str, *, wamid: str, sender: str = "5215550000001", at: datetime | None = None) -> dict[str, Any]:
    stamp = int((at or datetime.now(UTC)).timestamp())
    return {"id": wamid, "from": sender, "timestamp": str(stamp), "type": "text", "text": {"body": body}}


def press(option: str, *, wamid: str, sender: str = "5215550000001") -> dict[str, Any]:
    reply = {"type": "button_reply", "button_reply": {"id": option, "title": option}}
    stamp = str(int(datetime.now(UTC).timestamp()))
    return {"id": wamid, "from": sender, "timestamp": stamp, "type": "interactive", "interactive": reply}


def post(messages: Iterable[dict[str, Any]] = (), *, number: str = NUMBER, **value: Any) -> bytes:
    """One of the platform's POSTs."""
    messages = list(messages)
    named = [m["from"] for m in messages if isinstance(m, dict) and m.get("from")]
    contacts = [{"wa_id": wa_id, "profile": {"name": "Rosa"}} for wa_id in named]
    content = {
        "messaging_product": "whatsapp",
        "metadata": {"phone_number_id": number},
        "contacts": contacts,
        "messages": messages,
        **value,
    }
    change = {"field": "messages", "value": content}
    return json.dumps({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}).encode()


def parse(messages: Iterable[dict[str, Any]] = (), **value: Any) -> News:
    return whatsapp.parse(post(messages, **value))
