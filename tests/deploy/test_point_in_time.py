"""A database whose disk is gone comes back as of a second before the disaster, as docs/backup.md says."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from core.store import dump, embedded
from tests.waiting import until


class Server:
    """A PostgreSQL that archives its write-ahead log."""

    def __init__(self, folder: Path):
        self.data, self.wal, self.base = folder / "data", folder / "wal", folder / "base"
        self.url = embedded.start(self.data)
        self.wal.mkdir()
        self._give(self.wal)
        kept = f"test ! -f {self.wal}/%f && cp %p {self.wal}/%f.part && mv {self.wal}/%f.part {self.wal}/%f"
        self.say("alter system set archive_mode = on", f"alter system set archive_command = '{kept}'")
        embedded.stop(self.data)
        self.url = embedded.start(self.data)

    def say(self, *statements: str) -> list[tuple[object, ...]]:
        """Run statements, each by itself. The rows of the last."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            for statement in statements[:-1]:
                connection.execute(statement)
            last = connection.execute(statements[-1])
            return last.fetchall() if last.description else []

    def _give(self, folder: Path) -> None:
        """Let the server's own user have the folder: as root, it runs as another."""
        owner = self.data.stat()
        for place in (folder, *folder.rglob("*")):
            os.chown(place, owner.st_uid, owner.st_gid)

    def copy_base(self) -> None:
        tool, told = dump._tool("pg_basebackup"), dump._environment(self.url)
        command = [tool, f"--pgdata={self.base}", "--checkpoint=fast", "--wal-method=none"]
        subprocess.run(command, env=told, check=True, capture_output=True)

    def archived(self) -> bool:
        """Switch to a new segment, and see that the one before is in the archive."""
        ((segment,),) = self.say("select pg_walfile_name(pg_switch_wal())")
        return until(lambda: (self.wal / str(segment)).exists(), 30)

    def come_back(self, moment: str) -> None:
        """Start from the base and the archive, at another place, as of this moment."""
        self._give(self.base)
        shutil.rmtree(self.data)
        self.base.rename(self.data)
        (self.data / "recovery.signal").touch()
        self._give(self.data)
        with (self.data / "postgresql.auto.conf").open("a") as settings:
            settings.write(
                f"archive_mode = off\nrestore_command = 'cp {self.wal}/%f %p'\n"
                f"recovery_target_time = '{moment}'\nrecovery_target_action = 'promote'\n"
            )
        self.url = embedded.start(self.data)
        until(lambda: self.say("select not pg_is_in_recovery()") == [(True,)], 30)


@pytest.fixture
def server() -> Iterator[Server]:
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        made = Server(Path(place))
        yield made
        embedded.stop(made.data)


def test_a_second_before_the_disaster_is_what_comes_back(server: Server) -> None:
    server.say("create table said (line text)", "insert into said values ('before the base')")
    server.copy_base()
    server.say("insert into said values ('after the base')")
    ((moment,),) = server.say("select clock_timestamp()::text")
    server.say("delete from said")
    assert server.archived()
    embedded.stop(server.data)
    server.come_back(str(moment))
    assert server.say("select line from said order by line") == [("after the base",), ("before the base",)]
