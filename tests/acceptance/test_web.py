"""The web side as it is served: gunicorn, greenlets, two processes, one PostgreSQL."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import psycopg
import pytest
import requests
from psycopg.sql import SQL, Identifier

from core.store import desks
from core.store.db import Database
from tests.acceptance.forks import free_port
from tests.integration.crew import DESK, NUMBER
from tests.waiting import until

ROOT = Path(__file__).parents[2]
SECRET = "a secret of the tests"
PATIENCE_S = 120.0


class Web:
    """gunicorn with two processes, as in production but on a port of this test's own."""

    def __init__(self, db: Database, folder: Path):
        self.db, self.port, self.log = db, free_port(), folder / "web.log"
        self.url = f"http://127.0.0.1:{self.port}"
        environ = {
            **os.environ,
            "DATABASE_URL": db.url,
            "PORT": str(self.port),
            "WEB_CONCURRENCY": "2",
            "PROMETHEUS_MULTIPROC_DIR": str(folder / "metrics"),
            "WHATSAPP_VERIFY_TOKEN": "the token",
            "WHATSAPP_APP_SECRET": SECRET,
        }
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "wsgi:app"], cwd=ROOT, env=environ, stdout=log, stderr=log
            )
        until(self.ready, PATIENCE_S, told=self.log.read_text)

    def ready(self) -> bool:
        try:
            return requests.get(f"{self.url}/health/ready", timeout=5).status_code == 200
        except requests.RequestException:
            return False

    def post(self, body: bytes, *, secret: str = SECRET) -> requests.Response:
        signature = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {"X-Hub-Signature-256": signature, "Content-Type": "application/json"}
        return requests.post(f"{self.url}/webhook", body, headers=headers, timeout=PATIENCE_S)

    def inbox(self) -> dict[str, int]:
        """What the inbox holds: external id → how often it came again."""
        with psycopg.connect(self.db.url) as connection:
            return dict(connection.execute("select external_id, retries from report.inbox").fetchall())

    def counted(self, metric: str) -> float:
        lines = requests.get(f"{self.url}/metrics", timeout=PATIENCE_S).text.splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(metric))

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=PATIENCE_S)


@pytest.fixture
def web(db: Database, tmp_path: Path) -> Iterator[Web]:
    with db.transaction() as tx:
        desks.load(tx, DESK)
    serving = Web(db, tmp_path)
    yield serving
    if serving.process.poll() is None:
        serving.stop()


def text(wamid: str, customer: str = "5215550000001") -> bytes:
    message = {"from": customer, "id": wamid, "timestamp": "1790000000", "type": "text", "text": {"body": "hola"}}
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "1", "phone_number_id": NUMBER},
        "contacts": [{"wa_id": customer, "profile": {"name": "Rosa"}}],
        "messages": [message],
    }
    changes = [{"field": "messages", "value": value}]
    return json.dumps({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": changes}]}).encode()


def test_the_platform_shakes_hands_is_refused_unsigned_and_heard_signed(web: Web) -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": "the token", "hub.challenge": "12345"}
    assert requests.get(f"{web.url}/webhook", asked, timeout=PATIENCE_S).text == "12345"
    assert requests.get(f"{web.url}/webhook", {**asked, "hub.verify_token": "x"}, timeout=PATIENCE_S).status_code == 403
    assert web.post(text("wamid.forged"), secret="another").status_code == 401
    answer = web.post(text("wamid.heard"))
    assert (answer.status_code, answer.content) == (200, b"EVENT_RECEIVED")
    assert web.inbox() == {"wamid.heard": 0}


def test_posts_that_arrive_together_are_all_kept_once_and_counted_over_both_processes(web: Web) -> None:
    wamids = [f"wamid.{n}" for n in range(60)]
    with ThreadPoolExecutor(20) as posting:
        answers = list(posting.map(lambda wamid: web.post(text(wamid, f"52155500{wamid[6:]:0>5}")), wamids * 2))
    assert {answer.status_code for answer in answers} == {200}
    assert web.inbox() == dict.fromkeys(wamids, 1)
    assert web.counted('turno_events_total{copy="first"') == len(wamids)
    assert web.counted('turno_events_total{copy="again"') == len(wamids)


def test_a_database_that_goes_away_closes_the_door_and_opens_it_again(web: Web, postgres: str) -> None:
    name = urlsplit(web.db.url).path.removeprefix("/")
    assert web.post(text("wamid.before")).status_code == 200
    _allow(postgres, name, connections=False)
    try:
        assert web.post(text("wamid.meanwhile")).status_code == 503
        assert requests.get(f"{web.url}/health/ready", timeout=PATIENCE_S).status_code == 503
        assert requests.get(f"{web.url}/health/live", timeout=PATIENCE_S).status_code == 200
    finally:
        _allow(postgres, name, connections=True)
    until(lambda: web.post(text("wamid.meanwhile")).status_code == 200)  # Meta, too, brings it until it is taken
    assert web.inbox() == {"wamid.before": 0, "wamid.meanwhile": 0}


def test_a_process_that_is_killed_is_replaced(web: Web) -> None:
    first, _ = psutil.Process(web.process.pid).children()
    first.kill()
    until(lambda: first not in (now := _children(web)) and len(now) == 2, PATIENCE_S)
    assert web.post(text("wamid.after")).status_code == 200


def test_asked_to_stop_it_ends_with_0_and_leaves_no_process(web: Web) -> None:
    children = _children(web)
    assert web.stop() == 0
    assert psutil.wait_procs(children, timeout=5)[1] == []


def test_asked_to_stop_it_answers_who_asked_and_waits_for_nobody_who_is_silent(web: Web) -> None:
    with web.db.transaction() as tx:
        desks.load(tx, {"desks": [{**DESK["desks"][0], "web": ["field-service"]}]})
    silent = [requests.Session() for _ in range(6)]
    for session in silent:
        assert session.get(f"{web.url}/health/live", timeout=PATIENCE_S).status_code == 200
    with ThreadPoolExecutor(1) as asking:  # nobody works, so the answer takes as long as it may
        greeting = asking.submit(requests.post, f"{web.url}/api/greeting", json={}, timeout=PATIENCE_S)
        until(lambda: len(web.inbox()) == 1, PATIENCE_S)
        assert web.stop() == 0
        assert greeting.result().json()["pending"] is True
    assert "graceful timeout" not in web.log.read_text()
    for session in silent:
        session.close()


def _children(web: Web) -> list[psutil.Process]:
    return [p for p in psutil.Process(web.process.pid).children() if p.status() != psutil.STATUS_ZOMBIE]


def _allow(server: str, name: str, *, connections: bool) -> None:
    """Let this database take connections, or end all and take none."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(SQL("alter database {} allow_connections {}").format(Identifier(name), connections))
        if not connections:
            connection.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", (name,))
