"""Webhook delivery: in order per customer, many customers at once, with retries until 200.

A lane is a queue of parcels of which one is on its way at a time. Faults only change
which lane an item goes into: a copy at once is the same item in a lane of its own.
"""

from __future__ import annotations

import heapq
import random
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from threading import Condition, Thread
from typing import Any

import urllib3

from simulator import bodies
from simulator.bodies import Item
from simulator.faults import Faults

WAITS_S = (0.0, 0.1, 0.2, 0.4, 0.8, 1.6, 3.0)
"""Meta retries at once and then ever more rarely; here a day passes in a second."""
GIVE_UP_S = 600.0
"""Meta gives up after seven days."""
POSTERS = 16
SCATTER_S = 0.3
LINGER_S = 0.3
"""How long a batch waits to be full."""

Lane = tuple[Any, ...]


@dataclass(slots=True)
class Parcel:
    """One POST: the items in it, when it may leave, and how often it was refused."""

    items: tuple[Item, ...]
    due: float
    born: float
    refusals: int = 0


class Postman:
    """Threads start with the first item and end with `close`."""

    def __init__(self, url: str, secret: bytes, faults: Faults, on_answer: Callable[[int, int], None]):
        self._url, self._secret, self._faults, self._on_answer = url, secret, faults, on_answer
        self._http = urllib3.PoolManager(maxsize=POSTERS, retries=False, timeout=urllib3.Timeout(10.0))
        self._bell = Condition()
        self._lanes: dict[Lane, deque[Parcel]] = {}
        self._heap: list[tuple[float, int, Lane]] = []
        self._bundle: list[Item] = []
        self._numbers = count()
        self._threads: list[Thread] = []
        self._closed = False
        self.counts: Counter[str] = Counter()

    # what comes in

    def put(self, item: Item) -> None:
        """Take an item; it leaves as the faults of this moment will have it."""
        whom = (item.customer, item.number)
        batch = self._faults.take("batch", *whom)
        with self._bell:
            self._start()
            if batch:
                self._gather(item, batch.value)
            else:
                self._dispatch((item,))
            self._bell.notify()

    def _gather(self, item: Item, size: int) -> None:
        self._bundle.append(item)
        if len(self._bundle) >= size:
            self._dispatch(self._unbundle())
        elif len(self._bundle) == 1:
            heapq.heappush(self._heap, (time.monotonic() + LINGER_S, next(self._numbers), ()))

    def _unbundle(self) -> tuple[Item, ...]:
        gathered, self._bundle = tuple(self._bundle), []
        return gathered

    def _dispatch(self, gathered: tuple[Item, ...]) -> None:
        first = gathered[0]
        whom = (first.customer, first.number)
        delay = max(item.delay_s for item in gathered)
        lane: Lane = first.lane if len(gathered) == 1 else self._own_lane()
        if self._faults.take("reorder", *whom):
            lane, delay = self._own_lane(), delay + random.uniform(0, SCATTER_S)  # noqa: S311  # no secret, only disorder
        self._send_off(lane, gathered, delay)
        if copy := self._faults.take("duplicate", *whom):
            self._send_off(lane if copy.value == "again" else self._own_lane(), gathered, delay)
            self._bell.notify()

    def _own_lane(self) -> Lane:
        return ("alone", next(self._numbers))

    def _send_off(self, lane: Lane, gathered: tuple[Item, ...], delay: float) -> None:
        now = time.monotonic()
        parcel = Parcel(gathered, now + delay, now)
        queue = self._lanes.get(lane)
        if queue is not None:
            queue.append(parcel)
            return
        self._lanes[lane] = deque([parcel])
        heapq.heappush(self._heap, (parcel.due, next(self._numbers), lane))

    # what goes out

    def _start(self) -> None:
        while len(self._threads) < POSTERS and not self._closed:
            thread = Thread(target=self._run, name=f"postman-{len(self._threads)}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def _run(self) -> None:
        while (ready := self._next()) is not None:
            lane, parcel = ready
            answer = self._post(parcel)
            self._settle(lane, parcel, answer)
            self._on_answer(answer, len(parcel.items))

    def _next(self) -> tuple[Lane, Parcel] | None:
        """A lane and its first parcel, which may leave now; None when closed."""
        with self._bell:
            while not self._closed:
                left = self._heap[0][0] - time.monotonic() if self._heap else None
                if left is not None and left <= 0:
                    lane = heapq.heappop(self._heap)[2]
                    if lane:
                        return lane, self._lanes[lane][0]
                    if self._bundle:
                        self._dispatch(self._unbundle())
                else:
                    self._bell.wait(left)
        return None

    def _post(self, parcel: Parcel) -> int:
        """The webhook's answer; 0 when there was none."""
        body = bodies.body([item.value for item in parcel.items])
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "facebookexternalua",
            "X-Hub-Signature-256": bodies.signature(body, self._secret),
        }
        try:
            return self._http.request("POST", self._url, body=body, headers=headers, redirect=False).status
        except urllib3.exceptions.HTTPError:
            return 0

    def _settle(self, lane: Lane, parcel: Parcel, answer: int) -> None:
        """Tell who waits for it before the lane goes on, so that what they see is in order too."""
        if answer == 200:
            for item in parcel.items:
                if item.taken:
                    item.taken()
        with self._bell:
            self._count(parcel, answer)
            queue = self._lanes.get(lane)
            if queue and queue[0] is parcel:
                self._go_on(lane, queue, answer)

    def _count(self, parcel: Parcel, answer: int) -> None:
        self.counts["taken" if answer == 200 else "refused"] += 1
        if answer == 200:
            self.counts["items"] += len(parcel.items)

    def _go_on(self, lane: Lane, queue: deque[Parcel], answer: int) -> None:
        parcel, now = queue[0], time.monotonic()
        if answer != 200 and now - parcel.born < GIVE_UP_S:
            parcel.due = now + WAITS_S[min(parcel.refusals, len(WAITS_S) - 1)]
            parcel.refusals += 1
        else:
            self.counts["given_up"] += answer != 200
            queue.popleft()
        if queue:
            heapq.heappush(self._heap, (max(now, queue[0].due), next(self._numbers), lane))
            self._bell.notify()
        else:
            del self._lanes[lane]

    def waiting(self) -> int:
        """Parcels that were not taken yet."""
        with self._bell:
            return sum(map(len, self._lanes.values())) + bool(self._bundle)

    def forget(self) -> None:
        """Drop what has not left; what is on its way arrives all the same."""
        with self._bell:
            self._lanes.clear()
            self._heap.clear()
            self._bundle.clear()
            self.counts.clear()

    def close(self) -> None:
        with self._bell:
            self._closed = True
            self._bell.notify_all()
