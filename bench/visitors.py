"""Visitors of the web chat, each with a pace of its own: what they ask, how long it took, what went wrong.

A visit is a generator: it yields the next call and is given its answer. Every visitor has an address of its own, which
a proxy in front of us would tell, so the limits by address and by chat stay on.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Event, Thread
from time import monotonic
from typing import Any

from urllib3 import HTTPConnectionPool
from urllib3.exceptions import HTTPError

from bench.load import Latency

PATIENCE_S = 60.0


class Wrong(Exception):
    """An answer that no visitor may get."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request; `name` is what it is counted under."""

    name: str
    path: str
    method: str = "POST"
    told: Mapping[str, Any] | None = None
    photo: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Heard:
    """How a call went, in seconds: when it was due, and how long after that its answer was there."""

    name: str
    due: float
    took_s: float
    began_s: float
    """How long after it was due it was sent: what the generator itself owes."""
    wrong: str = ""


Visit = Generator[Call, Any, None]
Visiting = Callable[[str], Visit]
"""Begins a visit; its argument is a name that no other visit has."""


class Client:
    """A browser's side of HTTP: one connection, which is kept for as long as its visit lasts."""

    def __init__(self, port: int):
        self._pool = HTTPConnectionPool("127.0.0.1", port, maxsize=1, retries=False, timeout=PATIENCE_S)

    def leave(self) -> None:
        """The next call is somebody else's, over a connection of its own."""
        self._pool.close()
        self._pool = HTTPConnectionPool("127.0.0.1", self._pool.port, maxsize=1, retries=False, timeout=PATIENCE_S)

    def ask(self, call: Call, address: str) -> Any:
        """Send one request; returns JSON or text. Raises Wrong for anything but 200."""
        headers = {**call.headers, "X-Forwarded-For": address}
        how: dict[str, Any] = {"headers": headers}
        if call.photo:
            how["fields"] = {"image": ("photo.jpg", call.photo, "image/jpeg")}
        elif call.told is not None:
            how["body"], headers["Content-Type"] = json.dumps(call.told), "application/json"
        try:
            answer = self._pool.request(call.method, call.path, **how)
        except (HTTPError, OSError) as error:
            raise Wrong(f"{call.name}: {type(error).__name__}") from error
        if answer.status != 200:
            raise Wrong(f"{call.name}: {answer.status} {answer.data[:120]!r}")
        return answer.json() if "json" in answer.headers.get("Content-Type", "") else answer.data.decode()


class Seat(Thread):
    """A seat for one visitor after another, with one request every `pace_s`."""

    def __init__(
        self, number: int, client: Client, visits: Sequence[Visiting], *, pace_s: float, cut: int | None, over: Event
    ):
        super().__init__(name=f"seat{number}", daemon=True)
        self._number, self.client, self._visits = number, client, visits
        self._pace_s, self._cut, self._over = pace_s, cut, over
        self.first_due = 0.0
        self.heard: list[Heard] = []

    def run(self) -> None:
        due, told = self.first_due, self._calls()
        call, address = next(told)
        while not self._over.wait(max(0.0, due - monotonic())):
            answer = self._ask(call, address, due)
            call, address = told.send(answer)
            due += self._pace_s

    def _calls(self) -> Generator[tuple[Call, str], Any, None]:
        """The requests of this seat's visitors in order; the first leaves early, so that seats are never in step."""
        for turn in range(10_000):
            visiting = self._visits[(self._number + turn) % len(self._visits)]
            left = self._cut if turn == 0 else None
            yield from self._visit(visiting(f"{self._number:04}{turn:04}"), address(self._number, turn), left)
            self.client.leave()

    def _visit(self, visit: Visit, address: str, most: int | None) -> Generator[tuple[Call, str], Any, None]:
        answer: Any = None
        while most is None or most > 0:
            try:
                call = visit.send(answer)
            except StopIteration:
                return
            except Wrong as wrong:
                self.heard.append(Heard("visit", monotonic(), 0.0, 0.0, str(wrong)))
                return
            answer = yield call, address
            if answer is None:
                return  # it failed, and was written down
            most = None if most is None else most - 1

    def _ask(self, call: Call, address: str, due: float) -> Any:
        began = monotonic()
        try:
            answer, wrong = self.client.ask(call, address), ""
        except Wrong as error:
            answer, wrong = None, str(error)
        self.heard.append(Heard(call.name, due, monotonic() - due, began - due, wrong))
        return answer


def address(seat: int, turn: int) -> str:
    """The network address of the visitor in this seat at this turn."""
    return f"10.{turn % 250}.{seat // 250}.{seat % 250 + 1}"


class Hall:
    """All seats together: so many requests a second, evenly. The first visits are cut if `longest` is given."""

    def __init__(self, port: int, visits: Sequence[Visiting], *, seats: int, rate: float, longest: int = 0):
        self.over = Event()
        cuts = [1 + n * 7 % longest if longest else None for n in range(seats)]
        self.seats = [
            Seat(n, Client(port), visits, pace_s=seats / rate, cut=cut, over=self.over) for n, cut in enumerate(cuts)
        ]
        self._rate = rate

    def open(self) -> float:
        """Let them begin, one after the other; when that was."""
        begins = monotonic() + 0.5
        for number, seat in enumerate(self.seats):
            seat.first_due = begins + number / self._rate
            seat.start()
        return begins

    def close(self) -> None:
        """Everybody hears the answer to what they asked last, and leaves."""
        self.over.set()
        for seat in self.seats:
            seat.join()
            seat.client.leave()

    def answers(self) -> Iterator[Heard]:
        for seat in self.seats:
            yield from seat.heard


def latency(took: Sequence[float]) -> Latency:
    """Percentiles of these seconds, in milliseconds."""
    ordered = sorted(took) or [0.0]
    at = [ordered[min(len(ordered) - 1, int(len(ordered) * part))] * 1000 for part in (0.5, 0.95, 0.99)]
    return Latency(*at, most=ordered[-1] * 1000)
