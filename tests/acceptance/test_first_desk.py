"""The tutorial, read and done: every block of docs/your-first-desk.md is written, run or said, and what it shows is so.

The database, the worker, the web side and the phone are real; only `make run` is what the tests start themselves.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import requests

from core.panels.folder import DeskPanels
from core.store.db import Database
from dashboard import Tools
from tests import tutorial
from tests.acceptance.forks import Process
from tests.acceptance.house import House
from tests.integration.staff import signed_in
from tests.waiting import until

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "your-first-desk.md").read_text(encoding="utf-8")
NUMBER = "100000000000009"
MISTAKE = re.compile(r"Change `(\w+)` to `(\w+)`, and `(turno desk check)` says\n`([^`]+)`")
PATIENCE_S = 60.0


class Reader:
    """Somebody who does what the page says, in a folder of their own."""

    def __init__(self, house: House, home: Path):
        self.house, self.home, self.printed = house, home, ""
        self._numbers, self._strangers = count(), count(5215550001000)
        self.does: dict[str, Callable[[str], None]] = {
            "sh": self.run, "text": self.compare, "chat": self.write_to_the_phone, "web": self.write_on_the_web,
            "diff": lambda diff: tutorial.change(home, diff),
        }  # fmt: skip
        self.commands: dict[str, Callable[[list[str]], None]] = {
            "make": self._make_run, "turno": self._turno,
            "export": lambda _: None,  # the path, and the folder of desks, which the house knows
            "mkdir": lambda arguments: (home / arguments[-1]).mkdir(parents=True),
        }  # fmt: skip

    def follow(self, block: tutorial.Block) -> None:
        if block.path:
            tutorial.write(self.home, block.path, block.text)
        else:
            self.does[block.kind](block.text)

    def run(self, text: str) -> None:
        """Run the commands of a block, with what was exported before."""
        self.printed = ""
        for line in text.splitlines():
            command, *arguments = shlex.split(line.replace("$PWD", str(self.home)))
            self.commands[command](arguments)
        self.printed = self.printed.replace(f"{self.home}/", "")

    def _make_run(self, _: list[str]) -> None:
        self._turno(["demo"])
        self.house.open()
        self.house.work("conversation,sender")

    def _turno(self, arguments: list[str]) -> None:
        log = self.home / f"printed.{next(self._numbers)}"
        process = Process("turno", {**self.house.environ, "PWD": str(self.home)}, arguments, log)
        assert process.wait(PATIENCE_S * 4) is not None, f"turno {arguments} does not end"
        self.printed += log.read_text(encoding="utf-8")

    def compare(self, text: str) -> None:
        """Every line that the page shows was printed, in this order."""
        at = 0
        for line in text.splitlines():
            found = self.printed.find(line.strip(), at)
            assert found >= 0, f"not printed: {line}\n{self.printed}"
            at = found + len(line.strip())

    def write_to_the_phone(self, chat: str) -> None:
        self._until_it_goes(chat, lambda: Phone(self.house, str(next(self._strangers))))

    def write_on_the_web(self, chat: str) -> None:
        self._until_it_goes(chat, lambda: Browser(self.house))

    def _until_it_goes(self, chat: str, newcomer: Callable[[], Any]) -> None:
        """Have the conversation, anew while the worker still loads what was changed just now."""
        told: list[list[str]] = []

        def goes() -> bool:
            told.append(_differences(chat, newcomer()))
            return not told[-1]

        until(goes, PATIENCE_S, told=lambda: f"{told[-1]}\n{self.house.told()}")


def _differences(chat: str, customer: Any) -> list[str]:
    """The lines of a conversation that did not come back."""
    for said, answers in tutorial.exchanges(chat):
        heard = customer.say(said)
        if missing := [line for line in answers if line not in heard]:
            return [f"after {said!r} missing: {missing}, heard: {heard}"]
    return []


class Phone:
    """Somebody on WhatsApp, who writes through the simulator's own address."""

    def __init__(self, house: House, customer: str):
        self._house, self._at, self._heard = house, f"{house.phone}customers/{customer}", 0

    def say(self, text: str) -> str:
        said = requests.post(f"{self._at}/messages", json={"number": NUMBER, "kind": "text", "text": text}, timeout=30)
        assert said.status_code == 202, said.text
        self._house.said.append(said.json()["id"])
        self._house.settle(PATIENCE_S)
        bubbles = requests.get(f"{self._at}/chat", params={"number": NUMBER}, timeout=30).json()["bubbles"]
        heard = [str(bubble) for bubble in bubbles if bubble["from"] == "business"]
        fresh, self._heard = heard[self._heard :], len(heard)
        return "\n".join(fresh)


class Browser:
    """Somebody in the chat of the bakery's site."""

    def __init__(self, house: House):
        self._house, self._api = house, f"http://127.0.0.1:{house.port}/api"
        greeted = self._post("greeting", desk="bakery")
        self._session = {"sessionId": greeted["sessionId"]}

    def say(self, text: str) -> str:
        return str(self._post("chat", message=text, **self._session))

    def _post(self, call: str, **told: str) -> dict[str, Any]:
        answer = requests.post(f"{self._api}/{call}", json=told, timeout=PATIENCE_S)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


@pytest.fixture
def reader(db_url: str, tmp_path: Path) -> Iterator[Reader]:
    home = tmp_path / "checkout"
    with House(db_url, tmp_path, DESKS_FOLDER=str(home / "desks"), LOG_LEVEL="error") as house:
        yield Reader(house, home)


def test_the_tutorial_is_true(reader: Reader, db: Database) -> None:
    for block in tutorial.blocks(PAGE):
        reader.follow(block)
        if block.path.startswith("desks/bakery/panels/"):
            _the_panel_shows_the_orders(reader, db)
            _a_mistake_in_it_is_told(reader, reader.home / block.path)
    config = requests.get(f"{reader.house.phone}config", timeout=30).json()
    assert "La Espiga" in [business["name"] for business in config["businesses"]], "the phone offers it"


def _the_panel_shows_the_orders(reader: Reader, db: Database) -> None:
    folder = reader.home / "desks" / "bakery" / "panels"
    staff = signed_in(db, tools=Tools(panels=lambda: [DeskPanels("bakery", "Bakery", "bakery", folder)]))
    told = staff.get("/admin/panels/desk-bakery/to-bake/piece").text
    assert "una docena de conchas" in told and "mañana a las 8" in told and "a chocolate cake" in told


def _a_mistake_in_it_is_told(reader: Reader, panel: Path) -> None:
    found = MISTAKE.search(PAGE)
    assert found, "the page says what a mistake looks like"
    right = panel.read_text(encoding="utf-8")
    panel.write_text(right.replace(f"{found[1]} =", f"{found[2]} ="), encoding="utf-8")
    reader.run(f"{found[3]} bakery")
    assert found[4] in reader.printed, reader.printed
    panel.write_text(right, encoding="utf-8")
