"""Three web servers at once over one database: limits are exact, and a ticket is one, wherever the calls arrive."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from pathlib import Path

import pytest
import requests

from bot.workers.loop import Loop
from core.store.db import Database
from tests.acceptance.processes import PATIENCE_S, ROOT, free_ports
from tests.conftest import TEMPLATE, fresh_database
from tests.integration.chatting import open_rooms
from tests.integration.crew import Rooms
from tests.waiting import until

INSTANCES = 3


class Instances:
    """Servers that know nothing of each other, each with a process of its own."""

    def __init__(self, db: Database, folder: Path, **settings: str):
        self.ports = free_ports(INSTANCES)
        self._processes = [self._start(db, folder, port, settings) for port in self.ports]
        for port in self.ports:
            until(lambda port=port: _ready(port), PATIENCE_S)  # type: ignore[misc]

    def post(self, port: int, call: str, **told: object) -> requests.Response:
        return requests.post(f"http://127.0.0.1:{port}/api/{call}", json=told, timeout=PATIENCE_S)

    def at_once(self, call: str, times: int, **told: object) -> Sequence[requests.Response]:
        """The same call on all of them, as close together as can be."""
        gate = threading.Barrier(times)

        def ask(port: int) -> requests.Response:
            gate.wait()
            return self.post(port, call, **told)

        with ThreadPoolExecutor(times) as pool:
            return list(pool.map(ask, [port for port, _ in zip(cycle(self.ports), range(times), strict=False)]))

    def stop(self) -> list[int]:
        for process in self._processes:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        return [process.wait(PATIENCE_S) for process in self._processes]

    def _start(self, db: Database, folder: Path, port: int, settings: dict[str, str]) -> subprocess.Popen[bytes]:
        environ = {
            **os.environ, "DATABASE_URL": db.url, "PORT": str(port), "WEB_CONCURRENCY": "1", "WINDOW_CONCURRENCY": "0",
            "PROMETHEUS_MULTIPROC_DIR": str(folder / f"metrics-{port}"), "LOG_FILE": str(folder / "turno.log"),
            "LOG_TOKEN": "a token", **settings,
        }  # fmt: skip
        with (folder / f"web-{port}.log").open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "wsgi:app"], cwd=ROOT, env=environ, stdout=log, stderr=log
            )


def _ready(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/api/health", timeout=5).status_code == 200
    except requests.RequestException:
        return False


@pytest.fixture(scope="module")
def working(postgres: str) -> Iterator[Rooms]:
    for url in fresh_database(postgres, TEMPLATE):
        db = Database(url, pool=8)
        rooms = open_rooms(db)
        loop = Loop(rooms.worker)
        loop.start()
        yield rooms
        loop.stop()
        loop.join()
        rooms.close()
        db.close()


@pytest.fixture(scope="module")
def instances(working: Rooms, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instances]:
    """Three for all of this file; the last of its tests stops them."""
    limits = {"LIMIT_CHAT_SESSION": "20/hour", "LIMIT_WHATSAPP_TICKET": "12/hour"}
    serving = Instances(working.db, tmp_path_factory.mktemp("instances"), **limits)
    yield serving
    serving.stop()


def test_three_servers_keep_one_limit_make_one_ticket_and_share_a_log(instances: Instances, working: Rooms) -> None:
    session = instances.post(instances.ports[0], "greeting").json()["sessionId"]

    said = instances.at_once("chat", 45, sessionId=session, message="hola")
    codes = [answer.status_code for answer in said]
    assert (codes.count(200), codes.count(429)) == (20, 25)
    left = sorted(int(answer.headers["RateLimit-Remaining"]) for answer in said if answer.status_code == 200)
    assert left == list(range(20)), "each was told another number"
    assert working.ask("select count(*) as n from inbox where kind = 'text'")[0].n == 20

    wanted = instances.at_once("whatsapp-ticket", 20, sessionId=session)
    codes = [answer.status_code for answer in wanted]
    assert (codes.count(200), codes.count(429)) == (12, 8)
    numbers = {answer.json()["ticketId"] for answer in wanted if answer.status_code == 200}
    assert numbers == {row.number for row in working.ask("select number from tickets")} and len(numbers) == 1

    port = instances.ports[1]
    log = requests.get(f"http://127.0.0.1:{port}/api/logs?token=a+token", timeout=PATIENCE_S)
    assert log.status_code == 200 and "event.accepted" in log.text and session not in log.text


def test_who_follows_the_log_keeps_no_server_from_stopping_nor_others_from_being_served(instances: Instances) -> None:
    port = instances.ports[0]
    url = f"http://127.0.0.1:{port}/api/logs/stream"
    silent = [requests.get(url, headers={"X-Log-Token": "a token"}, stream=True, timeout=PATIENCE_S) for _ in range(30)]
    assert {answer.status_code for answer in silent} == {200}
    assert instances.post(port, "greeting").status_code == 200, "thirty who read nothing keep nobody waiting"
    assert next(silent[0].iter_lines()) == b": the log"
    assert instances.stop() == [0] * INSTANCES
    for answer in silent:
        answer.close()
