"""Log lines: one JSON object an event, with personal data masked, at a level that can be changed at run time."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable, Mapping, MutableMapping
from contextvars import ContextVar
from typing import Any

import orjson
import structlog

from core import pii
from core.log_file import LogFile
from core.settings import Settings

LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}

log: Any = structlog.get_logger()
_level = LEVELS["info"]
REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")
"""The id of the HTTP request that this thread answers. Lines about an event have the correlation id of the event instead:
one thread commits the events of many requests."""

_PHONE = re.compile(r"(?<![\w.:-])\+?\d[\d ()-]{6,30}\d(?![A-Za-z_:-])")
_WAMID = re.compile(r"wamid\.[\w+/=-]+")
_BSUID = re.compile(r"\b[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{8,128}\b")
_SECRET = frozenset({"text", "name", "token", "secret", "password", "body", "raw", "content", "authorization"})


def masked(value: str) -> str:
    """The text without anything that tells who a customer is."""
    value = _WAMID.sub(lambda found: f"wamid.…{found[0][-4:]}", value)
    value = _BSUID.sub(lambda found: f"{found[0][:2]}.…", value)
    return pii.mask(_PHONE.sub(lambda found: f"•••{found[0][-2:]}", value))


def _mask(_: Any, __: str, line: MutableMapping[str, Any]) -> Mapping[str, Any]:
    for key, value in line.items():
        if key in _SECRET:
            line[key] = "•••"
        elif isinstance(value, str) and key not in ("timestamp", "correlation_id"):
            line[key] = masked(value)
    return line


def _of_request(_: Any, __: str, line: MutableMapping[str, Any]) -> Mapping[str, Any]:
    if "correlation_id" not in line and (request_id := REQUEST_ID.get()):
        line["request_id"] = request_id
    return line


class Levelled(structlog.BoundLoggerBase):
    """Writes what is severe enough at that moment: the level may change while everything runs."""

    def debug(self, event: str, **fields: Any) -> None:
        if _level <= LEVELS["debug"]:
            self._proxy_to_logger("debug", event, **fields)

    def info(self, event: str, **fields: Any) -> None:
        if _level <= LEVELS["info"]:
            self._proxy_to_logger("info", event, **fields)

    def warning(self, event: str, **fields: Any) -> None:
        if _level <= LEVELS["warning"]:
            self._proxy_to_logger("warning", event, **fields)

    def error(self, event: str, **fields: Any) -> None:
        self._proxy_to_logger("error", event, **fields)


class Foreign(logging.Handler):
    """Formats the log records of libraries as JSON lines of ours, masked like any other."""

    def emit(self, record: logging.LogRecord) -> None:
        severity = "error" if record.levelno >= logging.ERROR else "warning"
        getattr(structlog.get_logger(), severity)(
            record.getMessage(), logger=record.name, exc_info=record.exc_info or None
        )


def _take_in_foreign() -> None:
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if isinstance(handler, Foreign)]:
        root.removeHandler(handler)
    root.addHandler(Foreign(logging.WARNING))


def set_level(level: str) -> None:
    """From now on, write what is at least this severe."""
    global _level
    _level = LEVELS[level]


def _appending(file: LogFile, lost: Callable[[], None]) -> structlog.typing.Processor:
    """Every line goes to the file too. A disk that is full, or a folder that is gone, stops nobody: `lost` is told."""

    def append(_: Any, __: str, line: MutableMapping[str, Any]) -> Mapping[str, Any]:
        try:
            file.write(orjson.dumps(line, default=str) + b"\n")
        except OSError:
            lost()
        return line

    return append


def configure(settings: Settings, lost: Callable[[], None]) -> None:
    """Log as the settings say; `lost` is called for a line that could not be written to the file."""
    set_level(settings.log_level)
    _take_in_foreign()
    file = LogFile(settings.log_file, most_bytes=settings.log_file_bytes) if settings.log_file else None
    chosen = (
        [structlog.processors.JSONRenderer(serializer=lambda line, **_: orjson.dumps(line, default=str))]
        if settings.log_format == "json"
        else [structlog.dev.ConsoleRenderer(colors=sys.stdout.isatty())]
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _of_request,
            _mask,
            *([_appending(file, lost)] if file else []),
            *chosen,
        ],
        wrapper_class=Levelled,
        logger_factory=structlog.BytesLoggerFactory()
        if settings.log_format == "json"
        else structlog.PrintLoggerFactory(),
        cache_logger_on_first_use=True,
    )
