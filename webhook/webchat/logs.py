"""The log for holders of its key: its end, and new lines as a stream."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from socket import SHUT_RD, socket
from threading import BoundedSemaphore
from time import monotonic, sleep
from typing import Any

from flask import Blueprint, Response, request

from core import telemetry
from core.errors import BadBody, Refused
from core.settings import Settings
from core.store import heartbeats
from core.store.db import Database
from core.store.staff import audit
from core.telemetry import LEVELS
from core.wire import webchat
from webhook.aside import LogReader
from webhook.keyholder import Keyholder
from webhook.webchat.refusals import answered

LAST = 32_768
"""So many bytes are shown of what was."""
LOOK_S = 0.3
PING_S = 20.0
SLOW_S = 20.0
"""A reader that takes nothing for so long is dropped."""
DEFAULT = "default"


class NoLog(Refused):
    """No LOG_FILE is set."""

    status = 404


class ManyFollow(Refused):
    """As many follow the log as may."""

    status = 503


class Logs:
    """`serving` tells whether this process goes on: streams end when it is asked to stop."""

    def __init__(self, db: Database, settings: Settings):
        self._db, self._path, self._heartbeat_s = db, settings.log_file, settings.heartbeat_s
        self._places = BoundedSemaphore(settings.max_sse_clients)
        self.serving: Callable[[], bool] = lambda: True

    def end(self) -> bytes:
        """Its last whole lines."""
        reader = self._reader()
        try:
            return reader.tail(LAST)
        finally:
            reader.close()

    def stream(self, *, once: bool) -> Response:
        """Its last lines and then every new one, as server-sent events. Raises ManyFollow."""
        reader = self._reader()
        if not self._places.acquire(blocking=False):
            raise ManyFollow("as many follow the log as may")
        telemetry.streams(+1)
        answer = Response(self._events(reader, once=once), mimetype="text/event-stream")
        answer.headers["X-Accel-Buffering"] = "no"  # proxies must not wait for more

        def leave() -> None:
            reader.close()
            telemetry.streams(-1)
            self._places.release()

        answer.call_on_close(leave)
        return answer

    def set_level(self, level: Any) -> dict[str, Any]:
        """Every process writes so much, within a heartbeat; `default`: what each was told at its start."""
        if level not in (*LEVELS, DEFAULT):
            raise BadBody(f"level is one of {', '.join(LEVELS)}, {DEFAULT}")
        with self._db.transaction() as tx:
            heartbeats.set_log_level(tx, None if level == DEFAULT else level)
            audit.note(tx, who="log token", did="set the log level", subject="log", why=level)
        return {"ok": True, "level": level, "withinS": self._heartbeat_s}

    def _reader(self) -> LogReader:
        if not self._path:
            raise NoLog("LOG_FILE is not set")
        return LogReader(self._path)

    def _events(self, reader: LogReader, *, once: bool) -> Iterator[bytes]:
        yield b": the log\n\n" + _framed(reader.tail(LAST))
        said_at = monotonic()
        while not once and self.serving():
            added = reader.new()
            if added or monotonic() - said_at > PING_S:
                yield _framed(added) or b": ping\n\n"
                said_at = monotonic()
            else:
                sleep(LOOK_S)


def add_to(routes: Blueprint, logs: Logs, keyholder: Keyholder) -> None:
    @routes.get("/logs")
    @answered
    def end() -> Response:
        keyholder.check_logs(request)
        return Response(logs.end(), mimetype="text/plain")

    @routes.get("/logs/stream")
    @answered
    def stream() -> Response:
        keyholder.check_logs(request)
        answer = logs.stream(once=request.args.get("mode") == "once")
        if "gunicorn.socket" in request.environ:
            _tie(answer, request.environ["gunicorn.socket"])
        return answer

    @routes.post("/logs/level")
    @answered
    def level() -> dict[str, Any]:
        keyholder.check(request, "logs")
        return logs.set_level(webchat.body(request.get_data()).get("level"))


def _tie(answer: Response, connection: socket) -> None:
    """The connection ends with the stream, or when nobody takes what is sent."""
    connection.settimeout(SLOW_S)

    def close() -> None:
        with suppress(OSError):  # it is closed already
            connection.shutdown(SHUT_RD)

    answer.call_on_close(close)


def _framed(lines: bytes) -> bytes:
    """Each line as an event of its own."""
    return b"".join(b"data: " + line + b"\n\n" for line in lines.splitlines() if line)
