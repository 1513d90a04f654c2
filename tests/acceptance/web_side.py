"""The web side under a test: gunicorn with two processes at the door and one at the window."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import psycopg
import requests

from core import niceness
from core.store.db import Database
from tests.acceptance.forks import free_port
from tests.acceptance.processes import seen
from tests.integration.crew import NUMBER
from tests.waiting import until

ROOT = Path(__file__).parents[2]
SECRET = "a secret of the tests"
PATIENCE_S = 120.0


class Web:
    """gunicorn with two processes, as in production but on a port of this test's own."""

    def __init__(self, db: Database, folder: Path, **settings: str):
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
            **settings,
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

    def inbox(self, *wamids: str) -> dict[str, int]:
        """Which of these the inbox holds: external id → how often it came again."""
        kept = "select external_id, retries from report.inbox where external_id = any(%s)"
        with psycopg.connect(self.db.url) as connection:
            return dict(connection.execute(kept, [list(wamids)]).fetchall())

    def chats(self) -> list[str]:
        """What was written in the chat."""
        written = "select i.text from inbox i join channels c on c.id = i.channel_id where c.kind <> 'whatsapp' and i.kind = 'text'"
        with psycopg.connect(self.db.url) as connection:
            return [text for (text,) in connection.execute(written)]

    def counted(self, metric: str) -> float:
        lines = requests.get(f"{self.url}/metrics", timeout=PATIENCE_S).text.splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(metric))

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=PATIENCE_S)

    def children(self) -> list[psutil.Process]:
        """Its processes that serve."""
        living = psutil.Process(self.process.pid).children()
        return [each for each in living if seen(psutil.Process.status, each) not in (None, psutil.STATUS_ZOMBIE)]

    def at_window(self) -> list[psutil.Process]:
        return [each for each in self.children() if seen(psutil.Process.nice, each) == niceness.BEHIND]

    def at_door(self) -> list[psutil.Process]:
        return [each for each in self.children() if seen(psutil.Process.nice, each) not in (None, niceness.BEHIND)]


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
