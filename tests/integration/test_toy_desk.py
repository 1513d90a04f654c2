"""A toy desk in a temporary folder answers on a number, in a real worker, with no edit anywhere; when it is gone, its
events wait."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot import desks
from bot.__main__ import main
from tests import businesses
from tests.bakery import bake
from tests.integration.crew import SETTINGS, Rooms, text
from tests.waiting import until

NUMBER = "100000000000077"
BAKERY = {
    "id": "la-espiga",
    "name": "La Espiga",
    "language": "es",
    "timezone": "America/Bogota",
    "menu": "bakery",
    "whatsapp": [NUMBER],
}
ROOT = Path(__file__).parents[2]


@pytest.fixture
def bakery(rooms: Rooms, tmp_path: Path) -> Iterator[Path]:
    """The folder of desks with the toy desk in it, which is not loaded here; and its number."""
    with rooms.db.transaction() as tx:
        businesses.put(tx, {"desks": [BAKERY]})
    bake(tmp_path)
    yield tmp_path
    desks.forget_folder(tmp_path)


@contextmanager
def work(rooms: Rooms, folder: Path) -> Iterator[Path]:
    """A worker process of the program, told only where the folder is; its log."""
    environ = {**os.environ, "DATABASE_URL": rooms.db.url, "DESKS_FOLDER": str(folder), "SMART_MODE": "false"}
    log = folder / "log"
    with log.open("wb") as out:
        command = [sys.executable, "-m", "bot", "work", "--only", "conversation"]
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=out, stderr=out)
    try:
        yield log
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def test_a_desk_in_any_folder_answers_on_its_number(rooms: Rooms, bakery: Path) -> None:
    broken = bake(bakery, "broken")
    (broken / "__init__.py").write_text("DESK =", encoding="utf-8")
    rooms.hear(text("quiero pan", wamid="b1"), number=NUMBER)
    rooms.hear(text("hola", wamid="f1"))
    with work(rooms, bakery) as log:
        said = until(lambda: said if len(said := rooms.said()) >= 2 else [], 90, told=log.read_text)
    assert any("¿Qué pan?" in line for line in said)
    assert any("Servicio" in line for line in said)
    assert '"desk.refused"' in log.read_text() and "invalid syntax" in log.read_text()


def standing(rooms: Rooms) -> list[tuple[str, int, int]]:
    rows = rooms.ask(
        "select i.state, i.attempts, s.claims from inbox i join sessions s using (conversation_id) order by i.id"
    )
    return [(row.state, row.attempts, row.claims) for row in rows]


def test_the_events_of_a_desk_that_is_gone_wait_and_are_answered_when_it_is_back(rooms: Rooms, bakery: Path) -> None:
    desks.add_folder(bakery)
    rooms.hear(text("hola", wamid="b1"), number=NUMBER)
    rooms.work()
    assert len(rooms.said()) == 1
    desks.forget("bakery")
    rooms.hear(text("quiero pan", wamid="b2"), number=NUMBER)
    rooms.hear(text("hola", wamid="f1"))
    for _ in range(2 * SETTINGS.event_attempts):
        rooms.ask("update sessions set leased_until = '-infinity'")
        rooms.work()
    assert standing(rooms) == [("done", 1, 0), ("waiting", 0, 0), ("done", 1, 0)]
    assert len(rooms.said()) == 2
    desks.load("bakery", bakery / "bakery")
    rooms.ask("update sessions set leased_until = '-infinity'")
    rooms.work()
    assert "¿Qué pan?" in rooms.said()[-1]


def test_flows_check_tells_of_a_desk_that_nobody_answers_for(
    rooms: Rooms, bakery: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rooms.hear(text("hola", wamid="b1"), number=NUMBER)
    monkeypatch.setenv("DATABASE_URL", rooms.db.url)
    assert main(["flows", "check"]) == 1
    assert "desk la-espiga: no desk that is loaded has the menu 'bakery'; 1 events wait" in capsys.readouterr().out
    monkeypatch.setenv("DESKS_FOLDER", str(bakery))
    assert main(["flows", "check"]) == 0
