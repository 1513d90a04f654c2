"""The day's figures, mailed through a real SMTP server."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator

import pytest

from bot.__main__ import main
from core.store.db import Database
from tests.integration.crew import Rooms, text


class Postbox(socketserver.ThreadingTCPServer):
    """Speaks SMTP and keeps what it takes; an address that begins with `no` is refused."""

    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.letters: list[str] = []


class Session(socketserver.StreamRequestHandler):
    server: Postbox

    def handle(self) -> None:
        self._say("220 postbox")
        while line := self.rfile.readline().decode().strip():
            if line.upper() == "DATA":
                self._keep()
            elif line.upper() == "QUIT":
                return self._say("221 bye")
            else:
                self._say("550 nobody here" if line.upper().startswith("RCPT TO:<NO") else "250 ok")

    def _keep(self) -> None:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.decode())
        self.server.letters.append("".join(lines))
        self._say("250 taken")

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@pytest.fixture
def postbox(db: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Postbox]:
    with Postbox() as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        told = {
            "DATABASE_URL": db.url,
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(made.server_address[1]),
            "SMTP_TLS": "none",
        }
        for name, value in {**told, "DIGEST_TO": "ops@example.com, lead@example.com"}.items():
            monkeypatch.setenv(name, value)
        yield made
        made.shutdown()


@pytest.fixture
def rooms(db: Database) -> Iterator[Rooms]:
    made = Rooms(db)
    yield made
    made.close()


def recorded(db: Database) -> list[bool]:
    with db.transaction() as tx:
        tx._cursor.execute("select ok from operations where what = 'digest' order by id")
        return [row.ok for row in tx._cursor.fetchall()]


def test_the_digest_tells_the_day_and_names_nobody(postbox: Postbox, rooms: Rooms, db: Database) -> None:
    for number in range(3):
        rooms.hear(text("hola", wamid=f"wamid.{number}", sender="5215550000077"))
    rooms.work()
    assert main(["digest"]) == 0
    (letter,) = postbox.letters
    assert "To: ops@example.com, lead@example.com" in letter
    assert ["customers'", "messages", "3", "0"] in [line.split() for line in letter.splitlines()]
    assert "5550000077" not in letter and "hola" not in letter
    assert recorded(db) == [True]


def test_a_digest_that_was_not_taken_for_everybody_is_told(
    postbox: Postbox, db: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DIGEST_TO", "ops@example.com, nobody@example.com")
    assert main(["digest"]) == 1
    assert "1 addresses were refused" in capsys.readouterr().out
    monkeypatch.setenv("SMTP_PORT", "1")
    assert main(["digest"]) == 1
    assert recorded(db) == [False, False]


def test_a_server_without_encryption_gets_nothing_unless_that_is_said(
    postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMTP_TLS", "starttls")
    assert main(["digest"]) == 1
    assert postbox.letters == []


def test_without_a_server_it_is_shown_only_where_that_is_said(
    db: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", db.url)
    assert main(["digest"]) == 2
    assert main(["digest", "--print"]) == 0
    assert "dead letters" in capsys.readouterr().out
    assert recorded(db) == []


def test_a_ticket_is_opened_by_hand_for_a_conversation(
    rooms: Rooms, db: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", db.url)
    rooms.hear(text("hola", wamid="wamid.1"))
    rooms.work()
    with db.transaction() as tx:
        tx._cursor.execute("select id from conversations")
        conversation = str(tx._cursor.fetchone().id)  # type: ignore[union-attr]
    assert main(["tickets", "open"]) == main(["tickets", "open", "--conversation", "99", "--summary", "x"]) == 2
    opened = ["tickets", "open", "--conversation", conversation, "--summary", "La nevera no enfría", "--urgent"]
    assert main(opened) == main(opened) == 0, "each time another one: a person wants it"
    number = capsys.readouterr().out.splitlines()[-1].partition(":")[0]
    rooms.hear(text("mis reportes", wamid="wamid.2"))
    rooms.work()
    assert number in rooms.said()[-1]
    assert main(["tickets", number, "resolved", "--by", "ana"]) == 0
    rooms.work()
    with db.transaction() as tx:
        tx._cursor.execute("select number, status, priority from tickets order by status")
        found = [tuple(row) for row in tx._cursor.fetchall()]
    assert (number, "resolved", "urgent") in found and len(found) == 2
