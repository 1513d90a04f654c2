"""Gunicorn worker with greenlets: serves either the door, or the admin window behind it.

Every connection is paced and counted (`pace`, `crowd`). Asked to stop, a process waits for answers, not for silent
connections.
"""

from __future__ import annotations

import os
import resource
from contextlib import suppress
from functools import cache, partial
from time import monotonic
from types import TracebackType
from typing import Any

import gevent
import psutil
from gevent import socket
from gunicorn.workers.ggevent import GeventWorker  # type: ignore[import-untyped]

from core import niceness
from core import settings as environment
from core.errors import TooSlow
from webhook.addresses import network
from webhook.crowd import Crowd
from webhook.pace import Pace, Paced
from webhook.relay import Relay, Relayed, StaffSocket

FILES = 4096
"""Open files a process wants to be allowed: its connections, those to the database, and the rest."""
THROWN = 2**20
LEFT_BYTES = 16 * 2**20
"""Of a body that nobody read, so much is taken and thrown away, so that the client hears why; after that it is cut off."""
SILENT_S = 1.0
"""A kept connection over which nothing came for so long is closed when we stop; its next request goes elsewhere."""


class Waiting:
    """While a connection waits for its next request: until it comes, or for as long as connections are kept."""

    def __init__(self, worker: Worker):
        self._worker = worker
        self.until = gevent.Timeout(worker.cfg.keepalive, False)  # type: ignore[arg-type]  # False: it ends in silence
        self.since = monotonic()

    def __enter__(self) -> None:
        self._worker.waiting[gevent.getcurrent()] = self
        self.until.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> bool | None:
        self._worker.waiting.pop(gevent.getcurrent(), None)
        ended: bool | None = self.until.__exit__(kind, error, at)
        return ended


class Worker(GeventWorker):  # type: ignore[misc]  # gunicorn tells no types
    wsgi: Any
    waiting: dict[Any, Waiting]
    staff_socket: StaffSocket | None = None
    """Where those at the door reach those at the window; nothing where every process answers everybody."""
    at_window = False

    def patch(self) -> None:
        """Let the staff process listen on the door's socket alone."""
        if self.at_window and self.staff_socket:
            psutil.Process().nice(niceness.BEHIND)  # its session is everybody's here
            self.sockets = []
            super().patch()
            self.sockets = [socket.socket(fileno=os.dup(self.staff_socket.socket.fileno()))]
        else:
            super().patch()

    def load_wsgi(self) -> None:
        super().load_wsgi()
        if self.staff_socket:
            proxies = environment.load().proxies
            relay = Relayed if self.at_window else partial(Relay, path=self.staff_socket.path, proxies=proxies)
            self.wsgi = relay(self.wsgi)

    def init_process(self) -> None:
        self.waiting = {}
        settings = environment.load()
        self.pace = Pace.of(settings)
        self.crowd = Crowd(settings.door_connections, 0 if settings.proxies else settings.door_address_connections)
        _allow_files()
        super().init_process()

    def handle(self, listener: Any, client: Any, addr: Any) -> None:
        """Serve one connection until it ends."""
        connection = Paced(client, network(addr[0]) if addr else "", self.pace)
        if not self.crowd.enter(connection):
            client.close()
            return
        try:
            super().handle(listener, connection, addr)
        finally:
            self.crowd.leave(connection)

    def handle_request(self, listener_name: Any, req: Any, sock: Paced, addr: Any) -> None:
        """Serve one request; whatever is left of its body is thrown away, within bounds."""
        sock.begin_body()
        try:
            super().handle_request(listener_name, req, sock, addr)
            _throw_away(req.body)
        finally:
            sock.rest()

    def timeout_ctx(self) -> Waiting:
        return Waiting(self)

    def notify(self) -> None:
        """Called every second, and while we stop, too."""
        super().notify()
        if not self.alive:
            self._leave_the_silent()

    def _leave_the_silent(self) -> None:
        """As if their time were over: gunicorn closes them in order."""
        for greenlet, waiting in list(self.waiting.items()):
            if monotonic() - waiting.since >= SILENT_S:
                greenlet.kill(waiting.until, block=False)


def _throw_away(body: Any) -> None:
    """Raises StopIteration, which ends the connection, when that is more than bearable, or too slow."""
    left = LEFT_BYTES
    while not body.failed and left > 0:
        try:
            left -= (taken := len(body.read(THROWN)))
        except TooSlow:
            break
        if not taken:
            return
    raise StopIteration


def _allow_files() -> None:
    """As many open files as this process may want, as far as the system lets it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(ValueError, OSError):  # then it goes on with what it has
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def place(server: Any, worker: Worker, *, windows: int, doors: int) -> None:
    """Before a fork, choose whether the worker serves door or window: keep `windows` staff workers per configuration, so that
    a replacement keeps the role of the worker that died, and a reload starts both kinds afresh. Without a door, those at
    the window listen at the address itself."""
    if windows:
        worker.staff_socket = staff_socket() if doors else None
        there = [other for other in server.WORKERS.values() if other.at_window and other.cfg is worker.cfg]
        worker.at_window = len(there) < windows


@cache
def staff_socket() -> StaffSocket:
    """Made once, by the process that forks the others."""
    return StaffSocket()


def leave() -> None:
    """The server ends: so does its staff_socket, if there was one."""
    if staff_socket.cache_info().currsize:
        staff_socket().close()
