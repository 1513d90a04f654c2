"""Wake-ups between processes (LISTEN/NOTIFY): a worker sleeps until the bell rings, or until a slow poll.

Ringing costs a NOTIFY, and NOTIFY makes commits queue up behind each other. So it never rides in a transaction of
ours: it goes out after the commit, by itself, from a thread of its own, once for everything that happened meanwhile.
A ring that is lost costs one poll interval, never an event.
"""

from __future__ import annotations

import threading
from contextlib import suppress

import psycopg

from core.telemetry import log

INBOX = "turno_inbox"
OUTBOX = "turno_outbox"
ERRANDS = "turno_media"
"""Named after the first errands, photos: workers of the release before ring it and listen to it."""
SWITCHES = "turno_switches"
CHANNELS = (INBOX, OUTBOX, ERRANDS, SWITCHES)

RECONNECT_S = 1.0

REST_S = 0.005
"""Between two rings: what is busy is woken once for many events, which is what makes its rounds cheap."""
RING = "select set_config('synchronous_commit', 'off', true), pg_notify(%s, '')"
"""Off for this one transaction: a session that a pooler hands to others stays as it was."""


class Bell:
    """Rings for everybody who listens."""

    def __init__(self, url: str):
        self._url = url
        self._rung: set[str] = set()
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None
        self._closed = threading.Event()

    def ring(self, channel: str) -> None:
        """Wake those who listen on the channel, soon. Never waits and never fails."""
        self._rung.add(channel)
        self._wake.set()
        if self._thread is None:
            self._start()

    def close(self) -> None:
        """Ring what was rung, and end. Without a database that stays undone: whoever waits looks by himself."""
        self._closed.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(timeout=5)

    @property
    def ringing(self) -> bool:
        """True while the listener thread is at work."""
        return self._thread is not None and self._thread.is_alive()

    def _start(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="bell", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        while self._rung or not self._closed.is_set():
            try:
                with psycopg.connect(self._url, autocommit=True, application_name="turno bell") as connection:
                    self._pass_on(connection)
            except psycopg.Error as error:
                log.warning("bell.lost", error=type(error).__name__)
                if self._closed.is_set():
                    return
                self._wake.set()  # what was rung is not forgotten
                self._closed.wait(RECONNECT_S)

    def _pass_on(self, connection: psycopg.Connection) -> None:
        while self._rung or not self._closed.is_set():
            self._wake.wait()
            self._wake.clear()
            for channel in list(self._rung):
                self._notify(connection, channel)
            self._closed.wait(REST_S)

    def _notify(self, connection: psycopg.Connection, channel: str) -> None:
        self._rung.discard(channel)  # first, so that whoever rings meanwhile is heard too
        try:
            connection.execute(RING, (channel,))
        except psycopg.Error:
            self._rung.add(channel)
            raise


class Ear:
    """Sleeps until one of its channels is rung, at most so long. One thread listens; many may wait."""

    def __init__(self, url: str, *channels: str):
        self._url = url
        self._heard = {channel: threading.Event() for channel in channels}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._work, name="ear", daemon=True)
        self._thread.start()

    def wait(self, channel: str, timeout_s: float) -> bool:
        """True when rung, False when the time was over."""
        heard = self._heard[channel].wait(timeout_s)
        self._heard[channel].clear()
        return heard

    def wake(self, *channels: str) -> None:
        """Let those who wait on these channels go on, or everybody."""
        for channel in channels or self._heard:
            self._heard[channel].set()

    def pause(self, wait_s: float) -> None:
        """Wait, but not beyond the end."""
        self._ended.wait(wait_s)

    def close(self) -> None:
        self._ended.set()
        self.wake()
        self._thread.join(timeout=5)

    def _work(self) -> None:
        while not self._ended.is_set():
            with suppress(psycopg.Error):
                self._listen()
            if not self._ended.is_set():
                self.pause(RECONNECT_S)

    def _listen(self) -> None:
        with psycopg.connect(self._url, autocommit=True, application_name="turno ear") as connection:
            for channel in self._heard:
                connection.execute(f"listen {channel}")
            self.wake()  # whatever happened before we listened
            while not self._ended.is_set():
                for note in connection.notifies(timeout=0.5):
                    self._heard[note.channel].set()
                    if self._ended.is_set():
                        return
