"""The log over HTTP: its end, what is added as it comes, how much is written, and to whom it opens."""

from __future__ import annotations

import json
import logging as library
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from flask.testing import FlaskClient
from pydantic import SecretStr

from core import log_lines, telemetry
from core.heartbeat import Heartbeat
from core.log_file import LogFile
from core.settings import Settings
from core.telemetry import log
from tests.integration.chatting import client
from tests.integration.crew import Rooms

TOKEN = {"log_token": SecretStr("a token")}
SHOWN = {"Authorization": "Bearer a token"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "turno.log"


@pytest.fixture
def visitor(chatroom: Rooms, path: Path) -> FlaskClient:
    return client(chatroom, log_file=str(path), **TOKEN)


@pytest.fixture
def logging(path: Path) -> Iterator[Path]:
    """This process logs to the file; afterwards, as before."""
    before, level = structlog.get_config(), log_lines._level
    telemetry.configure(Settings(log_file=str(path), log_level="info"))
    yield path
    structlog.configure(**before)
    log_lines._level = level
    library.getLogger().handlers = [
        handler for handler in library.getLogger().handlers if not isinstance(handler, log_lines.Foreign)
    ]


def lines(answer: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in answer.text.splitlines()]


def fresh_log() -> Any:
    return structlog.get_logger()


def test_what_is_logged_can_be_read_and_tells_of_nobody(visitor: FlaskClient, logging: Path) -> None:
    fresh_log().info("something.happened", who="rosa@example.com", phone="+52 1 555 000 0001", text="hola")
    answer = visitor.get("/api/logs", headers=SHOWN)
    assert answer.status_code == 200 and answer.mimetype == "text/plain"
    line = lines(answer)[-1]
    assert (line["event"], line["level"], line["text"]) == ("something.happened", "info", "•••")
    assert "rosa" not in answer.text and "555" not in answer.text


def test_only_the_end_is_shown_and_of_whole_lines(visitor: FlaskClient, path: Path) -> None:
    path.write_bytes(b"".join(b'{"number": %d, "more": "%s"}\n' % (number, b"x" * 100) for number in range(1000)))
    answer = visitor.get("/api/logs?token=a+token")
    assert 32_000 < len(answer.data) <= 32_768
    assert lines(answer)[-1]["number"] == 999


@pytest.mark.parametrize("call", ["/api/logs", "/api/logs/stream"])
@pytest.mark.parametrize("shown", ["", "token=", "token=another", "token=%FF", "token=a+token+"])
def test_without_the_token_the_log_is_closed(visitor: FlaskClient, call: str, shown: str) -> None:
    answer = visitor.get(call, query_string=f"mode=once&{shown}")
    assert (answer.status_code, answer.get_json()["error"]) == (401, "unauthorized")


def test_without_a_file_there_is_no_log(chatroom: Rooms) -> None:
    answer = client(chatroom, **TOKEN).get("/api/logs", headers=SHOWN)
    assert (answer.status_code, answer.get_json()["error"]) == (404, "no_log")


def test_the_stream_brings_the_end_and_then_every_new_line(visitor: FlaskClient, path: Path) -> None:
    file = LogFile(path, most_bytes=100_000)
    file.write(b'{"event": "one"}\n')
    answer = visitor.get("/api/logs/stream?token=a+token", buffered=False)
    assert answer.mimetype == "text/event-stream"
    events = answer.iter_encoded()
    assert b'data: {"event": "one"}\n\n' in next(events)
    file.write(b'{"event": "two"}\n{"event": "three"}\n')
    assert next(events) == b'data: {"event": "two"}\n\ndata: {"event": "three"}\n\n'
    answer.close()


def test_a_quiet_stream_shows_that_it_lives(visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webhook.webchat.logs.PING_S", 0.0)
    answer = visitor.get("/api/logs/stream", headers=SHOWN, buffered=False)
    events = answer.iter_encoded()
    assert [next(events), next(events)] == [b": the log\n\n", b": ping\n\n"]
    answer.close()


def test_once_ends_after_what_is_there(visitor: FlaskClient, path: Path) -> None:
    path.write_bytes(b'{"event": "one"}\n')
    assert visitor.get("/api/logs/stream?mode=once", headers=SHOWN).text == ': the log\n\ndata: {"event": "one"}\n\n'


def test_no_more_may_follow_than_there_are_places_and_whoever_leaves_makes_room(chatroom: Rooms, path: Path) -> None:
    visitor = client(chatroom, log_file=str(path), max_sse_clients=2, **TOKEN)
    following = [visitor.get("/api/logs/stream", headers=SHOWN, buffered=False) for _ in range(2)]
    refused = visitor.get("/api/logs/stream", headers=SHOWN)
    assert (refused.status_code, refused.get_json()["error"]) == (503, "sse_clients_limit")
    following[0].close()
    assert visitor.get("/api/logs/stream?mode=once", headers=SHOWN).status_code == 200
    following[1].close()


def test_how_much_is_written_changes_in_every_process_with_its_next_beat(
    visitor: FlaskClient, chatroom: Rooms, logging: Path
) -> None:
    pulse = Heartbeat(chatroom.db, "workers", every_s=5, log_level="info")
    said = []
    for level in ("warning", "debug", "default"):
        answer = visitor.post("/api/logs/level", json={"level": level}, headers=SHOWN)
        assert answer.get_json() == {"ok": True, "level": level, "withinS": chatroom.settings.heartbeat_s}
        pulse.beat()
        fresh_log().debug(f"debug.{level}")
        fresh_log().info(f"info.{level}")
        said += [line["event"] for line in lines(visitor.get("/api/logs", headers=SHOWN))]
    assert {event for event in said if event.startswith(("debug.", "info."))} == {"debug.debug", "info.debug", "info.default"}  # fmt: skip
    assert [row.why for row in chatroom.ask("select why from audit order by id")] == ["warning", "debug", "default"]


@pytest.mark.parametrize("level", ["loud", "", None, 7, ["info"]])
def test_a_level_that_there_is_not_is_refused(visitor: FlaskClient, level: object) -> None:
    assert visitor.post("/api/logs/level", json={"level": level}, headers=SHOWN).status_code == 400


def test_only_who_holds_the_token_changes_the_level(visitor: FlaskClient) -> None:
    assert visitor.post("/api/logs/level?token=a+token", json={"level": "debug"}).status_code == 401


def test_a_log_that_cannot_be_written_stops_nobody_and_is_counted(logging: Path) -> None:
    before = telemetry.totals().get("turno_log_lost_total", 0)
    logging.mkdir()
    fresh_log().info("nobody.reads.this")
    log.info("nor.this")
    assert telemetry.totals()["turno_log_lost_total"] > before


def test_what_a_library_logs_is_a_line_too_and_tells_of_nobody(logging: Path) -> None:
    library.getLogger("some.library").warning("gave up on %s at %s", "rosa@example.com", "+54 9 341 5551234")
    try:
        raise ValueError("mi clave es perro123")
    except ValueError:
        library.getLogger("some.library").exception("broke")
    library.getLogger("some.library").info("is told to nobody")
    warned, broke = [json.loads(line) for line in logging.read_text("utf-8").splitlines()]
    assert (warned["level"], warned["logger"]) == ("warning", "some.library")
    assert "rosa@" not in warned["event"] and "5551234" not in warned["event"]
    assert broke["level"] == "error" and "ValueError" in broke["exception"] and "perro123" not in broke["exception"]
