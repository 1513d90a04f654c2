"""The same conversation on WhatsApp and in the chat of a browser: what is said, decided and kept is the same.

The one goes through the signed webhook to the double of the Graph API and back, the other through `/api/…`. What is
left out, because it is the carrier's: ids and times; who speaks first (a browser is greeted before it says a word, on
WhatsApp somebody must write); and that WhatsApp hides more than three options behind a button.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import requests

from bot.commands import demo
from core.store.db import Database
from core.wire.whatsapp_limits import LIMITS
from tests.acceptance.house import House
from tests.pictures import wall, written
from tests.waiting import until

NUMBER = "100000000000002"
ANA = "5493415550001"
PATIENCE_S = 60.0
PHOTO = "(a photo)"
OWN = ((re.compile(r"TCK-\d{8}-[0-9A-F]{6}"), "TCK"), (re.compile(r"\d\d-\d\d-\d{4} \d\d:\d\d"), "AT"))
"""What no two conversations share."""

SPANISH = (
    "boludo", "me llamo Ana", "mi compu no prende", "[device=notebook]", "[simpler]",
    "no entiendo", "[no]", PHOTO, "sigue igual", "[persists]", "ayuda paso 1", "[no]", "técnico",
    "[confirm_ticket]", "quiero instalar una impresora HP", "windows 10", "[solved]", "hola", "[no]", "[symptom=no_internet]",
    "ya probé todo", "sí", "[cancel]", "asdf qwer", "cerrar chat",
)  # fmt: skip
ENGLISH = (
    "english please", "my laptop does not charge", "simpler", "[persists]", "more tests", "still the same", "it's a mac",
    "technician", "yes", "it works", "hello", "[no]", "[question]", "connect a chromecast", "help 2", "[solved]",
)  # fmt: skip


class Line(NamedTuple):
    text: str
    options: tuple[str, ...]


class Phone:
    """Somebody on WhatsApp."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._put("hola")  # a browser is greeted without a word

    def say(self, said: str) -> None:
        self._put(said)

    def press(self, choice: str) -> None:
        body = self._sent()[-1]
        kind, options = _options(body)
        pressed = next(option for option in options if option["id"].startswith(f"{choice}|"))
        self._put({"kind": kind, "id": pressed["id"], "title": pressed["title"]})

    def show(self) -> None:
        file = self._house.exchange.media.keep(written(wall()), "image/jpeg")
        self._put({"kind": "image", "media_id": file.id})

    def lines(self) -> list[Line]:
        found = []
        for body in self._sent():
            kind, options = _options(body)
            assert kind == ("" if not options else "button" if len(options) <= LIMITS.buttons else "list")
            text = body["body"] if isinstance(body["body"], str) else body["body"]["text"]
            found.append(Line(text, tuple(option["title"] for option in options)))
        return found

    def _sent(self) -> list[dict[str, Any]]:
        return [entry["body"] for entry in self._house.accepted if entry["number"] == NUMBER]

    def _put(self, said: str | dict[str, Any]) -> None:
        wanted = {"kind": "text", "text": said} if isinstance(said, str) else said
        self._house.said.append(self._house.exchange.say(ANA, NUMBER, wanted)["id"])
        self._house.settle(PATIENCE_S)


class Browser:
    """Somebody in the chat."""

    def __init__(self, house: House) -> None:
        self._house = house
        told = self._post("greeting", {"desk": "it-desk"})
        self._session = {"sessionId": told["sessionId"]}
        self._settle()

    def say(self, said: str) -> None:
        self._post("chat", {"message": said, **self._session})
        self._settle()

    def press(self, choice: str) -> None:
        buttons = self._heard()[-1]["buttons"]
        pressed = next(button for button in buttons if button["value"].startswith(f"{choice}|"))
        self._post("chat", {"action": "button", **pressed, **self._session})
        self._settle()

    def show(self) -> None:
        answer = requests.post(
            f"{self._home}/api/upload-image",
            files={"image": ("photo.jpg", written(wall()), "image/jpeg")},
            headers={"X-Session-Id": self._session["sessionId"]},
            timeout=PATIENCE_S,
        )
        assert answer.status_code == 200, answer.text
        self._settle()

    def lines(self) -> list[Line]:
        return [Line(line["text"], tuple(button["label"] for button in line["buttons"])) for line in self._heard()]

    @property
    def _home(self) -> str:
        return f"http://127.0.0.1:{self._house.port}"

    def _heard(self) -> list[dict[str, Any]]:
        return [
            line for line in self._post("messages", {"after": "0.0", **self._session})["lines"] if line["who"] == "bot"
        ]

    def _post(self, call: str, told: dict[str, Any]) -> dict[str, Any]:
        answer = requests.post(f"{self._home}/api/{call}", json=told, timeout=PATIENCE_S)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def _settle(self) -> None:
        def settled() -> bool:
            [left] = self._house.ask(
                "select (select count(*) from inbox where state = 'waiting') as events,"
                " (select count(*) from errands where state = 'waiting') as photos"
            )
            return not left.events and not left.photos

        until(settled, PATIENCE_S, told=self._house.told)


def _options(body: dict[str, Any]) -> tuple[str, list[dict[str, Any]]]:
    """What can be pressed under what the Graph API took, and as what."""
    action = body.get("action", {})
    if "sections" in action:
        return "list", action["sections"][0]["rows"]
    buttons = [button["reply"] for button in action.get("buttons", ())]
    return ("button" if buttons else ""), buttons


def _alike(line: Line) -> Line:
    text = line.text
    for pattern, shown in OWN:
        text = pattern.sub(shown, text)
    return Line(text, line.options)


@pytest.fixture
def house(db_url: str, tmp_path: Path) -> Iterator[House]:
    with House(db_url, tmp_path, LIMIT_CHAT_SESSION="", LIMIT_CHAT_ADDRESS="") as house:
        database = Database(db_url)
        with database.transaction() as tx:
            demo.put(tx)
        database.close()
        # it is early afternoon at the desk, so that no greeting changes in the midst
        house.run(
            "update desks set timezone = %(zone)s where id = 'it-desk'", zone=f"Etc/GMT{datetime.now(UTC).hour - 14:+}"
        )
        house.open()
        house.work("conversation,sender,media,janitor")
        yield house


def _converse(who: Phone | Browser, script: tuple[str, ...]) -> list[Line]:
    for said in script:
        if said == PHOTO:
            who.show()
        elif said.startswith("["):
            who.press(said.strip("[]"))
        else:
            who.say(said)
    return [_alike(line) for line in who.lines()]


def _kept(house: House, channel: str) -> dict[str, list[Any]]:
    """The steps and tickets of the conversations of a channel, without what is each one's own."""
    steps = house.ask(
        "select s.from_flow || '.' || s.from_state as before, s.to_flow || '.' || s.to_state as after, s.replies"
        " from report.steps s join report.conversations c on c.id = s.conversation_id where c.channel_kind = %(kind)s"
        " order by s.conversation_id, s.version",
        kind=channel,
    )
    tickets = house.ask(
        "select t.kind, t.status, t.summary, t.content from tickets t"
        " join report.conversations c on c.id = t.conversation_id where c.channel_kind = %(kind)s order by t.created_at",
        kind=channel,
    )
    return {"steps": [tuple(step) for step in steps], "tickets": [tuple(ticket) for ticket in tickets]}


@pytest.mark.parametrize("script", [SPANISH, ENGLISH], ids=["spanish", "english"])
def test_the_same_is_said_decided_and_kept_whichever_way_somebody_comes(house: House, script: tuple[str, ...]) -> None:
    by_phone = _converse(Phone(house), script)
    house.check()
    in_the_browser = _converse(Browser(house), script)
    assert in_the_browser == by_phone
    assert len(by_phone) >= len(script)
    whatsapp, web = _kept(house, "whatsapp"), _kept(house, "web")
    assert web == whatsapp
    assert len(whatsapp["tickets"]) == 1
