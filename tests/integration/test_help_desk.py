"""The IT help desk through the same door, inbox, turn and outbox as any other, on a real database."""

from __future__ import annotations

import base64
import itertools
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from bot.commands import demo
from core.store.db import Database
from tests.integration.chatting import Browser, client
from tests.integration.crew import Rooms, press, text
from tests.pictures import barcode, written

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
        demo.put(tx)
    yield rooms
    rooms.close()


@pytest.fixture
def caller(rooms: Rooms) -> Caller:
    caller = Caller(rooms)
    caller.say("hola")
    return caller


def test_a_case_goes_from_hello_to_a_ticket(rooms: Rooms, caller: Caller) -> None:
    assert "1️⃣ Mirá" in caller.say("mi impresora no imprime")
    assert "2️⃣ Apagá" in caller.press("persists")
    caller.say("técnico")
    assert "TCK-" in caller.press("confirm_ticket")
    (ticket,) = rooms.ask("select number, desk_id, kind, content from tickets")
    assert (ticket.desk_id, ticket.kind, ticket.content["name"]) == ("it-desk", "help", "Rosa")
    assert ticket.content["tried"] == ["¿Está prendida, con papel y sin luz roja?"]


def test_the_session_keeps_language_and_name_and_warns_nobody(rooms: Rooms, caller: Caller) -> None:
    (session,) = rooms.ask("select language, memory from sessions")
    assert session.language == "es-AR" and session.memory["notes"]["visitor"]["name"] == "Rosa"
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
    ("locale", "said"), [("es-AR,es;q=0.9", "Contame"), ("es-419", "Cuéntame"), ("en-US", "How can I help you?")]
)
def test_the_chat_begins_in_the_language_of_the_browser(working: Rooms, locale: str, said: str) -> None:
    with working.db.transaction() as tx:
        demo.put(tx)
    told = client(working).post("/api/greeting", json={"desk": "it-desk", "locale": locale}).get_json()
    assert said in told["greeting"]


def test_the_chat_shows_a_list_as_buttons_and_goes_on(working: Rooms) -> None:
    with working.db.transaction() as tx:
        demo.put(tx)
    browser = Browser(client(working), desk="it-desk")
    told = browser.say("hola")
    assert len(told["buttons"]) == 7
    told = browser.post("chat", action="button", value=told["buttons"][1]["value"], label="x").get_json()
    assert told["stage"] == "diagnosis.trying"


def chatting(working: Rooms, *lines: str) -> Browser:
    """Somebody in the chat of the help desk, who has said these lines."""
    with working.db.transaction() as tx:
        demo.put(tx)
    browser = Browser(client(working), desk="it-desk")
    for line in ("hola", *lines):
        browser.say(line)
    return browser


def test_a_ticket_by_the_button_of_the_page_tells_the_case_in_words(working: Rooms) -> None:
    browser = chatting(working, "hola, me llamo Ana", "mi impresora no imprime", "sigue igual")
    told = browser.post("whatsapp-ticket").get_json()
    assert told["waUrl"].startswith("https://wa.me/5493415550199?text=")
    (ticket,) = working.ask("select number, summary, content from tickets")
    assert ticket.number == told["ticketId"]
    assert ticket.summary == "impresora: no imprime — “mi impresora no imprime”"
    assert ticket.content["name"] == "Ana" and ticket.content["tried"]


def test_a_device_stands_in_a_ticket_as_people_call_it(working: Rooms) -> None:
    chatting(working, "impresora").post("whatsapp-ticket")
    assert [row.summary for row in working.ask("select summary from tickets")] == ["impresora"]


def test_the_line_that_told_of_a_ticket_leads_to_its_public_page(working: Rooms) -> None:
    browser = chatting(working, "técnico")
    told = browser.say("confirmar")
    number = told["ticketId"]
    assert number in told["reply"]
    line = next(line for line in browser.post("messages").get_json()["lines"] if number in line["text"])
    assert line["ticketId"] == number
    ways = browser.post("ticket/link", ticketId=number).get_json()
    path = ways["publicUrl"].partition("://")[2].partition("/")[2]
    page = browser.client.get(f"/{path}")
    assert page.status_code == 200 and number.encode() in page.data and b"(ART)" in page.data
    assert [button["url"] for button in ways["ui"]["externalButtons"]] == [ways["waUrl"], ways["publicUrl"]]


@pytest.mark.parametrize("number", ["TCK-20260101-000000", "", None, 7, "x" * 500])
def test_nobody_gets_the_link_of_a_ticket_that_is_not_theirs(working: Rooms, number: object) -> None:
    owner = chatting(working, "técnico")
    theirs = owner.say("confirmar")["ticketId"]
    stranger = Browser(owner.client, desk="it-desk")
    for asked in (number, theirs):
        answer = stranger.post("ticket/link", ticketId=asked)
        assert (answer.status_code, answer.get_json()["error"]) == (404, "ticket_not_found")


def test_a_session_shows_ten_photos_and_no_more(working: Rooms, tmp_path: Path) -> None:
    page = client(working, photos_folder=str(tmp_path), limit_upload="", upload_most=10)
    with working.db.transaction() as tx:
        demo.put(tx)
    browser = Browser(page, desk="it-desk")

    def show() -> Any:
        data = {"image": (BytesIO(written(barcode("4045101"))), "photo.jpg")}
        return page.post("/api/upload-image", data=data, headers=browser.own)

    assert [show().status_code for _ in range(10)] == [200] * 10
    refused = show()
    assert (refused.status_code, refused.get_json()["error"]) == (400, "too_many_images")
    image = {"name": "a.png", "data": base64.b64encode(written(barcode("4045101"))).decode()}
    assert browser.post("chat", images=[image]).get_json()["error"] == "too_many_images"
    assert len(working.ask("select 1 from inbox where kind = 'image'")) == 10
