"""The IT help desk through the same door, inbox, turn and outbox as any other, on a real database."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from bot.commands import demo
from core.store import desks
from core.store.db import Database
from tests.integration.chatting import Browser, client
from tests.integration.crew import Rooms, press, text

NUMBER = "100000000000002"


class Caller:
    """Somebody who writes to the help desk by WhatsApp."""

    def __init__(self, rooms: Rooms) -> None:
        self.rooms, self.count = rooms, itertools.count()

    def say(self, body: str) -> str:
        self.rooms.hear(text(body, wamid=f"wamid.h{next(self.count)}"), number=NUMBER)
        return self.answer()

    def press(self, name: str) -> str:
        options = self.rooms.ask("select content from outbox where content ? 'options' order by id desc limit 1")
        pressed = next(o["id"] for o in options[0].content["options"] if o["id"].startswith(name + "|"))
        self.rooms.hear(press(pressed, wamid=f"wamid.h{next(self.count)}"), number=NUMBER)
        return self.answer()

    def answer(self) -> str:
        before = len(self.rooms.said())
        self.rooms.work()
        return "\n".join(self.rooms.said()[before:])


@pytest.fixture
def rooms(db: Database) -> Iterator[Rooms]:
    rooms = Rooms(db)
    with db.transaction() as tx:
        desks.load(tx, demo.described())
    yield rooms
    rooms.close()


@pytest.fixture
def caller(rooms: Rooms) -> Caller:
    caller = Caller(rooms)
    for line in ("hola", "acepto", "español argentina", "me llamo Ana"):
        caller.say(line)
    return caller


def test_a_case_goes_from_hello_to_a_ticket(rooms: Rooms, caller: Caller) -> None:
    assert "Probá" in caller.say("mi impresora no imprime")
    caller.press("persists")
    caller.press("person")
    assert "TCK-" in caller.press("confirm_ticket")
    (ticket,) = rooms.ask("select number, desk_id, kind, content from tickets")
    assert (ticket.desk_id, ticket.kind, ticket.content["name"]) == ("it-desk", "help", "Ana")
    assert ticket.content["tried"]


def test_the_session_keeps_language_and_name_and_warns_nobody(rooms: Rooms, caller: Caller) -> None:
    (session,) = rooms.ask("select language, memory from sessions")
    assert session.language == "es-AR" and session.memory["notes"]["visitor"]["name"] == "Ana"
    assert [row.name for row in rooms.ask("select name from timers")] == ["session_end"]


def test_a_confirmation_delivered_many_times_opens_one_ticket(rooms: Rooms, caller: Caller) -> None:
    caller.say("técnico")
    options = rooms.ask("select content from outbox where content ? 'options' order by id desc limit 1")
    confirm = next(o["id"] for o in options[0].content["options"] if o["id"].startswith("confirm_ticket|"))
    for n in range(20):
        rooms.hear(press(confirm, wamid=f"wamid.tap{n}"), press(confirm, wamid=f"wamid.tap{n}"), number=NUMBER)
    rooms.work()
    assert len(rooms.ask("select 1 from tickets")) == 1


@pytest.mark.parametrize(
    ("locale", "said"), [("es-AR,es;q=0.9", "¿Aceptás?"), ("es-419", "¿Aceptas?"), ("en-US", "Do you agree?")]
)
def test_the_chat_begins_in_the_language_of_the_browser(working: Rooms, locale: str, said: str) -> None:
    with working.db.transaction() as tx:
        desks.load(tx, demo.described())
    told = client(working).post("/api/greeting", json={"desk": "it-desk", "locale": locale}).get_json()
    assert said in told["greeting"]


def test_the_chat_shows_a_list_as_buttons_and_goes_on(working: Rooms) -> None:
    with working.db.transaction() as tx:
        desks.load(tx, demo.described())
    browser = Browser(client(working), desk="it-desk")
    for line in ("acepto", "español argentina", "Ana"):
        told = browser.say(line)
    assert len(told["buttons"]) == 7
    told = browser.post("chat", action="button", value=told["buttons"][1]["value"], label="x").get_json()
    assert told["stage"] == "diagnosis.basic"
