"""PostgreSQL stops under load and starts again: 503 meanwhile, and in the end everything is there, once."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from threading import Event, Thread

import pytest
import urllib3
from alembic import command
from alembic.config import Config

from core.errors import Unreachable
from core.store import embedded
from core.store.db import Database
from simulator.bodies import signature
from tests.acceptance.house import SECRET, House
from tests.integration.crew import post, text
from tests.waiting import breathe, until

CUSTOMERS = 6
PATIENT = {
    "LEASE_S": "5",
    "SEND_TIMEOUT_S": "2",
    "UNKNOWN_SETTLE_S": "20",
    "COMMIT_TIMEOUT_S": "2",
    "PACE_CUSTOMER_S": "0",
    "EVENT_ATTEMPTS": "50",
    "POLL_S": "0.2",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A PostgreSQL of this file's own, because it will be stopped; each leaves it running."""
    folder = Path(tempfile.mkdtemp(prefix="turno-outage-"))
    url = embedded.start(folder / "postgres")
    config = Config(Path(__file__).parents[2] / "alembic.ini")
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    command.upgrade(config, "head")
    yield folder / "postgres", url
    embedded.stop(folder / "postgres")
    shutil.rmtree(folder, ignore_errors=True)


class Meta(Thread):
    """Brings one customer's messages one after the other, each again and again until it is taken."""

    def __init__(self, house: House, customer: int, enough: Event):
        super().__init__(daemon=True)
        self._house, self._enough = house, enough
        self._sender = f"52155700{customer:05}"
        self._http = urllib3.PoolManager(retries=False, timeout=10.0)
        self.taken: list[str] = []
        self.answers: list[int] = []

    def run(self) -> None:
        while not self._enough.is_set():
            wamid = f"wamid.{self._sender}.{len(self.taken)}"
            body = post([text("hola", wamid=wamid, sender=self._sender)])
            until(partial(self._is_taken, body), 120)
            self.taken.append(wamid)
            breathe()

    def _is_taken(self, body: bytes) -> bool:
        headers = {"X-Hub-Signature-256": signature(body, SECRET.encode())}
        answer = self._http.request("POST", f"http://127.0.0.1:{self._house.port}/webhook", body=body, headers=headers)
        self.answers.append(answer.status)
        return answer.status == 200


def test_everything_arrives_once_when_the_database_was_away(server: tuple[Path, str], tmp_path: Path) -> None:
    folder, url = server
    with House(url, tmp_path, **PATIENT) as house:
        house.web()
        house.work(workers=2)
        house.say("hola")
        house.settle()
        enough = Event()
        everybody = [Meta(house, customer, enough) for customer in range(CUSTOMERS)]
        for meta in everybody:
            meta.start()
        until(lambda: all(len(meta.taken) >= 5 for meta in everybody), told=house.told)

        embedded.stop(folder)
        until(lambda: all(meta.answers[-1:] == [503] for meta in everybody))
        assert {answer for meta in everybody for answer in meta.answers} == {200, 503}
        taken = [len(meta.taken) for meta in everybody]
        assert embedded.start(folder) == url
        house.reconnect()

        until(lambda: all(len(m.taken) >= n + 5 for m, n in zip(everybody, taken, strict=True)), 60, told=house.told)
        enough.set()
        for meta in everybody:
            meta.join(30)
            house.said += meta.taken
        house.settle(90)
        house.check()
        assert house.one("select count(*) from inbox where state = 'buried'") == 0


POOLED = 4


def test_after_an_outage_the_first_dead_connection_empties_the_pool(server: tuple[Path, str]) -> None:
    folder, url = server
    db = Database(url, pool=POOLED)
    with ExitStack() as at_once:
        for _ in range(POOLED):
            at_once.enter_context(db.transaction()).one("health.schema_exists")
    embedded.stop(folder)
    embedded.start(folder)
    assert [_works(db) for _ in range(2 * POOLED)] == [False] + [True] * (2 * POOLED - 1)
    db.close()


def _works(db: Database) -> bool:
    try:
        with db.transaction() as tx:
            tx.one("health.schema_exists")
    except Unreachable:
        return False
    return True
