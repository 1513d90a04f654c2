"""A synthetic customer through a whole deployment: what it tells, and that nothing of it is left."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from bot.__main__ import main
from tests.acceptance.house import House

HELD = "contacts aliases conversations sessions inbox outbox steps timers tickets errands photos web_sessions".split()


@pytest.fixture
def house(db_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    with House(db_url, tmp_path, LEASE_S="60", LOG_FILE=str(tmp_path / "log" / "turno.log")) as made:
        for name, value in {**made.environ, "PORT": str(made.port)}.items():
            monkeypatch.setenv(name, value)
        made.open()
        yield made


def left(house: House) -> dict[str, int]:
    """What is held of anybody, and channels of synthetic customers."""
    held = {table: house.one(f"select count(*) from {table}") for table in HELD}
    held["channels"] = house.one("select count(*) from channels where address like 'canary%%'")
    return {table: count for table, count in held.items() if count}


def counted(house: House) -> list[str]:
    """Series of customers that were counted."""
    told = requests.get(f"http://127.0.0.1:{house.port}/metrics", timeout=10).text
    return [
        line
        for line in told.splitlines()
        if line.startswith(("turno_events_total{", 'turno_chat_seconds_count{call="say"'))
    ]


def test_where_all_is_well_the_canary_and_the_seven_calls_leave_nothing(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    house.work("conversation,sender,media,janitor")
    assert main(["canary", "--patience", "60"]) == 0, capsys.readouterr().out + house.told()
    told = capsys.readouterr().out
    assert [line.split()[0] for line in told.splitlines()] == ["greeting", "hola", "ayuda", "menú", "cancelar", "all"]
    assert main(["smoke", "--chat", "--patience", "60"]) == 0, capsys.readouterr().out + house.told()
    told = capsys.readouterr().out
    assert told.splitlines()[-1] == "all is well" and "TKT-" in told and told.count(" ms ") == 7
    assert left(house) == {}
    assert counted(house) == []
    done = house.ask("select what, ok, detail ? 'took_ms' as timed from operations order by id")
    assert done == [("canary", True, True), ("smoke", True, False)]


def test_without_workers_the_canary_says_so_and_leaves_nothing(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["canary", "--patience", "0.5"]) == 1
    assert "hola: no reply within 0.5 s: do workers run?" in capsys.readouterr().out
    assert left(house) == {}
    assert house.ask("select what, ok from operations") == [("canary", False)]
