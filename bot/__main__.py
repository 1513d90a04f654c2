"""The command line, and the composition root of the workers: `turno --help`, or `python -m bot --help`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from core import loading
from core.version import VERSION

with loading.kept():
    from bot.commands import (
        admin,
        audit,
        backup,
        canary,
        catalogue,
        channels,
        code,
        demo,
        desk,
        digest,
        events,
        flows,
        migrate,
        people,
        person,
        programs,
        replay,
        restore,
        rollout,
        serve,
        smoke,
        switches,
        tickets,
        work,
    )

COMMANDS = (
    migrate,
    serve,
    work,
    demo,
    desk,
    flows,
    replay,
    channels,
    code,
    events,
    people,
    person,
    tickets,
    catalogue,
    switches,
    admin,
    audit,
    backup,
    restore,
    smoke,
    canary,
    rollout,
    digest,
    programs,
)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="turno", description=__doc__)
    parser.add_argument("--version", action="version", version=f"turno {VERSION}")
    commands = parser.add_subparsers(required=True, metavar="command")
    for command in COMMANDS:
        command.add_to(commands)
    chosen = parser.parse_args(arguments)
    code: int = chosen.run(chosen)
    return code


def turno() -> int:
    """Entry point of the installed command `turno`."""
    return main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(turno())
