"""Ten messages through a deployment that runs: what is said when all is well, and when something is not."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.house import ROSA, House
from tests.production import PRODUCTION
from tests.waiting import until

ROOT = Path(__file__).parents[2]
PATIENT = {"SEND_TIMEOUT_S": "30", "UNKNOWN_SETTLE_S": "120", "LEASE_S": "60"}
"""Nothing here is slow on purpose, so a busy machine is no reason for a warning."""


@pytest.fixture
def house(db_url: str, tmp_path: Path) -> Iterator[House]:
    with House(db_url, tmp_path, **PATIENT, LOG_FILE=str(tmp_path / "log" / "turno.log")) as made:
        yield made


def smoke(house: House, *arguments: str, **environ: str) -> tuple[int, str]:
    """What it answers and tells."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", "smoke", "--whatsapp", "--url", f"http://127.0.0.1:{house.port}", *arguments],
        cwd=ROOT,
        env={**os.environ, **house.environ, **environ},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_where_all_is_well_ten_messages_are_answered_and_nothing_is_left(house: House) -> None:
    house.open()
    house.work()
    code, told = smoke(house, "--from", ROSA, "--patience", "120")
    assert (code, told.splitlines()[-1]) == (0, "all is well"), told
    assert "Soy el asistente" in told and "0 warnings or errors" in told
    assert house.ask("select kind, retries from inbox order by id")[0].retries == 1
    assert house.one("select count(*) from inbox") == house.one("select count(*) from outbox") == 10
    assert house.one("select count(*) from tickets") == 0
    assert house.ask("select flow, state from sessions") == [("menu", "cancelled")]
    assert house.ask("select kind from aliases") == [("wa_id",)]


def test_a_deployment_without_workers_is_told(house: House) -> None:
    house.open()
    code, told = smoke(house, "--patience", "0.5")
    assert code == 1 and "nobody took its turn: do workers run?" in told


def test_a_reply_that_the_platform_refuses_is_told(house: House) -> None:
    house.open()
    house.work(GRAPH_API_URL="http://127.0.0.1:1/graph")
    house.say("hola")
    until(lambda: house.one("select count(*) from outbox"), 60, told=house.told)  # they are at work
    code, told = smoke(house, "--patience", "10")
    assert code == 1 and "was not accepted by the platform" in told


def test_a_wrong_secret_and_a_door_that_is_shut_are_told(house: House) -> None:
    code, told = smoke(house)
    assert code == 1 and "does not answer" in told
    house.open()
    code, told = smoke(house, WHATSAPP_APP_SECRET="another one")
    assert code == 1 and "answered 401" in told


def test_in_production_somebody_must_have_the_phone(house: House) -> None:
    code, told = smoke(house, **{name: value for name, value in PRODUCTION.items() if "WHATSAPP" not in name})
    assert code == 2 and "--from" in told
    code, told = smoke(house, WHATSAPP_APP_SECRET="")
    assert code == 2 and "WHATSAPP_APP_SECRET is needed" in told
