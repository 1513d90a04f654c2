"""`python -m bench.panels --messages 1000000`: how long each panel of the window takes with so much past.

Each is asked as its page asks it: through the window's own connections, as the role of panels, drawn afterwards. Exits 1
when one takes longer than a panel may. With `--keep FOLDER` the made-up past stays there for the next time.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

import psutil
import psycopg

from bench import crowd, seed, sides
from bench.processes import FOLDER, cpu_s
from bot import desks as flows
from core.clock import SystemClock
from core.panels.panel_file import Panel
from core.settings import Settings
from core.store import embedded
from core.store.asking.viewing import ALL_DESKS, Limits, Viewing
from dashboard.boards.asking import Asked, Asking
from dashboard.boards.shelf import Shelf
from dashboard.boards.showing import show

MOST_S = Settings.model_validate({}).panel_timeout_s
PATIENCE_S = 60.0
"""Longer than a panel may: a slow one is to tell how slow it is."""

EVERYBODY, ONE_DESK = frozenset({ALL_DESKS}), frozenset({seed.DESK})
LOOKS = (
    ("24 h", "24h", EVERYBODY), ("7 d", "7d", EVERYBODY), ("30 d", "30d", EVERYBODY), ("30 d, one desk", "30d", ONE_DESK),
    ("ever", "3650d", EVERYBODY),
)  # fmt: skip
"""The ranges of time that a board offers, and the longest that can be typed."""


@dataclass(slots=True)
class Timed:
    panel: Panel
    seconds: list[float] = field(default_factory=list)
    cpu_s: list[float] = field(default_factory=list)
    """Of PostgreSQL: what it would take at least on a machine that has nothing else to do."""
    problem: str = ""

    @property
    def worst(self) -> float:
        return max(self.seconds)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.panels", description=__doc__)
    parser.add_argument("--messages", type=int, default=1_000_000, help="events of customers, timers and staff")
    parser.add_argument(
        "--keep", type=Path, help="folder that keeps the generated history for the next run (default: deleted)"
    )
    parser.add_argument("--only", default="", help="only panels whose path has this in it")
    chosen = parser.parse_args()
    folder = chosen.keep or FOLDER / "postgres-panels"
    with _past(folder, chosen.messages, keep=chosen.keep is not None) as url:
        postgres = sides.postmaster(folder)
        timed = [_timed(url, postgres, panel) for panel in _panels() if chosen.only in panel.path]
    print("\n".join(_lines(timed, chosen.messages)))
    slow = [one.panel.path for one in timed if one.worst > MOST_S or one.problem]
    print(f"\ntoo slow, or broken: {', '.join(slow)}" if slow else f"\neach panel takes less than {MOST_S:g} s")
    return 1 if slow else 0


@contextmanager
def _past(folder: Path, messages: int, *, keep: bool) -> Iterator[str]:
    """A database with so much past in it."""
    try:
        with embedded.running(folder) as url:
            yield _filled(url, messages)
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


def _filled(url: str, messages: int) -> str:
    name = f"past_{messages}"
    with psycopg.connect(url) as connection:
        if connection.execute("select 1 from pg_database where datname = %s", (name,)).fetchone():
            return crowd.in_database(url, name)
    began = monotonic()
    made = crowd.make(url, name)
    seed.fill(made, messages)
    print(f"{messages:,} messages made in {monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    return made


def _panels() -> list[Panel]:
    return [panel for board in Shelf(desks=flows.panels).boards().values() for panel in board.panels]


def _timed(url: str, postgres: psutil.Process, panel: Panel) -> Timed:
    viewing = Viewing(url)
    asking = Asking(viewing, SystemClock(), Limits(timeout_s=PATIENCE_S), keep_s=0)
    found = Timed(panel)
    try:
        for _, since, desks in LOOKS:
            began, busy = monotonic(), cpu_s([postgres])
            shown = show(panel, Asked({"since": since}, desks), asking, diagrams=flows.diagrams())
            found.seconds.append(monotonic() - began)
            found.cpu_s.append(cpu_s([postgres]) - busy)
            found.problem = found.problem or shown.problem
    finally:
        viewing.close()
    return found


def _lines(timed: list[Timed], messages: int) -> Iterator[str]:
    yield (
        f"{f'seconds, {messages:,} messages in 30 days':42}"
        + "".join(f"{name:>16}" for name, *_ in LOOKS)
        + f"{'CPU, most':>12}"
    )
    for one in sorted(timed, key=lambda one: -one.worst):
        seconds = "".join(f"{took:>16.2f}" for took in one.seconds)
        seconds += f"{max(one.cpu_s):>12.2f}"
        yield f"{one.panel.path:42}{seconds}{'  TOO SLOW' if one.worst > MOST_S else ''}{one.problem and '  ' + one.problem}"
    yield f"{os.cpu_count()} cores, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}"


if __name__ == "__main__":
    sys.exit(main())
