"""Dry run in a process of its own: it ends in time whatever happens, and blocks no page.

`python -m bot.workers.dry_run_process` reads where the database is and which event from standard input, and answers
one line of JSON.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import asdict, replace
from datetime import UTC, datetime
from math import ceil
from pathlib import Path
from typing import Any

import orjson

import bot
from core import settings as environment
from core.dry_run import Trial
from core.errors import TimedOut, Unreachable
from core.messages import Outbound
from core.settings import Settings
from core.store.db import Database

ROOT = Path(bot.__file__).resolve().parent.parent
COMMAND = (sys.executable, "-B", "-m", "bot.workers.dry_run_process")


def try_apart(url: str, settings: Settings, event_id: int) -> Trial | None:
    """Dry-run this event in a process of its own; None like `try_out`. Raises TimedOut, or Unreachable when it crashed."""
    asked = {
        "url": url, "event": event_id, "memory_mb": settings.dry_run_memory_mb, "cpu_s": ceil(settings.dry_run_s),
    }  # fmt: skip
    try:
        done = subprocess.run(  # our own interpreter, our own module
            COMMAND, input=orjson.dumps(asked), capture_output=True, timeout=settings.dry_run_s, cwd=ROOT, check=False
        )
    except subprocess.TimeoutExpired:
        raise TimedOut(f"a dry run takes over {settings.dry_run_s:g} s") from None
    if done.returncode:
        raise Unreachable(f"a dry run ended with {done.returncode}")
    return _revived(orjson.loads(done.stdout))


def _revived(trial: dict[str, Any] | None) -> Trial | None:
    if trial is None:
        return None
    said = [Outbound.revive(one["kind"], one["text"], one["content"]) for one in trial.pop("said")]
    timers = [(name, datetime.fromisoformat(at) if at else None) for name, at in trial.pop("timers")]
    return Trial(said=said, timers=timers, **trial)


def _json_of(trial: Trial | None) -> bytes:
    if trial is None:
        return b"null"
    said = [{"kind": one.kind, "text": one.text, "content": one.content} for one in trial.said]
    return orjson.dumps(asdict(replace(trial, said=())) | {"said": said}, default=str)


def main() -> None:
    from bot import channels, desks
    from bot.errands.looking.limits import confine
    from bot.workers.dry_run import try_out

    asked = orjson.loads(sys.stdin.buffer.read())
    confine(memory_mb=asked["memory_mb"], cpu_s=asked["cpu_s"])
    settings = environment.load()
    channels.discover(settings.channels_folder)
    if settings.desks_folder:
        desks.add_folder(Path(settings.desks_folder))
    db = Database(asked["url"], pool=1, name="turno dry run")
    try:
        answer = _json_of(try_out(db, settings, asked["event"], datetime.now(UTC)))
    finally:
        db.close()
    sys.stdout.buffer.write(answer)


if __name__ == "__main__":
    main()
