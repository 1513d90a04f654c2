"""`web` and `window`: gunicorn with the configuration that comes with this package, wherever it is installed.

`web` is the door, with a process for staff behind it unless WINDOW_CONCURRENCY=0. `window` answers on its own address,
for a machine or a container that staff alone reach.
"""

from __future__ import annotations

import argparse
import os
import sys
import sysconfig
from pathlib import Path

import bot

CONFIGURATION = "gunicorn.conf.py"
ROLES = {
    "web": ({}, "serve webhook, chat and window: WEB_CONCURRENCY processes, and WINDOW_CONCURRENCY for staff"),
    "window": ({"WEB_CONCURRENCY": "0"}, "serve with WINDOW_CONCURRENCY processes for staff and none at the door"),
}
"""What each tells gunicorn's configuration, and what it does."""


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    for name, (told, sentence) in ROLES.items():
        parser = commands.add_parser(name, help=sentence)
        parser.set_defaults(run=run, told=told)


def run(chosen: argparse.Namespace) -> int:
    for name, value in chosen.told.items():
        os.putenv(name, value)
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", "--config", str(configuration()), "wsgi:app"])  # noqa: S606  # a program, no shell


def configuration() -> Path:
    """Beside the code in a checkout, in `share/turno` of an installation."""
    beside = Path(bot.__file__).resolve().parents[1] / CONFIGURATION
    return beside if beside.is_file() else Path(sysconfig.get_path("data")) / "share" / "turno" / CONFIGURATION
