"""A runner with a crew of small programs: `python -m tests.acceptance.small_crew NAME=CODE …`, CODE being Python."""

from __future__ import annotations

import os
import sys

from runner.program import Program
from runner.screen import Screen
from runner.supervisor import Failed, Stopped, Supervisor


def main(crew: list[str]) -> int:
    screen = Screen()
    try:
        with Supervisor(screen, grace_s=float(os.environ.get("GRACE_S", "20"))) as supervisor:
            supervisor.keep(None)
            for name, _, code in (member.partition("=") for member in crew):
                supervisor.start(Program(name, [sys.executable, "-c", code], {**os.environ, "PYTHONUNBUFFERED": "1"}))
            screen.say("all started")
            supervisor.watch()
    except Stopped:
        screen.say("stopped")
        return 0
    except Failed as failure:
        screen.say(str(failure))
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
