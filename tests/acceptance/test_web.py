"""The web side as it is served: gunicorn, greenlets, two processes, one PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import psycopg
import pytest
import requests
from psycopg.sql import SQL, Identifier

from core.store.db import Database
from tests import businesses
from tests.acceptance.web_side import PATIENCE_S, Web, text
from tests.conftest import TEMPLATE, fresh_database
from tests.integration.crew import DESK
from tests.waiting import until


@contextmanager
def opened(url: str, folder: Path) -> Iterator[Web]:
    db = Database(url)
    with db.transaction() as tx:
        businesses.put(tx, {"desks": [{**DESK["desks"][0], "web": ["field-service"]}]})
    serving = Web(db, folder, WEBCHAT_WAIT_S="4")
    yield serving
    if serving.process.poll() is None:
        serving.stop()
    db.close()


@pytest.fixture(scope="module")
def web(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """One for all who leave it as it was, and for the last of this file, who stops it."""
    for url in fresh_database(postgres, TEMPLATE):
        with opened(url, tmp_path_factory.mktemp("web")) as serving:
            yield serving


@pytest.fixture
def mortal(db_url: str, tmp_path: Path) -> Iterator[Web]:
    """One to be stopped."""
    with opened(db_url, tmp_path) as serving:
        yield serving


def test_the_platform_shakes_hands_is_refused_unsigned_and_heard_signed(web: Web) -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": "the token", "hub.challenge": "12345"}
    assert requests.get(f"{web.url}/webhook", asked, timeout=PATIENCE_S).text == "12345"
    assert requests.get(f"{web.url}/webhook", {**asked, "hub.verify_token": "x"}, timeout=PATIENCE_S).status_code == 403
    assert web.post(text("wamid.forged"), secret="another").status_code == 401
    answer = web.post(text("wamid.heard"))
    assert (answer.status_code, answer.content) == (200, b"EVENT_RECEIVED")
    assert web.inbox("wamid.heard", "wamid.forged") == {"wamid.heard": 0}


def test_posts_that_arrive_together_are_all_kept_once_and_counted_over_both_processes(web: Web) -> None:
    wamids, before = [f"wamid.{n}" for n in range(60)], counted(web)
    with ThreadPoolExecutor(20) as posting:
        answers = list(posting.map(lambda wamid: web.post(text(wamid, f"52155500{wamid[6:]:0>5}")), wamids * 2))
    assert {answer.status_code for answer in answers} == {200}
    assert web.inbox(*wamids) == dict.fromkeys(wamids, 1)
    assert counted(web) == tuple(copies + len(wamids) for copies in before)


def counted(web: Web) -> tuple[float, ...]:
    """How often something came first, and again."""
    return tuple(web.counted(f'turno_events_total{{copy="{copy}"') for copy in ("first", "again"))


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
    assert web.inbox("wamid.before", "wamid.meanwhile") == {"wamid.before": 0, "wamid.meanwhile": 0}


def whole(web: Web) -> bool:
    """Two processes are at the door, and one at the window."""
    return (len(web.at_door()), len(web.at_window())) == (2, 1)


def test_a_process_that_is_killed_is_replaced(web: Web) -> None:
    until(lambda: whole(web), PATIENCE_S)
    first, _ = web.at_door()
    first.kill()
    until(lambda: first not in web.children() and whole(web), PATIENCE_S)
    assert web.post(text("wamid.after")).status_code == 200


def test_asked_to_stop_it_ends_with_0_and_leaves_no_process(mortal: Web) -> None:
    children = mortal.children()
    assert mortal.stop() == 0
    assert psutil.wait_procs(children, timeout=PATIENCE_S)[1] == []


def test_asked_to_stop_it_answers_who_asked_and_waits_for_nobody_who_is_silent(web: Web) -> None:
    begun = requests.post(f"{web.url}/api/greeting", json={}, timeout=PATIENCE_S).json()
    silent = [requests.Session() for _ in range(6)]
    for session in silent:
        assert session.get(f"{web.url}/health/live", timeout=PATIENCE_S).status_code == 200
    with ThreadPoolExecutor(1) as asking:  # nobody works, so the answer takes as long as it may
        told = {"sessionId": begun["sessionId"], "message": "hola"}
        line = asking.submit(requests.post, f"{web.url}/api/chat", json=told, timeout=PATIENCE_S)
        until(lambda: web.chats() == ["hola"], PATIENCE_S)
        assert web.stop() == 0
        assert line.result().json()["pending"] is True
    assert "graceful timeout" not in web.log.read_text()
    for session in silent:
        session.close()


def _allow(server: str, name: str, *, connections: bool) -> None:
    """Let this database take connections, or end all and take none."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(SQL("alter database {} allow_connections {}").format(Identifier(name), connections))
        if not connections:
            connection.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", (name,))
