"""The errand worker: leases errands, has their services do them, and returns what came of them as events.

An errand and its event are finished by one commit. No transaction is open while a service is at work, and each service
has room of its own, so that one which hangs keeps no other waiting.
"""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import monotonic

from bot.errands.running import Result, Running
from bot.workers.services import Services
from core import bell
from core.bell import Bell, Ear
from core.errors import Retryable, TimedOut, Undecided
from core.retry import backoff_s
from core.settings import Settings
from core.store.db import Database, Tx
from core.store.path import errands, inbox
from core.store.path.errands import Errand, Room
from core.telemetry import log

MOST_AT_ONCE = 256
"""Tries in one process, whatever room its services have."""


@dataclass(frozen=True, slots=True)
class Told:
    """The end of one try: a result, or an error after which another try is made."""

    errand: Errand
    running: Running
    result: Result | None = None
    again_in_s: float = 0.0
    error: Exception | None = None

    @property
    def why(self) -> str | None:
        return self.result.error if self.result else f"{type(self.error).__name__}: {self.error}"


class ErrandWorker:
    name = "errands"

    def __init__(self, db: Database, bell: Bell, ear: Ear, services: Services, settings: Settings):
        self._db, self._bell, self._ear = db, bell, ear
        self._services, self._settings = services, settings
        self.token = secrets.randbits(62)
        self._tries = ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="errand")
        self._under_way: dict[int, Running] = {}
        self.told: deque[Told] = deque()

    @property
    def under_way(self) -> int:
        return len(self._under_way)

    def run_once(self) -> int:
        """Write down what the last tries told, keep the leases of those under way, and take the next."""
        told = list(self.told)
        busy = {id: running for id, running in self._under_way.items() if id not in {one.errand.id for one in told}}
        with self._db.transaction() as tx:
            self._write(tx, told)
            errands.renew(tx, busy.keys(), token=self.token, lease_s=self._settings.media_lease_s)
            claimed = self._claim(tx, busy)
        self._settle_up(told)
        for one in told:
            if one.result:
                self._tries.submit(one.running.afterwards, one.errand)
        for errand, running in claimed:
            self._under_way[errand.id] = running
            self._tries.submit(self._try, errand, running)
        return len(told) + len(claimed)

    def wait(self) -> None:
        if not self.told:
            longest_s = self._settings.poll_s
            self._ear.wait(
                bell.ERRANDS, min(longest_s, self._settings.media_lease_s / 3) if self._under_way else longest_s
            )

    def wake(self) -> None:
        self._ear.wake(bell.ERRANDS)

    def drain(self) -> None:
        """Let the tries under way end, and write down what they told. Nothing new is taken."""
        self._tries.shutdown(wait=True)
        told = list(self.told)
        with self._db.transaction() as tx:
            self._write(tx, told)
        self._settle_up(told)
        for one in told:
            if one.result:
                one.running.afterwards(one.errand)

    def _claim(self, tx: Tx, busy: dict[int, Running]) -> list[tuple[Errand, Running]]:
        """The next errands, as many as their services have room for."""
        services: dict[tuple[str | None, str], Running] = {}
        for desk, name in errands.due(tx):
            if running := self._services.find(desk, name):
                services[None if name in self._services.for_all else desk.id, name] = running
        rooms: list[Room] = [(desk_id, name, _room(running, busy)) for (desk_id, name), running in services.items()]
        rooms = [room for room in rooms if room[2] > 0]
        if not rooms:
            return []
        claimed = errands.claim(tx, rooms, token=self.token, lease_s=self._settings.media_lease_s)
        # One that is under way here lost its lease and was claimed anew: its try goes on, and may finish it.
        new = [errand for errand in claimed if errand.id not in busy]
        return [
            (errand, services.get((None, errand.service)) or services[errand.desk.id, errand.service]) for errand in new
        ]

    def _try(self, errand: Errand, running: Running) -> None:
        """One try, in a thread of its own; whatever happens, its outcome is told."""
        try:
            told = self._tried(errand, running)
        except Exception as error:
            log.error("errand.broken", correlation_id=errand.correlation_id, error=type(error).__name__, exc_info=True)
            told = Told(errand, running, running.give_up(errand, error))
        self.told.append(told)
        self._ear.wake(bell.ERRANDS)

    def _tried(self, errand: Errand, running: Running) -> Told:
        limit_s = running.limit_s(errand)
        if errand.attempts > running.policy.tries or limit_s < running.policy.shortest_s:
            return Told(errand, running, running.give_up(errand, TimedOut("its time was over")))
        began = monotonic()
        try:
            return Told(errand, running, running.attempt(errand, limit_s, lambda: self._begin(errand)))
        except (Retryable, Undecided) as error:
            return self._after(errand, running, error, monotonic() - began)

    def _begin(self, errand: Errand) -> bool:
        with self._db.transaction() as tx:
            return errands.begin(tx, errand.id, token=self.token)

    def _after(self, errand: Errand, running: Running, error: Exception, took_s: float) -> Told:
        """Another try, if there are tries and time left; else the outcome is that there was none."""
        policy = running.policy
        wait_s = backoff_s(errand.attempts, first_s=policy.backoff_s)
        left_s = errand.left_s - took_s - wait_s
        if errand.attempts >= policy.tries or left_s < policy.shortest_s:
            return Told(errand, running, running.give_up(errand, error))
        return Told(errand, running, again_in_s=wait_s, error=error)

    def _write(self, tx: Tx, told: Sequence[Told]) -> None:
        """In the order in which turns lock errands, too."""
        for one in sorted(told, key=lambda one: (one.errand.conversation_id, one.errand.service, one.errand.key)):
            if one.result is None:
                self._put_off(tx, one)
            else:
                self._finish(tx, one.errand, one.result)

    def _put_off(self, tx: Tx, one: Told) -> None:
        errands.put_off(
            tx,
            one.errand.id,
            token=self.token,
            wait_s=one.again_in_s,
            error=one.why or "",
            unsettled=isinstance(one.error, Undecided),
        )

    def _finish(self, tx: Tx, errand: Errand, result: Result) -> None:
        token, state, error = self.token, result.state, result.error
        if errands.finish(tx, errand.id, token=token, state=state, error=error, result=result.kept):
            result.write(tx)
            inbox.add_own(tx, errand.conversation_id, errand.told_as, result.kind, result.content, text=result.text)

    def _settle_up(self, told: Sequence[Told]) -> None:
        """It is written down: these are no longer under way."""
        for one in told:
            self.told.popleft()
            self._under_way.pop(one.errand.id, None)
            log.info(
                "errand.done" if one.result else "errand.put_off",
                correlation_id=one.errand.correlation_id,
                errand=one.errand.id,
                service=one.errand.service,
                outcome=one.result.content.get("outcome") if one.result else None,
                why=one.why,
            )
        if told:
            self._bell.ring(bell.INBOX)


def _room(running: Running, busy: dict[int, Running]) -> int:
    return running.policy.at_once - running.busy - sum(other is running for other in busy.values())
