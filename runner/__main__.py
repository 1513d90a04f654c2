"""`python -m runner`: start everything, show it, and stop it on Ctrl-C."""

from __future__ import annotations

import os
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from fasteners import InterProcessLock

from core import settings as environment
from core import telemetry
from core.settings import Settings
from runner import ports
from runner.house import House
from runner.screen import Screen
from runner.supervisor import Failed, Stopped, Supervisor

ROOT = Path(__file__).parent.parent
SIMULATOR_PORT = "SIMULATOR_PORT"


def main() -> int:
    screen = Screen()
    settings = environment.load()
    house = House(ROOT, os.environ, settings.port, _simulator_port())
    house.var.mkdir(exist_ok=True)
    lock = InterProcessLock(house.var / "runner.lock")
    if not lock.acquire(blocking=False):
        return _refuse(screen, "Turno already runs from this folder: stop that one first.")
    problems = _problems(house, settings)
    return _refuse(screen, *problems) if problems else _run(screen, house, settings)


def _problems(house: House, settings: Settings) -> list[str]:
    if settings.app_env == "production":
        return ["make run is for development: in production, docs/operating.md says what to start."]
    return ports.taken({"PORT": house.port, SIMULATOR_PORT: house.simulator_port})


def _run(screen: Screen, house: House, settings: Settings) -> int:
    try:
        with Supervisor(screen) as supervisor:
            _start(screen, house, supervisor, settings.database_url)
            supervisor.watch()
    except Stopped:
        screen.say("stopped; what was said is kept under var/")
        return 0
    except Failed as failure:
        screen.say(f"{failure}; everything is stopped", level="error")
    return 1


def _start(screen: Screen, house: House, supervisor: Supervisor, database_url: str) -> None:
    began = time.monotonic()
    screen.say("starting PostgreSQL" if not database_url else "using the PostgreSQL that DATABASE_URL names")
    kept_url = supervisor.keep(None if database_url else house.var / "postgres")
    environ = house.environment(database_url or kept_url)
    telemetry.prepare_multiprocess(Path(environ[telemetry.MULTIPROCESS]))
    screen.say("migrating, and loading the demo desks")
    for step in house.steps(environ):
        supervisor.run(step)
    for program in house.programs(environ):
        supervisor.start(program)
    for address in (f"{house.web}/health/ready", house.phone):
        supervisor.until(_answers(address))
    _welcome(screen, house, time.monotonic() - began)
    supervisor.run(house.welcome(environ))


def _answers(address: str) -> Callable[[], bool]:
    def asked() -> bool:
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310  # our own, on this machine
                return int(answer.status) == 200
        except OSError:
            return False

    return asked


def _welcome(screen: Screen, house: House, seconds: float) -> None:
    for line in (
        "",
        f"Turno runs (ready in {seconds:.1f} s). Ctrl-C stops it.",
        "",
        f"  the phone     {house.phone}",
        f"  the chat      {house.web}/chat/",
        f"  the window    {house.window}    for staff",
        f"  the webhook   {house.web}/webhook",
        f"  health        {house.web}/health/ready    metrics  {house.web}/metrics",
        "",
    ):
        screen.say(line)


def _refuse(screen: Screen, *problems: str) -> int:
    for problem in problems:
        screen.say(problem, level="error")
    return 1


def _simulator_port() -> int:
    given = os.environ.get(SIMULATOR_PORT, "8001")
    if not given.isdigit() or not 1 <= int(given) <= 65535:
        raise environment.BadSettings(f"{SIMULATOR_PORT} must be a port, not {given!r}")
    return int(given)


if __name__ == "__main__":
    sys.exit(main())
