"""The process runner, as a newcomer meets it: real processes, real signals, and what is left behind."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import stat
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.acceptance.processes import ROOT, Started, free_ports, started
from tests.production import PRODUCTION

CREW = "tests.acceptance.small_crew"
WAITS = "import signal; print('I am here'); signal.pause()"
FORKS = "import os, signal; os.fork(); os.write(1, b'I am here\\n'); signal.pause()"  # each line in one piece
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('I am deaf')\nwhile True: signal.pause()"
LOGS = """import signal; print('{"event":"turn.taken","level":"info","timestamp":"…","version":3}'); signal.pause()"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_one_signal_stops_all_and_leaves_nothing_behind(number: signal.Signals) -> None:
    with started("-m", CREW, f"web={WAITS}", f"workers={FORKS}") as runner:
        for _ in range(3):
            runner.hear("I am here")
        assert len(runner.offspring()) >= 5  # the runner, its keeper, web, workers and the one they forked
        assert runner.end(number) == 0
        assert runner.offspring() == []


def test_a_runner_that_is_killed_takes_its_programs_with_it() -> None:
    with started("-m", CREW, f"web={WAITS}", f"workers={FORKS}") as runner:
        for _ in range(3):
            runner.hear("I am here")
        runner.end(signal.SIGKILL)
        assert runner.wait_childless() == []


def test_a_program_that_dies_is_named_and_stops_all_with_an_error() -> None:
    with started("-m", CREW, f"web={WAITS}", "workers=raise SystemExit(7)") as runner:
        assert "workers ended with exit code 7" in runner.hear("ended")
        assert runner.wait() == 1
        assert runner.offspring() == []


def test_a_program_that_ends_well_but_too_early_stops_all_with_an_error() -> None:
    with started("-m", CREW, f"web={WAITS}", "workers=pass") as runner:
        assert "workers ended by itself" in runner.hear("ended")
        assert runner.wait() == 1


def test_a_keeper_that_is_killed_stops_all_with_an_error() -> None:
    with started("-m", CREW, f"web={WAITS}") as runner:
        runner.hear("I am here")
        keeper = next(process for process in runner.offspring() if "runner.keeper" in process.cmdline())
        keeper.kill()
        runner.hear("keeps it, ended")
        assert runner.wait() == 1
        assert runner.offspring() == []


def test_who_does_not_listen_is_killed_after_the_grace() -> None:
    with started("-m", CREW, f"web={DEAF}", environ={"GRACE_S": "0.2"}) as runner:
        runner.hear("I am deaf")
        assert runner.end() == 0
        assert runner.offspring() == []


def test_a_second_ctrl_c_ends_the_grace_at_once() -> None:
    with started("-m", CREW, f"web={DEAF}", environ={"GRACE_S": "3600"}) as runner:
        runner.hear("I am deaf")
        runner.process.send_signal(signal.SIGINT)
        runner.hear("stopping")
        assert runner.end() == 0
        assert runner.offspring() == []


def test_lines_carry_the_name_of_who_said_them_and_json_is_made_short() -> None:
    with started("-m", CREW, f"web={LOGS}") as runner:
        assert runner.hear("turn.taken").rstrip() == "web       │ turn.taken  version=3"


# --- the whole of Turno -----------------------------------------------------------------------------------------------


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The code in a folder of its own, so that its `var/` is nobody else's."""
    aside = shutil.ignore_patterns("*.pyc.*")  # what is compiled goes with it, but not what somebody compiles just now
    for name in ("core", "bot", "webhook", "dashboard", "simulator", "runner", "migrations"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=aside)
    for name in ("wsgi.py", "gunicorn.conf.py", "alembic.ini"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def ports() -> dict[str, str]:
    port, simulator_port = free_ports(2)
    return {"PORT": str(port), "SIMULATOR_PORT": str(simulator_port), "DATABASE_URL": "", "APP_ENV": "development"}


def desks(checkout: Path) -> list[str]:
    """The desks in the embedded PostgreSQL that the runner keeps."""
    with psycopg.connect(f"postgresql://postgres@/postgres?host={socket_folder(checkout)}") as connection:
        return [name for (name,) in connection.execute("select id from desks order by id")]


def socket_folder(checkout: Path) -> str:
    return (checkout / "var" / "postgres" / "postmaster.pid").read_text().splitlines()[4]


def whole(checkout: Path, ports: dict[str, str]) -> Iterator[Started]:
    with started("-m", "runner", environ=ports, folder=checkout) as runner:
        runner.hear("Turno runs")
        yield runner


def test_everything_starts_says_where_stops_on_ctrl_c_and_keeps_its_data(checkout: Path, ports: dict[str, str]) -> None:
    for runner in whole(checkout, ports):
        phone = runner.hear("/simulator/").split()[-1]
        assert runner.hear("the window").split()[-3].endswith("/admin/")
        runner.hear("health")
        link = runner.hear("first admin").split()[-1]
        with urllib.request.urlopen(link, timeout=120) as page:
            assert b"Choose your password" in page.read()
        with urllib.request.urlopen(phone, timeout=120) as page:
            assert page.status == 200
        before = desks(checkout)
        assert "field-service" in before
        assert runner.end() == 0
        assert runner.offspring() == []
    for runner in whole(checkout, ports):
        assert desks(checkout) == before
        runner.end(signal.SIGKILL)
        assert runner.wait_childless() == []
        assert not (checkout / "var" / "postgres" / "postmaster.pid").exists(), "PostgreSQL was shut down in order"
    secret = checkout / "var" / "secrets" / "whatsapp_app_secret"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600


@pytest.mark.parametrize("setting", ["PORT", "SIMULATOR_PORT"])
def test_a_port_that_is_taken_is_told_and_nothing_is_started(
    checkout: Path, ports: dict[str, str], setting: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        with started("-m", "runner", environ={**ports, setting: str(taken)}, folder=checkout) as runner:
            line = runner.hear("taken")
            assert f"Port {taken} is taken" in line
            assert f"{setting}=" in line
            assert runner.wait() == 1
            assert runner.offspring() == []
    assert not (checkout / "var" / "postgres").exists()


def test_it_refuses_to_play_in_production(checkout: Path, ports: dict[str, str]) -> None:
    environ = {**ports, **PRODUCTION}
    with started("-m", "runner", environ=environ, folder=checkout) as runner:
        runner.hear("is for development")
        assert runner.wait() == 1
    assert os.listdir(checkout / "var") == ["runner.lock"]
