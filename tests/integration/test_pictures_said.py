"""A picture that a desk says: kept with its turn, uploaded once, shown on each channel, and never in the way of the words."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
import segno

from core.messages import Option, Outbound, ask, show
from core.own_files import OwnFile
from core.store.path import outbox, records
from core.turn import FileSaid, Turn
from simulator import samples
from tests.integration.chatting import Browser, client, open_rooms
from tests.integration.crew import NUMBER, Rooms
from tests.integration.sending import ROSA, ask_something
from tests.integration.test_own_history import turn
from tests.unit.simulator.stage import Simulated

CARD = OwnFile(samples.photo(), "image/png")
UPLOADS = f"select media_id from uploads u join channels c on c.id = u.channel_id where c.address = '{NUMBER}'"


def say(rooms: Rooms, *replies: Outbound, file: OwnFile = CARD, conversation_id: int = 0) -> None:
    """As a turn of a desk does: the file and the reply, in one transaction."""
    [row] = rooms.ask("select max(id) as id from conversations")
    told: Turn = turn(conversation_id or row.id, records=(FileSaid(file),), replies=replies)
    with rooms.db.transaction() as tx:
        records.insert(tx, [told])
        outbox.put(tx, [told])


def shown(simulated: Simulated, customer: str = ROSA) -> list[dict[str, Any]]:
    return [bubble for bubble in simulated.chat(customer) if bubble["from"] == "business"]


def test_a_picture_is_uploaded_once_and_then_sent_by_its_id(platform: Rooms, simulated: Simulated) -> None:
    ask_something(platform)
    say(platform, show("image", CARD.media, "Tu reserva"), show("image", CARD.media, "Otra vez"))
    platform.send()
    first, second = shown(simulated)[-2:]
    assert (first["kind"], first["text"], second["text"]) == ("image", "Tu reserva", "Otra vez")
    assert simulated.http.request("GET", simulated.url + first["media"]["url"]).data == CARD.content
    assert first["media"]["url"] == second["media"]["url"]
    assert [f"/simulator/media/{row.media_id}" for row in platform.ask(UPLOADS)] == [first["media"]["url"]]


def test_a_picture_stands_above_the_buttons_of_a_question(platform: Rooms, simulated: Simulated) -> None:
    ask_something(platform)
    question = ask("¿La reservamos?", Option("yes", "Sí"), Option("no", "No"))
    say(platform, replace(question, media=CARD.media))
    platform.send()
    bubble = shown(simulated)[-1]
    assert (bubble["kind"], bubble["media"]["kind"], bubble["text"]) == ("buttons", "image", "¿La reservamos?")


def test_an_upload_that_meta_forgot_is_made_again(platform: Rooms, simulated: Simulated) -> None:
    ask_something(platform)
    say(platform, show("image", CARD.media, "Uno"))
    platform.send()
    simulated.exchange.media.forget()
    say(platform, show("image", CARD.media, "Dos"))
    platform.send()
    assert [bubble["text"] for bubble in shown(simulated)[-2:]] == ["Uno", "Dos"]
    assert [row.state for row in platform.ask("select state from outbox where kind = 'image'")] == ["sent", "sent"]


def test_an_upload_older_than_meta_keeps_it_is_made_again(platform: Rooms, simulated: Simulated) -> None:
    ask_something(platform)
    say(platform, show("image", CARD.media, "Uno"))
    platform.send()
    platform.ask("update uploads set uploaded_at = now() - interval '29 days 1 minute'")
    say(platform, show("image", CARD.media, "Dos"))
    platform.send()
    first, second = shown(simulated)[-2:]
    assert first["media"]["url"] != second["media"]["url"]


def test_a_file_that_meta_refuses_leaves_its_caption(platform: Rooms, simulated: Simulated) -> None:
    ask_something(platform)
    grey = OwnFile(photo_of_one_bit(), "image/png")
    say(platform, show("image", grey.media, "Tu reserva HB-1"), file=grey)
    platform.send()
    assert (shown(simulated)[-1]["kind"], shown(simulated)[-1]["text"]) == ("text", "Tu reserva HB-1")
    [row] = platform.ask("select content from outbox where content ? 'instead_of'")
    assert (row.content["instead_of"]["kind"], row.content["instead_of"]["refused"]) == ("image", 131053)


def test_the_words_go_when_uploads_fail_again_and_again(platform: Rooms, simulated: Simulated) -> None:
    ask_something(platform)
    platform.send()
    simulated.fault(error_code=131000, times=20, **{"for": "media"})
    say(platform, show("image", CARD.media, "Tu reserva"))
    for _ in range(5):
        platform.send()
        platform.ask("update outbox set due_at = now() where state = 'waiting'")
    assert (shown(simulated)[-1]["kind"], shown(simulated)[-1]["text"]) == ("text", "Tu reserva")


def photo_of_one_bit() -> bytes:
    """A PNG as a QR library writes it: black and white, one bit a pixel, which Meta does not take."""
    out = io.BytesIO()
    segno.make("x").save(out, kind="png")
    return out.getvalue()


@pytest.fixture
def chat(rooms: Rooms) -> Rooms:
    return open_rooms(rooms.db)


def pictures(browser: Browser) -> list[dict[str, Any]]:
    lines = browser.post("messages", csrfToken=browser.token).get_json()["lines"]
    return [line for line in lines if "picture" in line]


def test_the_chat_shows_a_picture_to_whose_conversation_it_is(chat: Rooms) -> None:
    web = client(chat, webchat_wait_s=0.01)
    mine, other = Browser(web), Browser(web)
    for one in (other, mine):
        one.say("hola")
        chat.work()
    say(chat, show("image", CARD.media, "Tu reserva"))
    [line] = pictures(mine)
    assert (line["kind"], line["text"], line["picture"]) == ("image", "Tu reserva", {"name": CARD.name})
    found = web.get(f"/api/picture/{CARD.name}", headers=mine.own)
    assert (found.status_code, found.mimetype, found.data) == (200, "image/png", CARD.content)
    assert "private" in found.headers["Cache-Control"]
    assert web.get(f"/api/picture/{CARD.name}", headers=other.own).status_code == 404
    assert web.get(f"/api/picture/{CARD.name}").status_code == 400


def test_a_picture_at_an_address_is_told_as_it_is(chat: Rooms) -> None:
    web = client(chat, webchat_wait_s=0.01)
    mine = Browser(web)
    mine.say("hola")
    chat.work()
    media = replace(CARD.media, id="", link="https://hotel.example/doble.jpg")
    say(chat, show("image", media, "Doble"))
    [line] = pictures(mine)
    assert line["picture"] == {"url": "https://hotel.example/doble.jpg"}


def test_a_picture_said_again_is_kept_once(rooms: Rooms) -> None:
    ask_something(rooms)
    for _ in range(2):
        say(rooms, show("image", CARD.media))
    assert [row.name for row in rooms.ask("select name from own_files")] == [CARD.name]
