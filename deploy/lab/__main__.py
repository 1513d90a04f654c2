"""`python -m deploy.lab`: start the lab, let everything fail in turn while customers write, print the table.

Exit 0 when nothing was lost, nothing said twice and every goal was met; 1 when not; 2 when it cannot run here.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from deploy.lab import needs, sizing, table
from deploy.lab.evidence import cost, settled
from deploy.lab.failures import FAILURES, Failure
from deploy.lab.hosts import Lab, laboratory
from deploy.lab.load import Talk
from deploy.lab.namespaces import clean, standing
from deploy.lab.table import Row
from deploy.lab.waiting import rest, until

CUSTOMERS, RATE = 40, 5.0
BEFORE_S, AFTER_S = 6.0, 16.0
SETTLE_S = 180.0
FIRST_PHONE = 5215570000000


def main(arguments: Sequence[str] | None = None) -> int:
    chosen = _options(arguments)
    if lacking := needs.lacking():
        print("\n".join(["The lab cannot run here:", *(f"  - {each}" for each in lacking)]), file=sys.stderr)
        return 2
    if chosen.clean:
        clean()
        return 0
    if left := standing():
        print(f"A lab runs, or was left: {', '.join(left)}. `python -m deploy.lab --clean` ends it.", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return _run([failure for failure in FAILURES if not chosen.only or chosen.only in failure.name])
    except KeyboardInterrupt:
        return 130


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m deploy.lab", description=__doc__)
    parser.add_argument("--only", default="", help="failures with these words in their name")
    parser.add_argument("--clean", action="store_true", help="end a lab that was left, and do nothing else")
    return parser.parse_args(arguments)


def _run(failures: Sequence[Failure]) -> int:
    rows: list[Row] = []
    print(f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {platform.system()} {platform.release()}")
    print(f"{CUSTOMERS} customers, {RATE:.0f} messages a second\n", flush=True)
    with _folder() as folder, laboratory(folder) as lab:
        size = sizing.measured(lab, _newcomers(90, sizing.CUSTOMERS)) if len(failures) == len(FAILURES) else None
        print(f"{table.HEAD}\n{table.RULE}", flush=True)
        for number, failure in enumerate(failures):
            rows.append(_suffered(lab, failure, _newcomers(number, CUSTOMERS)))
            print(rows[-1], flush=True)
    if size:
        print("", *size.lines(), sep="\n")
    return 0 if all(row.good for row in rows) else 1


def _suffered(lab: Lab, failure: Failure, customers: Sequence[str]) -> Row:
    """The row of one failure."""
    with Talk(lab.exchange, customers, RATE) as talk:
        rest(BEFORE_S)
        failure.strike(lab)
        rest(AFTER_S)
    until(lambda: settled(lab, talk.said), SETTLE_S)
    row = Row(failure.name, cost(lab, talk.said), failure.goal_s)
    if failure.mend:
        failure.mend(lab)
    return row


def _newcomers(group: int, count: int) -> list[str]:
    """Customers who never wrote before."""
    return [str(FIRST_PHONE + group * 10_000 + number) for number in range(count)]


@contextmanager
def _folder() -> Iterator[Path]:
    """Data and logs of a run. They stay when something went wrong."""
    folder = Path(tempfile.mkdtemp(prefix="turno-lab-"))
    folder.chmod(0o755)
    try:
        yield folder
    except KeyboardInterrupt:
        shutil.rmtree(folder)
        raise
    except BaseException:
        print(f"its logs are in {folder}", file=sys.stderr)
        raise
    shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(main())
