"""Customers who write, so many lines a second, one customer after the other, from a thread of its own."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from threading import Event, Thread
from types import TracebackType

from simulator.exchange import Exchange

NUMBER = "100000000000001"
SCRIPT = ("hola", "refrigerador", "4045101", "sí", "no enfría desde ayer")
"""A report of the demo's field service from its first word to its number, with one reply to each line."""


@dataclass(frozen=True, slots=True)
class Line:
    wamid: str
    customer: str
    at: float


class Talk:
    """What customers say while the block lasts."""

    def __init__(self, exchange: Exchange, customers: Sequence[str], rate: float):
        self._exchange, self._customers, self._rate = exchange, customers, rate
        self.said: list[Line] = []
        self._over = Event()
        self._thread = Thread(target=self._run, name="customers", daemon=True)

    def __enter__(self) -> Talk:
        self._thread.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        begun = time.monotonic()
        for count, (customer, text) in enumerate(self._lines()):
            if self._over.wait(max(0.0, begun + count / self._rate - time.monotonic())):
                return
            bubble = self._exchange.say(customer, NUMBER, {"kind": "text", "text": text})
            self.said.append(Line(bubble["id"], customer, time.time()))

    def _lines(self) -> Iterator[tuple[str, str]]:
        for text in itertools.cycle(SCRIPT):
            yield from ((customer, text) for customer in self._customers)
