"""Runs the photo process: with few resources, no secrets, and a deadline."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from dataclasses import dataclass
from math import ceil
from pathlib import Path

import bot
from core.errors import Broken, Unreachable
from core.settings import Settings

ROOT = Path(bot.__file__).resolve().parent.parent
OUT_OF_TIME = (-signal.SIGXCPU, -signal.SIGKILL)
"""How it ends when its processor time is over."""
ENDED_FROM_OUTSIDE = (-signal.SIGTERM, -signal.SIGINT)
"""How it ends when all of us are stopped: that says nothing of the photo, and another worker looks."""


@dataclass(frozen=True, slots=True)
class Looked:
    """The analysis: "ok" or the defect, barcode contents, blur, and the picture to store."""

    outcome: str
    texts: tuple[str, ...] = ()
    blurred: bool = False
    kept: bytes = b""


class Looker:
    def __init__(self, settings: Settings):
        self._longest_s = settings.media_look_s
        self._command = [
            sys.executable,
            "-B",
            "-m",
            "bot.errands.looking",
            "--pixels",
            str(settings.media_pixels),
            "--sharp-from",
            str(settings.media_sharpness),
            "--memory-mb",
            str(settings.media_memory_mb),
            "--cpu-s",
            str(ceil(settings.media_look_s)),
        ]

    def look(self, content: bytes, *, read_codes: bool, limit_s: float) -> Looked:
        """Analyse a photo in time; one that crashes the analysing process counts as unreadable.

        Raises Unreachable when whoever looked was stopped in the middle.
        """
        command = [*self._command, "--read-codes"] if read_codes else self._command
        try:
            done = subprocess.run(  # our own interpreter, our own module
                command,
                input=content,
                capture_output=True,
                timeout=min(limit_s, self._longest_s),
                cwd=ROOT,
                env={"LANG": "C.UTF-8"},
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Looked("timed_out")
        if done.returncode in OUT_OF_TIME:
            return Looked("timed_out")
        if done.returncode in ENDED_FROM_OUTSIDE:
            raise Unreachable("whoever looked was told to end")
        if done.returncode < 0:
            return Looked("failed")
        if done.returncode > 0:
            raise Broken(f"looking ended with {done.returncode}: {done.stderr[-300:].decode('utf-8', 'replace')}")
        return _looked(done.stdout)


def _looked(answer: bytes) -> Looked:
    line, _, kept = answer.partition(b"\n")
    told = json.loads(line)
    return Looked(told["outcome"], tuple(told["texts"]), told["blurred"], kept)
