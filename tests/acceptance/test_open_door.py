"""Nobody can shut the door by being slow or many: signed POSTs are answered while it is attacked."""

from __future__ import annotations

import json
import socket
from collections import Counter
from collections.abc import Iterator
from time import monotonic

import pytest
import requests

from core.store.db import Database
from tests import businesses
from tests.acceptance.attackers import Pulse, Unfinished, allow_files, cpu_s, heavies, heavy, memory_mb
from tests.acceptance.web_side import PATIENCE_S, Web, text
from tests.conftest import TEMPLATE, fresh_database
from tests.integration.crew import DESK
from tests.waiting import until

MANY = 2200
WITHIN_S = 1.0
MEMORY_MB = 600
BODY = b"POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{"
HEAD = b"POST /webhook HTTP/1.1\r\nHost: x\r\nX-Slow: "
FORM = b"POST /admin/sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nemail="


@pytest.fixture(scope="module")
def web(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """One for all of this file: it must survive every attack."""
    allow_files()
    for url in fresh_database(postgres, TEMPLATE):
        db = Database(url)
        with db.transaction() as tx:
            businesses.put(tx, {"desks": [{**DESK["desks"][0], "web": ["field-service"]}]})
        serving = Web(db, tmp_path_factory.mktemp("web"), DOOR_HEAD_S="3", DOOR_BODY_S="3")
        yield serving
        assert serving.stop() == 0
        db.close()


def bearable_s(quiet_s: float) -> float:
    """A second; on a machine that has other things to do, more by what it took before the attack."""
    return WITHIN_S + 10 * quiet_s


@pytest.mark.parametrize("begun", [BODY, HEAD, FORM], ids=["body", "head", "form"])
def test_unfinished_requests_keep_nobody_out(web: Web, begun: bytes, request: pytest.FixtureRequest) -> None:
    pulse = Pulse(web, f"unfinished-{request.node.callspec.id}")
    pulse.beat(10)
    quiet_s, worked_s = pulse.slowest_s, cpu_s(web)
    with Unfinished(web.port, begun, MANY) as attack:
        while not attack.standing.is_set():
            pulse.beat(1)
        pulse.beat(30)
        assert requests.get(f"{web.url}/health/live", timeout=PATIENCE_S).status_code == 200
    print(
        f"{attack.opened} unfinished, slowest of {len(pulse.took_s)} signed POSTs {pulse.slowest_s:.3f} s "
        f"(before: {quiet_s:.3f} s), {cpu_s(web) - worked_s:.2f} s of CPU"
    )
    assert pulse.slowest_s <= bearable_s(quiet_s)


def test_heavy_bodies_take_no_memory_and_no_time(web: Web) -> None:
    calls = ["greeting", "chat", "messages", "reset", "session/validate", "whatsapp-ticket", "ticket/link"]
    paths = [f"/api/{call}" for call in calls] * 4 + ["/webhook"] * 12
    pulse, before = Pulse(web, "heavy"), memory_mb(web)
    pulse.beat(10)
    quiet_s, most = pulse.slowest_s, before
    with heavies(web, paths) as answers:
        for _ in range(20):
            pulse.beat(5)
            most = max(most, memory_mb(web))
    print(
        f"slowest {pulse.slowest_s:.3f} s (before: {quiet_s:.3f} s), memory {before:.0f} → {most:.0f} MB, {Counter(answers)}"
    )
    assert pulse.slowest_s <= bearable_s(quiet_s)
    assert most <= MEMORY_MB
    known = {
        "HTTP/1.1 400 BAD REQUEST",
        "HTTP/1.1 413 REQUEST ENTITY TOO LARGE",
        "HTTP/1.1 401 Unauthorized",
        "HTTP/1.1 503 Service Unavailable",
    }
    assert set(answers) <= known and len(answers) == 40


def test_heavy_bodies_that_are_held_take_no_memory(web: Web) -> None:
    begun = b"POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 3145728\r\n\r\n" + b"[" * (2 * 2**20)
    pulse = Pulse(web, "held")
    pulse.beat(10)
    quiet_s = pulse.slowest_s
    with Unfinished(web.port, begun, 60):
        pulse.beat(20)
        held = memory_mb(web)
    print(f"slowest {pulse.slowest_s:.3f} s, memory {held:.0f} MB")
    assert held <= MEMORY_MB and pulse.slowest_s <= bearable_s(quiet_s)


def test_a_body_has_a_deadline_and_a_least_rate(web: Web) -> None:
    with socket.create_connection(("127.0.0.1", web.port), timeout=PATIENCE_S) as one:
        began = monotonic()
        one.sendall(BODY)
        told = b"".join(iter(lambda: one.recv(4096), b""))  # to its end: a connection with half a body is not kept
        assert told.startswith(b"HTTP/1.1 408") and told.endswith(b"TOO_SLOW")
    assert monotonic() - began >= 3.0


def test_a_head_has_a_deadline(web: Web) -> None:
    with socket.create_connection(("127.0.0.1", web.port), timeout=PATIENCE_S) as one:
        one.sendall(HEAD)
        assert one.recv(64) == b""


def test_a_body_that_breaks_off_is_400(web: Web) -> None:
    with socket.create_connection(("127.0.0.1", web.port), timeout=PATIENCE_S) as one:
        one.sendall(BODY)
        one.shutdown(socket.SHUT_WR)
        assert one.recv(64).startswith(b"HTTP/1.1 400")


def test_what_nobody_reads_of_a_body_is_thrown_away_and_the_next_request_is_served(web: Web) -> None:
    unread = b"x" * (5 * 2**20)
    assert heavy(web.port, "/api/greeting", unread).startswith("HTTP/1.1 413")
    with requests.Session() as session:
        assert session.post(f"{web.url}/api/greeting", unread, timeout=PATIENCE_S).status_code == 413
        assert session.get(f"{web.url}/health/live", timeout=PATIENCE_S).status_code == 200


def test_a_name_of_the_path_in_a_header_is_not_believed(web: Web) -> None:
    answer = requests.get(f"{web.url}/x/api/health", headers={"SCRIPT_NAME": "/x"}, timeout=PATIENCE_S)
    assert answer.status_code == 404


def test_a_call_of_a_stranger_is_limited_whatever_is_wrong_with_it(web: Web) -> None:
    def refused(path: str, body: bytes) -> int:
        return requests.post(f"{web.url}/api/{path}", body, timeout=PATIENCE_S).status_code

    made_up = json.dumps({"sessionId": "web-" + "0" * 24}).encode()
    codes = [refused("session/validate", made_up) for _ in range(60)] + [refused("chat", b"{") for _ in range(60)]
    assert set(codes) <= {404, 400, 429} and codes[-20:] == [429] * 20
    assert requests.get(f"{web.url}/api/health", timeout=PATIENCE_S).status_code == 200
    assert web.post(text("wamid.stranger")).status_code == 200
    until(lambda: requests.get(f"{web.url}/health/ready", timeout=PATIENCE_S).status_code == 200)
