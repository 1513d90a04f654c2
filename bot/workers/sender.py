"""The sender: takes replies to their channel, in order per conversation, as fast as the paces allow.

A send is marked as under way in the database before its first byte goes out. If this process dies, those sends are
unknown, and only a delivery status, or its silence, decides what becomes of them.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from time import perf_counter

from bot.channels.channel import Carrier, Channel, LetterCarrier
from bot.workers import outcomes
from bot.workers.outcomes import Hold
from bot.workers.own_files import OwnFiles
from core import bell, telemetry
from core.bell import Ear
from core.errors import OutsideWindow, TurnoError, Undecided
from core.messages import use_template
from core.settings import Settings
from core.store.db import Database, Tx
from core.store.path import letters, outbox
from core.store.path.letters import Letter
from core.store.path.outbox import Pace, Result, Send, Way
from core.telemetry import log


class Sender:
    """Takes the replies of one channel to its customers."""

    def __init__(self, db: Database, ear: Ear, channel: Channel, carrier: Carrier, settings: Settings):
        self.name = f"sender {channel.kind}"
        self._db, self._ear, self._channel, self._carrier, self._settings = db, ear, channel, carrier, settings
        self._files = OwnFiles(db, channel.kind, carrier)
        self._letters = carrier if isinstance(carrier, LetterCarrier) else None
        self._pace = Pace(settings.pace_number_per_s, settings.pace_customer_s, settings.pace_customer_burst)
        self._way = Way(channel.kind, channel.reached_by, channel.window_s(settings))
        self._calls = ThreadPoolExecutor(settings.send_size, thread_name_prefix="send")
        self.results: deque[tuple[Send, Result, Hold | None]] = deque()
        self.under_way = 0
        self._idle = threading.Condition()

    def run_once(self) -> int:
        """Write down what became of the last sends and take the next, in one transaction; then let them go."""
        results = list(self.results)
        with self._db.transaction() as tx:
            self._write(tx, results)
            claimed = self._claim(tx)
            written = letters.write(tx, claimed) if self._letters else {}
        for _ in results:
            self.results.popleft()
        self._settle_up(results)
        for send in claimed:
            self._calls.submit(self._call, written[send.id].whole(send) if written else send, written.get(send.id))
        return len(claimed) + len(results)

    def wait(self) -> None:
        if not self.results:
            self._ear.wait(bell.OUTBOX, self._settings.poll_s)

    def wake(self) -> None:
        self._ear.wake(bell.OUTBOX)

    def drain(self) -> None:
        """Wait for the sends under way, and write down what became of them. Nothing new is taken."""
        self._calls.shutdown(wait=True)
        results = list(self.results)
        with self._db.transaction() as tx:
            self._write(tx, results)
        self.results.clear()
        self._settle_up(results)

    def _claim(self, tx: Tx) -> list[Send]:
        room = self._settings.send_size - self.under_way
        if room <= 0:
            return []
        claimed = outbox.claim(tx, self._way, size=room, pace=self._pace, barred=self._carrier.barred())
        ready = [self._within_window(tx, send) for send in claimed]
        going = [send for send in ready if send is not None]
        with self._idle:
            self.under_way += len(going)
        return going

    def _within_window(self, tx: Tx, send: Send) -> Send | None:
        """The send, as the channel's window allows it: as it is, as the number's template, or parked. An announcement is worth
        no template, which costs money and does not say it."""
        if send.in_window or send.outbound.kind == "template":
            return send
        if send.fallback is None or send.outbound.announcement:
            why = "the 24 hours are over" + (", and this is only an announcement" if send.fallback else "")
            shut, _ = outcomes.failed(send, OutsideWindow(why), self._settings)
            outbox.mark(tx, [shut])
            telemetry.sent("parked", None)
            return None
        said = send.outbound
        template = replace(use_template(send.fallback), initiative=said.initiative, author=said.author)
        outbox.reword(tx, send.id, template, instead_of=said)
        return replace(send, outbound=template)

    def _call(self, send: Send, letter: Letter | None) -> None:
        """One call of the platform; whatever happens, its outcome is told."""
        began = perf_counter()
        try:
            wamid = self._take(send, letter)
            result, hold = outcomes.accepted(send, wamid), None
        except TurnoError as error:
            result, hold = outcomes.failed(send, error, self._settings)
        except Exception as error:  # a bug of ours, after which nobody knows whether it went out
            log.error("send.broken", correlation_id=send.correlation_id, error=type(error).__name__, exc_info=True)
            result, hold = outcomes.failed(send, Undecided(type(error).__name__), self._settings)
        took_s = perf_counter() - began
        telemetry.sent(result.state, took_s)
        telemetry.send_error(result.error_code)
        if result.state == "sent" and send.waited_s is not None and not send.outbound.initiative:
            telemetry.replied(send.waited_s + took_s)
        self.results.append((send, result, hold))
        self._ear.wake(bell.OUTBOX)

    def _take(self, send: Send, letter: Letter | None) -> str:
        if letter and self._letters:
            return self._letters.send_letter(letter)
        return self._files.send(send)

    def _write(self, tx: Tx, results: Sequence[tuple[Send, Result, Hold | None]]) -> None:
        outbox.mark(tx, [each for send, result, _ in results for each in outcomes.for_each(send, result)])
        for row in outbox.say_plainly(tx, [result.id for _, result, _ in results if result.state == "failed"]):
            log.warning("send.plainly", correlation_id=row.correlation_id, outbound=row.id)
        for _, _, hold in results:
            if hold is not None and hold.conversation_id is not None:
                outbox.hold_customer(tx, hold.conversation_id, hold.wait_s)
            elif hold is not None and hold.address is not None:
                outbox.hold_number(tx, self._channel.kind, hold.address, hold.wait_s, hold.why)

    def _settle_up(self, results: Sequence[tuple[Send, Result, Hold | None]]) -> None:
        """These are no longer under way, now that it is written down."""
        with self._idle:
            self.under_way -= len(results)
        for send, result, hold in results:
            self._log(send, result, hold)

    @staticmethod
    def _log(send: Send, result: Result, hold: Hold | None) -> None:
        if result.state == "sent":
            log.info("send.accepted", correlation_id=send.correlation_id, outbound=send.id)
            return
        log.warning(
            f"send.{result.state}",
            correlation_id=send.correlation_id,
            outbound=send.id,
            code=result.error_code,
            error=result.error,
            held="number" if hold and hold.address else "customer" if hold else None,
        )
