"""Staff are answered by a process of their own: whatever becomes of it, messages are heard at the door."""

from __future__ import annotations

import csv
import io
import re
import signal
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
import requests

from core.store.db import Database
from tests import businesses
from tests.acceptance.web_side import PATIENCE_S, Web, text
from tests.conftest import TEMPLATE, fresh_database
from tests.integration.crew import DESK
from tests.integration.staff import PASSWORD, account
from tests.waiting import until

ME = "ana@turno.example"
HERE = {"Sec-Fetch-Site": "same-origin"}
ROWS = 60_000


@pytest.fixture(scope="module")
def web(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """One for all of this file: each leaves it with all its processes."""
    for url in fresh_database(postgres, TEMPLATE):
        db = Database(url)
        with db.transaction() as tx:
            businesses.put(tx, DESK)
        account(db, ME)
        serving = Web(db, tmp_path_factory.mktemp("web"))
        until(lambda: len(serving.at_window()) == 1, PATIENCE_S)
        yield serving
        assert serving.stop() == 0
        db.close()


def sign_in(web: Web, **headers: str) -> requests.Session:
    session = requests.Session()
    page = session.get(f"{web.url}/admin/sign-in", timeout=PATIENCE_S).text
    hidden = {name: re.search(rf'name="{name}" value="([^"]+)"', page) for name in ("csrf", "once")}
    told = {name: found[1] for name, found in hidden.items() if found}
    form = {**told, "email": ME, "password": PASSWORD}
    answer = session.post(f"{web.url}/admin/sign-in", form, headers={**HERE, **headers}, timeout=PATIENCE_S)
    assert answer.status_code == 200 and answer.url.startswith(f"{web.url}/admin/"), answer.text
    return session


def test_who_signs_in_is_known_by_the_address_at_the_door_and_not_by_what_is_claimed(web: Web) -> None:
    sign_in(web, **{"X-Door-Address": "203.0.113.9", "X-Door-Scheme": "https"})
    with psycopg.connect(web.db.url) as connection:
        assert connection.execute("select distinct address from staff_sessions").fetchall() == [("127.0.0.1",)]


def test_the_processes_say_where_they_stand(web: Web) -> None:
    with psycopg.connect(web.db.url, autocommit=True) as connection:
        kinds = "select kind, pid from report.processes where alive order by kind, pid"
        there = [("web", process.pid) for process in web.at_door()] + [("window", web.at_window()[0].pid)]
        until(lambda: connection.execute(kinds).fetchall() == sorted(there), PATIENCE_S)


def test_a_browser_notices_nothing(web: Web, browser: Any) -> None:
    """A board with all its pieces, a form, a file: behind the one address there is."""
    context = browser.new_context()
    context.set_default_timeout(PATIENCE_S * 1000)
    page, problems = context.new_page(), []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: problems.append(said.text) if said.type in ("error", "warning") else None)
    page.goto(f"{web.url}/admin/tickets")
    page.get_by_label("E-mail").fill(ME)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    with page.expect_download() as file:
        page.get_by_role("link", name="CSV").click()
    assert Path(file.value.path()).read_text(encoding="utf-8-sig").startswith("number,")
    page.get_by_role("link", name="Now").click()
    page.get_by_role("region", name="Processes").get_by_text("window").wait_for()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_text("You are signed out.").wait_for()
    context.close()
    assert problems == []


def test_a_window_that_is_stuck_keeps_nobody_from_the_door(web: Web) -> None:
    [window] = web.at_window()
    window.send_signal(signal.SIGSTOP)
    try:
        with ThreadPoolExecutor(20) as looking:
            pages = [looking.submit(requests.get, f"{web.url}/admin/sign-in", timeout=PATIENCE_S) for _ in range(20)]
            for n in range(20):
                assert web.post(text(f"wamid.{n}")).status_code == 200
            assert not any(page.done() for page in pages)
            window.send_signal(signal.SIGCONT)
            assert {page.result().status_code for page in pages} == {200}
    finally:
        window.send_signal(signal.SIGCONT)


def test_a_window_that_is_killed_is_replaced_by_one_of_its_kind(web: Web) -> None:
    [window], doors = web.at_window(), web.at_door()
    window.kill()
    assert web.post(text("wamid.meanwhile")).status_code == 200
    until(lambda: len(now := web.at_window()) == 1 and window not in now, PATIENCE_S)
    assert sign_in(web).get(f"{web.url}/admin/boards/now", timeout=PATIENCE_S).status_code == 200
    assert web.at_door() == doors


def test_a_reload_begins_with_new_processes_of_both_kinds(web: Web) -> None:
    before = web.children()
    web.process.send_signal(signal.SIGHUP)
    until(lambda: len(web.children()) == 3 and not set(web.children()) & set(before), PATIENCE_S)
    until(lambda: len(web.at_window()) == 1, PATIENCE_S)
    assert sign_in(web).get(f"{web.url}/admin/boards/now", timeout=PATIENCE_S).status_code == 200


def test_a_long_file_comes_whole_and_one_that_breaks_off_does_not_look_whole(web: Web) -> None:
    fill(web.db.url)
    session, path = sign_in(web), f"{web.url}/admin/tickets.csv"
    whole = session.get(path, timeout=PATIENCE_S)
    assert len(list(csv.reader(io.StringIO(whole.text)))) == ROWS + 1
    with session.get(path, stream=True, timeout=PATIENCE_S) as broken:
        pieces = broken.iter_content(1024)
        next(pieces)
        [window] = web.at_window()
        window.kill()
        with pytest.raises((requests.exceptions.ChunkedEncodingError, requests.exceptions.ConnectionError)):
            list(pieces)
    until(lambda: len(now := web.at_window()) == 1 and window not in now, PATIENCE_S)


def fill(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(
            "insert into tickets (number, desk_id, event_id, kind, summary, created_at)"
            f" select 'TKT-' || lpad(to_hex(n), 8, '0'), 'field-service', n, 'vehicle', repeat('avería ', 20), now()"
            f" from generate_series(1, {ROWS}) n"
        )


def test_what_no_form_holds_is_not_even_passed_on(web: Web) -> None:
    path = f"{web.url}/admin/sign-in"
    assert requests.post(path, b"x" * (5 * 2**20), timeout=PATIENCE_S).status_code == 413
    assert requests.post(path, iter([b"email=", b"x"]), timeout=PATIENCE_S).status_code == 411
    with socket.create_connection(("127.0.0.1", web.port), timeout=PATIENCE_S) as raw:
        raw.sendall(b"POST /admin/sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nemail=ana")
        raw.shutdown(socket.SHUT_WR)
        assert raw.recv(64).startswith(b"HTTP/1.1 400")
    assert requests.head(path, timeout=PATIENCE_S).status_code == 200
    with socket.create_connection(("127.0.0.1", web.port), timeout=PATIENCE_S) as raw:
        raw.sendall(b"GET /admin/%2e%2e/webhook?x=%20 HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n")
        assert raw.recv(64).startswith(b"HTTP/1.1 400")
