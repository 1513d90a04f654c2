"""The toy bakery with a service: an oven that is asked over HTTP, and counts what it bakes."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

from tests.bakery import LOAF, PHRASES, SAYS_IT, bake

SERVICE = '''"""An oven, asked over HTTP."""

import json

import urllib3
from pydantic import Field
from urllib3.exceptions import HTTPError, NewConnectionError

from bot.errands.service import ServiceOf
from bot.script.desk_settings import DeskSettings
from core.errors import Rejected, Undecided, Unreachable


class BakerySettings(DeskSettings):
    oven_url: str = Field("", description="where the oven is")


class Oven:
    def __init__(self, url):
        self._url, self._pool = url, urllib3.PoolManager(retries=False)

    def do(self, errand, limit_s):
        key = errand.idempotency_key
        status, told = self._ask("POST", key, limit_s, Undecided, body=json.dumps(dict(errand.content)))
        if status == 409:
            raise Rejected(told["why"])
        if status == 503:
            raise Unreachable("the oven is cold")
        if status != 200:
            raise Undecided(f"the oven answered {status}")
        return told

    def look_up(self, errand, limit_s):
        status, told = self._ask("GET", errand.idempotency_key, limit_s, Unreachable)
        return told if status == 200 else None

    def _ask(self, method, key, limit_s, lost, body=None):
        try:
            answer = self._pool.request(method, f"{self._url}/{key}", body=body, timeout=limit_s)
        except NewConnectionError as error:
            raise Unreachable("no oven") from error
        except HTTPError as error:
            raise lost("no answer") from error
        return answer.status, json.loads(answer.data)


def oven(means):
    return Oven(means.desk_settings.oven_url) if means.desk_settings.oven_url else None


OVEN = ServiceOf(oven, limit_s=0.5, tries=8, backoff_s=0.05, at_once=2, settles_s=0.6)
'''
DESK = SAYS_IT.replace(
    "read=reading.read,",
    'read=reading.read, settings=service.BakerySettings, services={"oven": service.OVEN},',
).replace("import reading\n", "import reading, service\n")
FLOW = (
    LOAF.replace(
        '    Row("confirming", "yes", "taken", "", "thank"),\n',
        '    Row("confirming", "yes", "baking", "", "order_it"),\n'
        '    Row("baking", "oven_done", "taken", "", "thank"),\n'
        '    Row("baking", "oven_refused", "confirming", "", "regret"),\n'
        '    Row("baking", "oven_unknown", "baking", "", "check"),\n'
        '    Row("baking", "yes told", "baking", "", "order_it"),\n'
        '    Row("baking", "cancel", "@menu"),\n',
    )
    .replace('    State("taken", final=True),', '    State("baking", asks="wait"),\n    State("taken", final=True),')
    .replace('draft.say("ordered", loaf=draft.value("loaf"))', 'draft.say("ordered", loaf=draft.result["baked"])')
    + """

def order_it(draft):
    draft.want("oven", "bake", f"loaf:{draft.value('loaf')}", within_s=WITHIN_S, loaf=draft.value("loaf"))


def regret(draft):
    draft.say("no_room")


def check(draft):
    draft.say("checking")
"""
)
SAID = {
    "es/loaf": 'wait = "🔥 Lo metemos al horno…"\nno_room = "Hoy ya no hay lugar en el horno."\nchecking = "Estoy verificando tu pan."\n',
    "en/loaf": 'wait = "🔥 Into the oven…"\nno_room = "The oven is full today."\nchecking = "I am checking on your bread."\n',
}


def bake_with_oven(folder: Path, *, within_s: float = 20.0) -> Path:
    """Write the desk with its service into a folder; its own folder."""
    home = bake(folder)
    files = {
        "__init__.py": DESK,
        "service.py": SERVICE,
        "flows/loaf.py": FLOW.replace("WITHIN_S", str(within_s)),
        **{f"phrases/{name}.toml": PHRASES[name] + text for name, text in SAID.items()},
    }
    for file, text in files.items():
        (home / file).write_text(text, encoding="utf-8")
    return home


class Oven:
    """What stands behind the service: it bakes each key as often as it is asked to."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.baked: dict[str, int] = {}
        self.answers: list[int] = []
        """What becomes of the next orders: a status, or 0: baked, and never answered. Then all are baked."""
        self.hangs_s = 0.0
        self.let_go = Event()
        oven = self

        class Answers(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                order = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                self._say(*oven.order(self.path.strip("/"), order))

            def do_GET(self) -> None:
                self._say(*oven.find(self.path.strip("/")))

            def _say(self, status: int, told: Any) -> None:
                body = json.dumps(told).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]  # callers hang up
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def order(self, key: str, order: Any) -> tuple[int, Any]:
        self.asked.append(f"bake {key}")
        status = self.answers.pop(0) if self.answers else 200
        self.let_go.wait(self.hangs_s)
        if status in (0, 200):
            self.baked[key] = self.baked.get(key, 0) + 1
        if status == 0:
            self.let_go.wait(30)
        return status or 200, {"baked": order["loaf"], "why": "the oven is full"}

    def find(self, key: str) -> tuple[int, Any]:
        self.asked.append(f"find {key}")
        return (200, {"baked": key.rpartition(":")[2]}) if key in self.baked else (404, {})

    def close(self) -> None:
        self.let_go.set()
        self._server.shutdown()
        self._server.server_close()
