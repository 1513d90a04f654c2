"""The keeper process: holds PostgreSQL, and cleans up after a runner that was killed.

    python -m runner.keeper [FOLDER]

It starts the embedded PostgreSQL in FOLDER (none named: no PostgreSQL), says `ready URL`, and then listens to its
standard input, which is the runner: `+123` and `-123` tell that the process group 123 was started, and is gone. When
the runner closes its end, or dies by whatever cause, the kernel closes it: the keeper ends the groups that are left,
then PostgreSQL, then itself. It lives in a session of its own, where no Ctrl-C reaches it, and ends only in this way.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterable
from contextlib import nullcontext
from pathlib import Path

from core.store import embedded
from runner import groups

GRACE_S = 5.0


def main(arguments: list[str]) -> int:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    server = embedded.running(Path(arguments[0])) if arguments else nullcontext("")
    with server as url:
        print(f"ready {url}".strip(), flush=True)
        groups.end(_left(sys.stdin), grace_s=GRACE_S)
    return 0


def _left(lines: Iterable[str]) -> set[int]:
    """The groups that were started and not told to be gone, once there is nobody to tell more."""
    left: set[int] = set()
    for line in lines:
        group = int(line[1:])
        left = left | {group} if line.startswith("+") else left - {group}
    return left


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
