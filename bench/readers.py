"""People who look at a panel of the window, again and again, and each time at one that nobody has asked before."""

from __future__ import annotations

import http.client
import itertools
import random
import secrets
from dataclasses import dataclass
from threading import Event, Thread
from types import TracebackType

import psycopg

from core.store.db import Database
from core.store.staff import accounts, sign_ins

LOOK_EVERY_S = 0.1
AGAIN_S = 5.0
"""How soon a page asks again at the soonest: the fastest panels are renewed so often."""
RUNNING = """
select count(*) from pg_stat_activity
where datname = current_database() and application_name = 'turno window' and state = 'active'
    and (query like '%report.ratings%' or query ilike 'fetch%')
"""


@dataclass(frozen=True, slots=True)
class Told:
    ran: int
    """Questions that the database worked at until they were stopped."""
    refused: int
    """Those that were told that too much is asked at once; they ask again as a page does, after a while."""
    at_once: int
    """Most that the database worked at, at the same moment."""


def let_in(url: str) -> str:
    """The cookie of somebody who may look."""
    db, token = Database(url), secrets.token_urlsafe(32)
    with db.transaction() as tx:
        id = accounts.create(tx, email=f"{token[:8]}@bench", name="Reader", role="viewer", desks=None)
        assert id is not None
        sign_ins.start(tx, id, token, complete=True, address="127.0.0.1", browser="bench")
    db.close()
    return f"turno={token}"


class Readers:
    """So many at once while the block lasts. Minutes of the range of time make each question another one."""

    _minutes = itertools.count(2000)

    def __init__(self, many: int, port: int, path: str, cookie: str, url: str):
        self._port, self._path, self._cookie, self._url = port, path, cookie, url
        self._over, self.wrong = Event(), ""
        self._ran, self._refused, self._most = itertools.count(), itertools.count(), 0
        self._threads = [Thread(target=self._read, daemon=True) for _ in range(many)]
        if many:
            self._threads.append(Thread(target=self._look, daemon=True))

    def __enter__(self) -> Readers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def result(self) -> Told:
        if self.wrong:
            raise RuntimeError(f"a reader got {self.wrong}")
        return Told(next(self._ran), next(self._refused), self._most)

    def _read(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        self._over.wait(random.random() * AGAIN_S / 2)  # people do not come all in the same moment
        while not self._over.is_set():
            connection.request("GET", self._path.format(next(self._minutes)), headers={"Cookie": self._cookie})
            answer = connection.getresponse()
            text = answer.read().decode()
            if "was stopped" in text:
                next(self._ran)
            elif "Too much is being asked" in text or answer.status == 503:
                next(self._refused)
                self._over.wait(AGAIN_S)
            else:
                self.wrong = f"{answer.status}: {text[-300:]}"
        connection.close()

    def _look(self) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            while not self._over.wait(LOOK_EVERY_S):
                [(count,)] = connection.execute(RUNNING).fetchall()
                self._most = max(self._most, count)
