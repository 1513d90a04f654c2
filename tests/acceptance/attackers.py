"""Attackers of the door, bounded and on this machine only: connections that are held, and bodies that are heavy."""

from __future__ import annotations

import resource
import selectors
import socket
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from threading import Event, Thread
from time import monotonic

import psutil

from tests.acceptance.web_side import Web, text

FILES = 5000
HEAVY_S = 60.0
BATCH, PAUSE_S = 25, 0.02
"""A thousand connections a second, at most."""
AGAIN = 1.25
"""How many are begun in all, for each that is held."""


def allow_files() -> None:
    """This process may hold as many connections as an attack needs."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


class Unfinished:
    """So many requests that begin and never end. One that is closed by the other side is begun anew, up to a bound."""

    def __init__(self, port: int, begun: bytes, count: int):
        self._port, self._begun, self._count = port, begun, count
        self._selector = selectors.DefaultSelector()
        self._over = Event()
        self.opened = 0
        self.standing = Event()
        self._thread = Thread(target=self._hold)

    def __enter__(self) -> Unfinished:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _hold(self) -> None:
        held: set[socket.socket] = set()
        while not self._over.is_set():
            for _ in range(min(BATCH, self._count - len(held), int(AGAIN * self._count) - self.opened)):
                held.add(self._open())
            if self.opened >= self._count:
                self.standing.set()
            for key, _ in self._selector.select(PAUSE_S):
                self._listen(key, held)
            self._over.wait(PAUSE_S)
        for one in held:
            one.close()

    def _open(self) -> socket.socket:
        one = socket.socket()
        one.setblocking(False)
        with suppress(BlockingIOError):
            one.connect(("127.0.0.1", self._port))
        self._selector.register(one, selectors.EVENT_WRITE)
        self.opened += 1
        return one

    def _listen(self, key: selectors.SelectorKey, held: set[socket.socket]) -> None:
        one = key.fileobj
        assert isinstance(one, socket.socket)
        try:
            if key.events == selectors.EVENT_WRITE:
                one.send(self._begun)
                self._selector.modify(one, selectors.EVENT_READ)
            elif not one.recv(4096):
                raise ConnectionResetError
        except OSError:
            self._selector.unregister(one)
            one.close()
            held.discard(one)


def heavy(port: int, path: str, body: bytes, headers: str = "") -> str:
    """Post it, all of it if the other side takes it. The status line of the answer, empty when there was none."""
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{headers}Content-Length: {len(body)}"
    with socket.create_connection(("127.0.0.1", port), timeout=HEAVY_S) as one, suppress(OSError):
        one.sendall(f"{head}\r\n\r\n".encode() + body)
        return one.recv(64).split(b"\r\n")[0].decode()
    return ""


BOMB = b'{"a":[' + b"[]," * 3_300_000 + b"[]]}"
UNSIGNED = b"[" * (3 * 2**20)


def heavy_at_once(port: int, paths: list[str]) -> list[str]:
    """A heavy body to each of these, all at once; their answers."""
    with ThreadPoolExecutor(len(paths)) as posting:
        return [*posting.map(lambda path: heavy(port, path, UNSIGNED if path == "/webhook" else BOMB), paths)]


@contextmanager
def heavies(web: Web, paths: list[str]) -> Iterator[list[str]]:
    """The same from a process of its own, while the block goes on; the answers are there when it is over."""
    answers: list[str] = []
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as attacking:
        running = attacking.submit(heavy_at_once, web.port, paths)
        yield answers
        answers += running.result()


class Pulse:
    """A customer's message every now and then: how long the platform waited for its 200."""

    def __init__(self, web: Web, name: str):
        self._web, self._name = web, name
        self.took_s: list[float] = []

    def beat(self, count: int) -> None:
        for _ in range(count):
            began = monotonic()
            answer = self._web.post(text(f"wamid.{self._name}.{len(self.took_s)}"))
            self.took_s.append(monotonic() - began)
            assert answer.status_code == 200, answer.text

    @property
    def slowest_s(self) -> float:
        return max(self.took_s)


def cpu_s(web: Web) -> float:
    """What the processes at the door have worked."""
    return float(sum(sum(process.cpu_times()[:2]) for process in web.at_door()))


def memory_mb(web: Web) -> float:
    """What the processes of the web side hold; memory they share counts once."""
    processes = [psutil.Process(web.process.pid), *web.children()]
    return float(sum(process.memory_full_info().pss for process in processes)) / 2**20
