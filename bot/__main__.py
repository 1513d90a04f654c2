"""The command line, and the composition root of the workers: `python -m bot --help`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from bot.commands import (
    admin,
    audit,
    catalogue,
    channels,
    demo,
    events,
    flows,
    people,
    person,
    replay,
    switches,
    tickets,
    work,
)

COMMANDS = (work, demo, flows, replay, channels, events, people, person, tickets, catalogue, switches, admin, audit)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bot", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")
    for command in COMMANDS:
        command.add_to(commands)
    chosen = parser.parse_args(arguments)
    code: int = chosen.run(chosen)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
