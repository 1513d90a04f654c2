"""`python -m bench.beside`: what fifty slow panels do to the door, in one run, taking turns.

Fifty readers of the window ask for a panel that takes three seconds, again and again, while signed POSTs come in at a
steady rate. Once the panel waits (for a lock), once it computes all the time; once as deployed, where only a few are
asked at once, and once with all fifty running, in web processes of the window's own. Prints what became of the 200.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

import psycopg

from bench import load, sections, sides
from bench.load import Measured
from bench.processes import FOLDER, free_port, running, wait_until_open
from bench.readers import Readers, Told, let_in
from bench.sections import Machine
from bench.sides import Side
from core.store import embedded

READERS, PANEL_S = 50, 3.0
PATH = "/admin/panels/reports/ratings/piece?since={}m"
COMPUTES = """
create or replace view report.ratings as {} union all
select null::text, null::text, null::smallint, null::text, null::smallint, now() - interval '1 minute'
from (select count(*) as n from (select generate_series(1, 1000000000000)) s) s where s.n > 0
"""
"""It never ends by itself, and keeps nothing: the limit of time stops it."""

NOBODY, WAITS, BUSY = "nobody asks", "50 ask, it waits", "50 ask, it computes"
KINDS = (NOBODY, WAITS, BUSY)
TOGETHER, APART = "as deployed", "apart, all run"
ROOMS = (TOGETHER, APART)
CUSTOMERS = 5000


@dataclass(slots=True)
class Round:
    measured: Measured
    told: Told


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.beside", description=__doc__)
    parser.add_argument("--rate", type=int, default=100, help="POSTs a second")
    parser.add_argument("--for", type=float, default=12.0, dest="for_s", help="seconds a turn")
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    before = os.getloadavg()[0]
    try:
        load.compiled()
    except load.NoCompiler as why:
        print(f"python -m bench.beside: {why}", file=sys.stderr)
        return 2
    found = _measured(chosen.rate, chosen.for_s, chosen.rounds)
    print("\n".join(_lines(found, chosen.rate, before)))
    return 0


def _measured(rate: int, for_s: float, rounds: int) -> dict[tuple[str, str], list[Round]]:
    found: dict[tuple[str, str], list[Round]] = {}
    folder = FOLDER / "postgres-beside"
    shutil.rmtree(folder, ignore_errors=True)
    try:
        with embedded.running(folder) as url:
            machine = Machine(url, sides.postmaster(folder), free_port(), lambda what: print(what, file=sys.stderr))
            database = machine.database("beside", CUSTOMERS)
            for room in ROOMS:
                with _sides(database, machine, room) as (door, window):
                    sections.at_rate(machine, door, rate, 3.0)  # statements prepared, caches warm
                    for kind, told in _rounds(database, machine, door, window.port, rate, for_s, rounds):
                        found.setdefault((room, kind), []).append(told)
                        machine.say(f"{room}, {kind}: p99 {told.measured.post.p99:.1f} ms")
            return found
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _sides(database: str, machine: Machine, room: str) -> Iterator[tuple[Side, Side]]:
    """The door, and where staff look: the same web processes, or others beside them."""
    environ = {**sides.OPEN, "PANEL_TIMEOUT_S": str(PANEL_S)}
    with sides.ours(database, machine.postgres, machine.graph_port, settings=environ) as door:
        if room == TOGETHER:
            yield door, door
            return
        environ |= {"PORT": str(port := free_port()), "DATABASE_URL": database, "PANELS_AT_ONCE": str(READERS)}
        environ |= {"PROMETHEUS_MULTIPROC_DIR": str(FOLDER / "metrics-window")}
        with running("window", ["-m", "gunicorn"], environ) as window:
            wait_until_open(port, window)
            yield door, Side("window", port, (window,))


def _rounds(
    database: str, machine: Machine, door: Side, port: int, rate: int, for_s: float, rounds: int
) -> Iterator[tuple[str, Round]]:
    cookie = let_in(database)
    for _ in range(rounds):
        for kind in KINDS:
            with slow(database, kind), _readers(kind, database, port, cookie) as readers:
                measured = sections.at_rate(machine, door, rate, for_s)
                told = readers.told()
            yield kind, Round(measured, told)


def _readers(kind: str, database: str, port: int, cookie: str) -> Readers:
    return Readers(0 if kind == NOBODY else READERS, port, PATH, cookie, database)


@contextmanager
def slow(database: str, kind: str) -> Iterator[None]:
    """The panel is slow in this way while the block lasts."""
    with psycopg.connect(database) as connection:
        if kind == WAITS:
            connection.execute("lock table survey_answers in access exclusive mode")
            yield
            connection.rollback()
            return
        [(view,)] = connection.execute("select pg_get_viewdef('report.ratings'::regclass)").fetchall()
        if kind == BUSY:
            connection.execute(COMPUTES.format(view.rstrip(";")).encode())
            connection.commit()
        yield
        connection.execute(f"create or replace view report.ratings as {view}".encode())


def _lines(found: Mapping[tuple[str, str], list[Round]], rate: int, before: float) -> Iterator[str]:
    rounds = len(next(iter(found.values())))
    yield f"{READERS} readers, a panel of {PANEL_S:g} s, {rate} POSTs a second, {rounds} rounds taking turns; medians"
    yield f"{'':34}{'panels':>8}{'at once':>9}{'200: p50':>10}{'p95':>8}{'p99':>8}{'most':>8}{'reply p95':>11}  (ms)"
    for (room, kind), runs in found.items():
        posts = [run.measured.post for run in runs]
        reply = median(run.measured.reply.p95 for run in runs if run.measured.reply)
        yield (
            f"{f'{room}: {kind}':34}{median(r.told.ran for r in runs):>8.0f}{median(r.told.at_once for r in runs):>9.0f}"
            f"{median(p.p50 for p in posts):>10.1f}{median(p.p95 for p in posts):>8.1f}"
            f"{median(p.p99 for p in posts):>8.1f}{median(p.most for p in posts):>8.1f}{reply:>11.1f}"
        )
    yield ""
    yield "p99 of each round, ms"
    for (room, kind), runs in found.items():
        yield f"{f'{room}: {kind}':34}" + "".join(f"{run.measured.post.p99:>8.1f}" for run in runs)
    yield f"{os.cpu_count()} cores, Python {platform.python_version()}; load before {before:.1f}"


if __name__ == "__main__":
    sys.exit(main())
