"""A real Alertmanager, with the receiver of `deploy/alertmanager`, tells the window what fires and what has ended."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import requests
import yaml
from pydantic import SecretStr
from werkzeug.serving import make_server

from core.store.db import Database
from tests.acceptance.forks import free_port
from tests.integration.crew import SETTINGS, Rooms
from tests.waiting import until
from webhook import create_app
from webhook.meta import Meta

CONFIG = Path(__file__).parents[2] / "deploy" / "alertmanager" / "alertmanager.yml"
PROGRAM = shutil.which("prometheus-alertmanager") or shutil.which("alertmanager") or "prometheus-alertmanager"
KEY = "a key of alarms"


@pytest.fixture
def window(db: Database) -> Iterator[int]:
    """The port on which alarms are taken."""
    settings = SETTINGS.model_copy(update={"alarms_token": SecretStr(KEY)})
    rooms = Rooms(db)
    server = make_server("127.0.0.1", 0, create_app(Meta(rooms.door, settings), db, settings), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    rooms.close()


@pytest.fixture
def alertmanager(window: int, tmp_path: Path) -> Iterator[str]:
    url = f"http://127.0.0.1:{free_port()}"
    (tmp_path / "alertmanager.yml").write_text(yaml.safe_dump(config(window, tmp_path)))
    command = [
        PROGRAM, f"--web.listen-address={url[7:]}", "--config.file=alertmanager.yml", "--storage.path=data",
        "--cluster.listen-address=",
    ]  # fmt: skip
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=tmp_path, stdout=log, stderr=log)
    try:
        until(lambda: ready(url), 30, told=(tmp_path / "log").read_text)
        yield url
    finally:
        process.terminate()
        process.wait(30)


def config(port: int, folder: Path) -> dict[str, Any]:
    """The window's receiver as it is deployed, at this port, told at once."""
    (folder / "key").write_text(KEY)
    deployed = yaml.safe_load(CONFIG.read_text())
    (hook,) = next(each for each in deployed["receivers"] if each["name"] == "pager")["webhook_configs"]
    hook["url"] = hook["url"].replace("8000", str(port))
    hook["http_config"]["authorization"]["credentials_file"] = str(folder / "key")
    route = {"receiver": "pager", "group_wait": "10ms", "group_interval": "100ms"}
    return {"route": route, "receivers": [{"name": "pager", "webhook_configs": [hook]}]}


def ready(url: str) -> bool:
    try:
        return requests.get(f"{url}/-/ready", timeout=5).status_code == 200
    except requests.ConnectionError:
        return False


def standing(db: Database) -> list[tuple[str, str, bool]]:
    with psycopg.connect(db.url) as connection:
        return connection.execute("select name, summary, ended_at is null from alarms").fetchall()


def fire(url: str, *times: str) -> None:
    alert = [
        "alert",
        "add",
        "TurnoSaidTwice",
        "severity=page",
        "--annotation=summary=2 replies reached a customer twice",
    ]
    subprocess.run(["amtool", f"--alertmanager.url={url}", *alert, *times], check=True, capture_output=True)


def test_what_fires_stands_in_the_window_until_it_ends(db: Database, alertmanager: str, tmp_path: Path) -> None:
    told = (tmp_path / "log").read_text
    fire(alertmanager, "--start=2026-01-01T00:00:00Z")
    until(lambda: standing(db), 30, told=told)
    assert standing(db) == [("TurnoSaidTwice", "2 replies reached a customer twice", True)]
    fire(alertmanager, "--start=2026-01-01T00:00:00Z", "--end=2026-01-01T01:00:00Z")
    until(lambda: standing(db)[0][2] is False, 30, told=told)
