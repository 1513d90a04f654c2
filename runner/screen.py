"""Terminal output: each line with the name of its program, JSON shortened to be readable."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from threading import Lock
from typing import IO, Any

COLOURS = {"web": 36, "workers": 35, "simulator": 33, "turno": 32, "postgres": 34}
LOUD = {"warning": 33, "error": 31, "critical": 31}
WIDTH = 9
DULL = frozenset({"event", "level", "timestamp", "exception", "correlation_id"})


class Screen:
    """Prints lines whole, whoever writes at the same time."""

    def __init__(self, out: IO[str] = sys.stdout, environ: Mapping[str, str] = os.environ):
        self._out = out
        self._lock = Lock()
        self._coloured = out.isatty() and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"

    def say(self, text: str, *, level: str = "info") -> None:
        """A word of the runner's own."""
        self.line("turno", text, level=level)

    def line(self, who: str, text: str, *, level: str = "info") -> None:
        label = self._paint(f"{who:<{WIDTH}} │", COLOURS.get(who, 37))
        body = self._paint(text, LOUD[level]) if level in LOUD else text
        with self._lock:
            try:
                print(f"{label} {body}", file=self._out, flush=True)
            except (OSError, ValueError):
                pass  # the terminal is gone (SIGHUP): what is left to do is to stop, in silence

    def output(self, who: str, text: str) -> None:
        """A line that a program wrote: a log line in JSON, or plain words."""
        for level, line in readable(text):
            self.line(who, line, level=level)

    def _paint(self, text: str, colour: int) -> str:
        return f"\x1b[{colour}m{text}\x1b[0m" if self._coloured else text


def readable(text: str) -> list[tuple[str, str]]:
    """The lines to show, each with its level."""
    entry = _entry(text)
    if entry is None:
        return [("info", _harmless(text))]
    level = str(entry.get("level", "info"))
    rest = "  ".join(f"{name}={_short(value)}" for name, value in entry.items() if name not in DULL)
    text = f"{entry['event']}  {rest}".rstrip()
    trace = str(entry.get("exception", "")).splitlines()
    return [(level, _harmless(line)) for line in (text, *trace)]


def _entry(text: str) -> dict[str, Any] | None:
    if not text.startswith("{"):
        return None
    try:
        entry = json.loads(text)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) and "event" in entry else None


def _short(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _harmless(text: str) -> str:
    """Without control characters, which could move the cursor or change the terminal."""
    return "".join(character for character in text if character.isprintable() or character == "\t")
