"""The conversation worker: claims events, has them read and stepped, and commits the turns.

One round serves many conversations. Nothing slow happens inside a transaction: what the AI must read, or a service
must tell, leaves the group, and its turn is committed by a later round.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from itertools import groupby
from typing import Protocol

from bot.engine import bursts
from bot.engine import step as engine
from bot.workers import failures, house
from bot.workers.breaths import Breaths
from bot.workers.failures import Failures
from bot.workers.slow_facts import Outside, Reckoned
from bot.workers.stepping import Ready, Stepped, step_all
from core import bell, telemetry
from core.bell import Bell, Ear
from core.clock import Clock
from core.errors import Unreachable
from core.messages import Event
from core.reading import Expectation, Reading
from core.retry import jittered
from core.session import Session
from core.settings import Settings
from core.store.db import Database
from core.store.path import commit, sessions
from core.store.path.sessions import Lease
from core.telemetry import log
from core.turn import Turn
from core.version import VERSION


class Reader(Protocol):
    def read(self, event: Event, expectation: Expectation, session: Session) -> Reading | Future[Reading]: ...


Notice = Callable[[Sequence[Lease]], None]
"""Told which events are being looked at: marks them read, shows that we type."""
Off = Callable[[], Mapping[str, str]]
"""Switches that staff have turned off now."""


class ConversationWorker:
    name = "conversation"

    def __init__(
        self, db: Database, bell: Bell, ear: Ear, reader: Reader, clock: Clock, settings: Settings, notice: Notice,
        off: Off = dict, outside: Outside | None = None, *, suspects: bool = True, release: str = VERSION,
    ):  # fmt: skip
        """`suspects`: whether it takes events under suspicion; one worker of a process may, for all die together."""
        self._db, self._bell, self._ear = db, bell, ear
        self._reader, self._clock, self._settings, self._notice = reader, clock, settings, notice
        self._off, self._outside = off, outside or Reckoned()
        self.token, self._release = secrets.randbits(62), release
        self._slow: dict[int, tuple[Lease, Future[Reading]]] = {}
        self._held: set[int] = set()
        self._cut: list[Lease] = []
        """Bursts that are answered up to an event that failed."""
        self._breaths = Breaths(db, clock, settings, token=self.token)
        self._failures = Failures(db, clock, settings, token=self.token)
        self._most = settings.claim_size
        self._suspects, self._suspects_first = suspects, suspects

    def run_once(self) -> int:
        """One round; when it breaks, every lease it took is given back uncounted, at the latest by the next round."""
        self._give_back()
        try:
            done = self._round()
        except Exception as error:
            self._broke(error)
            raise
        self._held.clear()
        if done:
            self._most = min(self._settings.claim_size, 2 * self._most)
        return done

    def _round(self) -> int:
        """Finish what was slow, claim more, read, step, commit. How many turns were taken or put off."""
        ready = self._finished()
        if ready or self._cut:
            self.commit(self.step(ready))
        leased = self.claim()
        claims = self.load(leased)
        if new := self._breaths.unseen(claims):
            self._notice(new)
        read = self.read(claims)
        if read:
            self.commit(self.step(read))
        return len(ready) + len(leased)

    def claim(self) -> list[int]:
        """Leases on many conversations, or on one under suspicion, committed: no transaction is open below."""
        room = min(self._most, self._settings.claim_size - len(self._slow))
        if room <= 0:
            return []
        with self._db.transaction() as tx:
            claimed = sessions.claim(
                tx,
                token=self.token,
                size=room,
                lease_s=self._settings.lease_s,
                suspects=self._suspects,
                suspects_first=self._suspects_first,
                release=self._release,
            )
        self._suspects_first = not self._suspects_first
        self._held.update(claimed)
        return [conversation_id for conversation_id in claimed if conversation_id not in self._slow]

    def load(self, conversation_ids: Sequence[int]) -> list[Lease]:
        """Load the claimed sessions and events; a poisonous event becomes a dead letter instead of being tried again."""
        if not conversation_ids:
            return []
        with self._db.transaction() as tx:
            loaded = sessions.load(tx, conversation_ids, token=self.token)
            empty = [c.session.conversation_id for c in loaded if c.event is None]
            sessions.forgive(tx, empty, token=self.token)
            served = house.served(tx, loaded, self._settings, token=self.token)
        return [claimed for claimed in served if claimed.event is not None and not self._poisonous(claimed)]

    def read(self, claims: Iterable[Lease]) -> list[Ready]:
        """Readings at once, by the rules; what needs the AI comes back in a later round."""
        ready = []
        for claimed in claims:
            event, session = claimed.event, claimed.session
            assert event is not None
            try:
                reading = self._reading(event, session)
                if isinstance(reading, Future) and claimed.alone:
                    reading = reading.result()
            except Exception as error:
                self._failed(claimed, error)
                continue
            if isinstance(reading, Future):
                self._put_aside(claimed, reading)
            else:
                ready.append(Ready(claimed, reading))
        return ready

    def _reading(self, event: Event, session: Session) -> Reading | Future[Reading]:
        """A customer who floods is not read: the step will look at nothing that they say."""
        unread = engine.goes_unread(session, event, self._clock.now(), self._settings)
        return unread or self._reader.read(event, engine.expects(session, event), session)

    def step(self, ready: Sequence[Ready]) -> list[Turn]:
        """The turns of each, event by event; a step that fails is put off alone, and who may go on writing waits."""
        decided: list[Lease] = []
        while ready:
            leases = {each.claimed.session.conversation_id: each.claimed for each in ready}
            taken = [leases[turn.conversation_id].after(turn) for turn in self._step_once(ready)]
            going_on = [lease.event is not None and not bursts.ends(lease.turns[-1]) for lease in taken]
            decided += [lease for lease, goes_on in zip(taken, going_on, strict=True) if not goes_on]
            ready = self.read([lease for lease, goes_on in zip(taken, going_on, strict=True) if goes_on])
        cut, self._cut = self._cut, []
        return [turn for lease in (*self._breaths.let_go(decided), *cut) for turn in bursts.one_answer(lease.turns)]

    def _step_once(self, ready: Sequence[Ready]) -> list[Turn]:
        """One turn of each conversation."""
        if off := self._off():
            ready = [replace(each, reading=each.reading.under(off)) for each in ready]
        try:
            done = step_all(self._db.transaction, ready, self._clock.now(), self._settings, self._outside)
        except Exception as error:
            if len(ready) > 1 or not failures.of_one_turn(error):
                raise
            done = Stepped(failed=[(ready[0].claimed, error)])
        for claimed, why in done.failed:
            self._failed(claimed, why)
        for claimed, wiser in done.waiting:
            self._put_aside(claimed, wiser)
        return done.turns

    def _put_aside(self, claimed: Lease, reading: Future[Reading]) -> None:
        """Out of the group, until somebody outside has answered: a later round finishes it."""
        self._slow[claimed.session.conversation_id] = claimed, reading
        reading.add_done_callback(lambda _: self.wake())

    def commit(self, turns: Sequence[Turn]) -> None:
        """One transaction for all; a turn that lost is taken again on fresh state, a broken one falls out alone.

        Of a burst that breaks the first turn is written by itself, so that only the event in hand is blamed.
        """
        if not turns:
            return
        try:
            won = self._commit(turns)
        except Exception as error:
            if not failures.of_one_turn(error):
                raise
            self._commit_apart(turns, error)
            return
        lost = {turn.conversation_id for turn in turns} - {turn.conversation_id for turn in won}
        if lost:
            self._take_again(lost)

    def _commit_apart(self, turns: Sequence[Turn], error: Exception) -> None:
        """One transaction for each conversation; of one alone, for its first turn."""
        apart = [list(group) for _, group in groupby(turns, key=lambda turn: turn.conversation_id)]
        if len(apart) > 1:
            for some in apart:
                self.commit(some)
        elif len(turns) > 1:
            self.commit([bursts.by_itself(turns[0])])
        else:
            self._failed(Lease(turns[0].before, turns[0].event, turns[0].event.attempts + 1), error)

    def wait(self) -> None:
        self._ear.wait(bell.INBOX, min(self._settings.poll_s, self._breaths.next_s()))

    def wake(self) -> None:
        self._ear.wake(bell.INBOX)

    def drain(self) -> None:
        """Let go of what is still being read: another worker takes it at once."""
        self._held.update(self._slow)
        self._slow.clear()
        self._give_back()
        self._bell.ring(bell.INBOX)

    def _give_back(self, wait_s: float = 0.0) -> None:
        """Let go, uncounted, of what a round has taken and not finished."""
        held = self._held - self._slow.keys()
        if held:
            with self._db.transaction() as tx:
                sessions.give_back(tx, held, wait_s=wait_s, token=self.token)
        self._held.clear()

    def _broke(self, error: Exception) -> None:
        """The next rounds take one conversation, then two, four …; what breaks them rests, so that the others go on."""
        log.warning("round.broke", conversations=len(self._held - self._slow.keys()), error=type(error).__name__)
        self._most = 1
        with suppress(Unreachable):  # the next round tries again to give back
            self._give_back(self._settings.poll_s)

    def _finished(self) -> list[Ready]:
        done = [i for i, (_, future) in self._slow.items() if future.done()]
        self._held.update(done)
        ready = []
        for claimed, future in [self._slow.pop(i) for i in done]:
            try:
                ready.append(Ready(claimed, future.result()))
            except Exception as error:
                self._failed(claimed, error)
        return ready

    def _commit(self, turns: Sequence[Turn]) -> list[Turn]:
        with self._db.transaction() as tx:
            won = commit.turns(tx, turns, token=self.token, release=self._release)
        if any(turn.replies for turn in won):
            self._bell.ring(bell.OUTBOX)
        if any(turn.wants_errands for turn in won):
            self._bell.ring(bell.ERRANDS)
        telemetry.took_turns(won, self._clock.now())
        return won

    def _take_again(self, conversation_ids: set[int]) -> None:
        """Somebody wrote these sessions meanwhile: read them again and step on fresh state, a few times."""
        waits = self._settings.stale_waits_s
        for attempt, wait_s in enumerate(waits, start=1):
            log.info("turn.stale", conversations=len(conversation_ids), attempt=attempt, of=len(waits), wait_s=wait_s)
            telemetry.stale_turns(conversation_ids)
            self._ear.pause(jittered(wait_s))
            conversation_ids -= self._once_more(sorted(conversation_ids))
            if not conversation_ids:
                return
        with self._db.transaction() as tx:
            sessions.give_back(tx, conversation_ids, wait_s=waits[-1], token=self.token)

    def _once_more(self, conversation_ids: Sequence[int]) -> set[int]:
        """One more try on fresh state. The conversations that need none after it: won, or no longer ours."""
        claims = self.load(conversation_ids)
        turns = self.step(self.read(claims))
        won = self._commit(turns) if turns else []
        lost = {turn.conversation_id for turn in turns} - {turn.conversation_id for turn in won}
        return set(conversation_ids) - lost

    def _poisonous(self, claimed: Lease) -> bool:
        """It was claimed too often without a turn: it kills its workers, or always fails."""
        if claimed.claims <= self._settings.event_attempts:
            return False
        self._failures.give_up(claimed)
        self._bell.ring(bell.OUTBOX)
        return True

    def _failed(self, claimed: Lease, error: Exception) -> None:
        """The event in hand is tried again later. What was decided before it in its burst is written first: the failure
        is counted when the event is the first of its line."""
        if claimed.turns:
            log.warning("burst.cut", error=type(error).__name__, turns=len(claimed.turns))
            self._cut.append(claimed)
            return
        self._failures.put_off(claimed, error)
