"""`run`, `test`, `bench`: the programs of a checkout, started as `make` starts them, in its folder."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import bot

ROOT = Path(bot.__file__).resolve().parent.parent
PROGRAMS = {
    "run": ("runner", "start everything here; Ctrl-C stops it"),
    "test": ("pytest", "the tests; arguments go to pytest"),
    "bench": ("bench", "how fast, against peers"),
}


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    for name, (_, sentence) in PROGRAMS.items():
        parser = commands.add_parser(name, help=sentence, add_help=False, prefix_chars="\0")
        parser.add_argument("arguments", nargs="*")
        parser.set_defaults(run=run, program=name)


def run(chosen: argparse.Namespace) -> int:
    if not (ROOT / "Makefile").is_file():
        print(f"turno {chosen.program} works in a checkout only: this one is installed", file=sys.stderr)
        return 2
    os.chdir(ROOT)
    os.execv(sys.executable, [sys.executable, "-m", PROGRAMS[chosen.program][0], *chosen.arguments])  # noqa: S606  # a program, no shell
