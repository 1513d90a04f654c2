"""A whole house: a database, a platform's double, web and worker processes, and what must be true in the end."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Any

import psycopg
from psycopg.rows import namedtuple_row

from core.settings import Settings
from core.store.db import Database
from simulator import app, serve
from simulator.exchange import Exchange
from tests import businesses
from tests.acceptance.forks import Process, free_port
from tests.acceptance.served import Served
from tests.integration.crew import DESK, NUMBER
from tests.waiting import until

SECRET, TOKEN = "a secret of the tests", "EAAtests"
ROSA = "5215550000001"
QUICK = {
    "SMART_MODE": "false",
    "READ_MARKS": "false",
    "LOG_LEVEL": "warning",
    "LEASE_S": "1",
    "POLL_S": "0.1",
    "EVENT_BACKOFF_S": "0.05",
    "EVENT_ATTEMPTS": "50",
    "TIMERS_EVERY_S": "0.2",
    "RESCUE_EVERY_S": "0.2",
    "SEND_TIMEOUT_S": "0.6",
    "UNKNOWN_SETTLE_S": "1",
    "SEND_BACKOFF_S": "0.05",
    "SUSPENDED_PAUSE_S": "0.1",
    "LIMIT_TEXT": "",
    "BREATH_S": "0",
    "MEDIA_LEASE_S": "1",
    "MEDIA_BACKOFF_S": "0.05",
    "MEDIA_DOWNLOAD_S": "30",
    "MEDIA_LOOK_S": "60",
}

LEFT = """
    select (select count(*) from inbox where external_id = any(%(said)s)) as here,
        (select count(*) from inbox where state = 'waiting') as waiting,
        (select count(*) from errands where state = 'waiting') as looking,
        (select count(*) from outbox where state not in ('delivered', 'read', 'parked', 'failed')) as going
"""
"""One look: what comes of one goes on in the next."""


class House:
    def __init__(self, url: str, folder: Path, **settings: str):
        self.url, self._folder = url, folder
        self.port = free_port()
        self._double = serve.server(
            app.create(_settings(settings.get("DESKS_FOLDER", "")), f"http://127.0.0.1:{self.port}/webhook"),
            "127.0.0.1",
            0,
        )
        self.exchange: Exchange = self._double.app.extensions["exchange"]  # type: ignore[attr-defined]
        self.environ = {
            **QUICK,
            "DATABASE_URL": url,
            "WHATSAPP_APP_SECRET": SECRET,
            "WHATSAPP_ACCESS_TOKEN": TOKEN,
            "WHATSAPP_VERIFY_TOKEN": "verify",
            "GRAPH_API_URL": f"http://127.0.0.1:{self._double.port}/graph",
            "PHOTOS_FOLDER": str(folder / "photos"),
            **settings,
        }
        self.processes: list[Process] = []
        self.served: Served | None = None
        self.doomed: Process | Served | None = None
        self._doomed_arguments: tuple[str, ...] = ()
        self._started = 0
        self.customer, self._own_settings = ROSA, dict[str, str]()
        self.said: list[str] = []
        self.own: list[str] = []
        """What the customer of the moment said."""

    def __enter__(self) -> House:
        database = Database(self.url)
        with database.transaction() as tx:
            businesses.put(tx, DESK)
        database.close()
        self.reconnect()
        Thread(target=self._double.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.send_home()
        if self.served:
            self.served.kill()
        self.exchange.postman.close()
        self._double.shutdown()
        self._double.server_close()
        self._connection.close()

    def reconnect(self) -> None:
        """The tests' own connection, which nothing keeps alive but this."""
        self._connection = psycopg.connect(self.url, autocommit=True, row_factory=namedtuple_row)

    @property
    def phone(self) -> str:
        """Where the phone page is."""
        return f"http://127.0.0.1:{self._double.port}/simulator/"

    # processes

    def web(self, **environ: str) -> Process:
        return self._start("web", (str(self.port),), environ)

    def open(self) -> None:
        """Start the web side, and wait until somebody answers there."""
        self.web()
        until(self._listening, 60, told=self.told)

    def serve(self) -> None:
        """Start the web side as it is deployed."""
        self.served = Served({**self.environ, "PORT": str(self.port)}, self._folder)
        until(self._listening, 60, told=self.told)

    def send_home(self) -> None:
        """End every process but the web side as it is deployed."""
        for process in self.processes:
            process.kill()
        self.processes, self.doomed, self._doomed_arguments = [], None, ()

    def _listening(self) -> bool:
        with socket.socket() as caller:
            return caller.connect_ex(("127.0.0.1", self.port)) == 0

    def work(self, only: str = "conversation,sender,janitor", *, workers: int = 1, **environ: str) -> Process:
        return self._start("work", ("--only", only, "--workers", str(workers)), environ)

    def mortal(self, only: str) -> Process:
        """Workers that die of the poisonous message."""
        return self._start("mortal", ("--only", only), {})

    def doom(self, who: str, place: str) -> None:
        """Start the web side, or some workers, to die at this place."""
        if who == "web" and self.served:
            self.served.doom(place)
            self.doomed = self.served
            return
        self.doomed = self._again(who, TURNO_CRASH_AT=place)
        self._doomed_arguments = (who,)

    def revive(self) -> bool:
        """True when the doomed process is dead; the first time, another one takes its place (gunicorn sees to its own)."""
        if self.doomed is None or not self.doomed.killed:
            return False
        if self._doomed_arguments:
            (who,), self._doomed_arguments = self._doomed_arguments, ()
            self._again(who)
        return True

    def doomed_is(self, who: str) -> bool:
        return self._doomed_arguments == (who,)

    def _again(self, who: str, **environ: str) -> Process:
        return self.web(**environ) if who == "web" else self.work(who, workers=1, **environ)

    def _start(self, target: str, arguments: Iterable[str], environ: Mapping[str, str]) -> Process:
        self._started += 1
        log = self._folder / f"{target}.{self._started}.log"
        process = Process(target, {**self.environ, **self._own_settings, **environ}, tuple(arguments), log)
        self.processes.append(process)
        return process

    # what happens

    def welcome(self, **settings: str) -> None:
        """Another customer, of whom nobody knows anything yet. Who is started from now on has these settings too."""
        self.exchange.faults.clear()
        self.customer, self.own, self._own_settings = str(int(self.customer) + 1), [], settings

    def say(self, text: str, *, customer: str = "", number: str = NUMBER) -> str:
        """A customer says something; the platform brings it again and again until it is taken. Its wamid."""
        return self._bring(customer or self.customer, number, {"kind": "text", "text": text})

    def _bring(self, customer: str, number: str, content: Mapping[str, str]) -> str:
        wamid: str = self.exchange.say(customer, number, content)["id"]
        self.said.append(wamid)
        self.own.append(wamid)
        return wamid

    def show(self, picture: bytes) -> str:
        """A customer sends a photo. Its wamid."""
        file = self.exchange.media.keep(picture, "image/jpeg")
        return self._bring(self.customer, NUMBER, {"kind": "image", "media_id": file.id})

    @property
    def accepted(self) -> list[dict[str, Any]]:
        """The sends the platform accepted, in order."""
        return list(self.exchange.world.accepted)

    def ask(self, query: str, **values: Any) -> list[Any]:
        return self._connection.execute(query, values).fetchall()

    def run(self, statement: str, **values: Any) -> None:
        self._connection.execute(statement, values)

    def one(self, query: str, **values: Any) -> Any:
        return self.ask(query, **values)[0][0]

    def mine(self, query: str, **values: Any) -> list[Any]:
        """Rows about the customer of the moment: `{me}` stands for the conversation, `{said}` for what was said in it."""
        said = "any(%(own)s)"
        me = f"(select max(conversation_id) from inbox where external_id = {said})"
        return self.ask(query.format(me=me, said=said), own=self.own, **values)

    def my(self, query: str, **values: Any) -> Any:
        """The one value of the one row."""
        return self.mine(query, **values)[0][0]

    def quiet(self) -> bool:
        """All that was said is here and done with, all photos are seen, and all answers are known to have arrived."""
        self.revive()
        now = self._left()
        return bool(now.here == len(set(self.said)) and not now.waiting and not now.looking and not now.going)

    def _left(self) -> Any:
        [now] = self.ask(LEFT, said=self.said)
        return now

    def settle(self, timeout_s: float = 60.0) -> None:
        until(self.quiet, timeout_s, told=self.told)

    def told(self) -> str:
        """How things stand, for who must find out why they do not stand well."""
        all = [*self.processes, *([self.served] if self.served else [])]
        parts = [f"{process.log.name} {process.alive=}\n{process.told()}" for process in all]
        for query in (
            "select id, kind, state, attempts, error from inbox order by id desc limit 20",
            "select id, kind, state, attempts, unknowns, error, settle_at from outbox order by id desc limit 20",
            "select conversation_id, version, lease_token, leased_until::text, claims from sessions limit 20",
            "select id, service, state, attempts, error, leased_until::text from errands order by id desc limit 20",
        ):
            parts += [str(row) for row in self.ask(query)]
        died, faults = bool(self.doomed and self.doomed.killed), self.exchange.faults.shown()
        return "\n".join([*parts, f"posts: {self.exchange.postman.counts}", f"{died=} {faults=} {self._left()}"])

    # what must be true

    def check(self) -> None:
        """Nothing lost, nothing doubled, nothing stuck, everything in order."""
        self.check_events()
        self.check_steps()
        self.check_replies()
        stuck = self.ask("select conversation_id from sessions where lease_token is not null and leased_until > now()")
        assert stuck == [], "a lease is stuck"

    def check_events(self) -> None:
        rows = {row.external_id: row.state for row in self.ask("select external_id, state from inbox")}
        lost = [wamid for wamid in self.said if wamid not in rows]
        assert lost == [], "what was accepted is lost"
        assert set(rows.values()) <= {"done", "buried"}, rows

    def check_steps(self) -> None:
        steps = self.ask("select conversation_id, version, event_id from steps order by conversation_id, version")
        events = Counter(step.event_id for step in steps)
        done = {r.id for r in self.ask("select id from inbox where state = 'done' and conversation_id is not null")}
        assert set(events) >= done, "an event had no effect"
        assert set(events.values()) <= {1}, "an event had its effect twice"
        for session in self.ask("select conversation_id, version from sessions"):
            versions = [step.version for step in steps if step.conversation_id == session.conversation_id]
            assert versions == list(range(1, session.version + 1)), "a version is missing or doubled"

    def check_replies(self) -> None:
        decided = [str(row.id) for row in self.ask("select id from outbox order by id")]
        taken = [entry["callback_id"] for entry in self.accepted]
        assert self.one("select coalesce(sum(replies), 0) from steps") == len(decided), "said, but not decided"
        assert sorted(Counter(taken).items()) == sorted((id, 1) for id in decided), "a reply is lost or doubled"
        line: dict[str, list[int]] = {}
        for entry in self.accepted:
            line.setdefault(entry["to"], []).append(int(entry["callback_id"]))
        assert all(ids == sorted(ids) for ids in line.values()), "replies were said out of order"


def _settings(desks_folder: str) -> Settings:
    told = {"whatsapp_app_secret": SECRET, "whatsapp_access_token": TOKEN, "desks_folder": desks_folder}
    return Settings.model_validate(told)
