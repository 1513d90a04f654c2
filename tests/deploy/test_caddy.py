"""Caddy in front of the web side, as `deploy/caddy/Caddyfile` says: who sees what."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import requests
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from tests.acceptance.processes import PATIENCE_S, free_ports
from tests.deploy.ways import DEPLOY
from tests.waiting import until

FILE = DEPLOY / "caddy" / "Caddyfile"
TOO_LARGE = {"/webhook": 3_200_000, "/chat/": 70_000, "/admin/x": 600_000}
REFUSED = {413, 502}
"""Caddy says 502 up to 2.6, where who is behind has not read the whole body when it is cut off."""


@Request.application
def told(request: Request) -> Response:
    """What came through: who it is for, from whom, and how much."""
    size = len(request.get_data())
    return Response(f"{request.path} {request.headers['X-Forwarded-For']} {size}")


@pytest.fixture(scope="module")
def behind() -> Iterator[str]:
    server = make_server("127.0.0.1", 0, told, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.port}"
    server.shutdown()
    server.server_close()


@contextmanager
def caddy(behind: str, staff_from: str, folder: Path) -> Iterator[str]:
    port, admin = free_ports(2)
    url = f"http://127.0.0.1:{port}"
    settings = {"TURNO_DOMAIN": url, "TURNO_WEB": behind, "TURNO_WINDOW": behind, "TURNO_STAFF_FROM": staff_from}
    places: dict[str, Any] = {"XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    file = folder / "Caddyfile"
    file.write_text(f"{{\n\tadmin 127.0.0.1:{admin}\n}}\n{FILE.read_text('utf-8')}")
    command = ["caddy", "run", "--config", str(file), "--adapter", "caddyfile"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, env={**os.environ, **settings, **places}, stdout=log, stderr=log)
    try:
        until(lambda: answers(url), PATIENCE_S, told=(folder / "log").read_text)
        yield url
    finally:
        process.terminate()
        assert process.wait(PATIENCE_S) == 0


def answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).ok
    except requests.ConnectionError:
        return False


def get(url: str, path: str) -> int:
    return requests.get(f"{url}{path}", timeout=PATIENCE_S).status_code


def post(url: str, path: str, size: int) -> int:
    return requests.post(f"{url}{path}", b"x" * size, timeout=PATIENCE_S).status_code


def test_customers_reach_the_door_and_the_chat_and_staff_their_window(behind: str, tmp_path: Path) -> None:
    with caddy(behind, "127.0.0.0/8", tmp_path) as url:
        assert {get(url, path) for path in ("/webhook", "/chat/", "/api/session/validate", "/ticket/x", "/admin/")} == {
            200
        }
        assert {get(url, path) for path in ("/metrics", "/alarms", "/health/ready", "/simulator/")} == {404}
        spoofed = {"X-Forwarded-For": "203.0.113.9"}
        answer = requests.get(f"{url}/chat/", headers=spoofed, timeout=PATIENCE_S).text
        assert answer.split()[1] == "127.0.0.1"
        assert (post(url, "/webhook", 2_900_000), post(url, "/api/chat", 9_000_000)) == (200, 200)
        too_large = [post(url, path, size) for path, size in TOO_LARGE.items()]
        assert set(too_large) <= REFUSED


def test_strangers_do_not_find_the_window(behind: str, tmp_path: Path) -> None:
    with caddy(behind, "10.0.0.0/8 192.168.0.0/16", tmp_path) as url:
        assert {get(url, path) for path in ("/admin", "/admin/", "/admin/sign-in", "/ADMIN/")} == {404}
        assert get(url, "/webhook") == 200


def test_the_file_is_well_formed_and_laid_out(tmp_path: Path) -> None:
    named = {
        "TURNO_DOMAIN": "turno.example",
        "TURNO_WEB": "a:1",
        "TURNO_WINDOW": "a:1",
        "TURNO_STAFF_FROM": "10.0.0.0/8",
    }
    command = ["caddy", "validate", "--config", str(FILE), "--adapter", "caddyfile"]
    done = subprocess.run(command, env={**os.environ, **named, "HOME": str(tmp_path)}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "not formatted" not in done.stderr
