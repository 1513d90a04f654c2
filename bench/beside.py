"""`python -m bench.beside`: what fifty slow panels do to the door, in one run, taking turns.

Fifty readers of the window ask for a panel that takes three seconds, again and again, while signed POSTs come in at a
steady rate. Once the panel waits (for a lock), once it computes all the time; once as deployed, where only a few are
asked at once, and once with all fifty running. Beside what becomes of the 200 when nobody asks stands what becomes of it
when nobody asks and as many programs that have nothing to do with Turno compute, as far behind: no panel that
computes can cost less than that.
"""

from __future__ import annotations

import argparse
import itertools
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from statistics import median
from time import sleep

import psutil
import psycopg

from bench import load, sections, sides
from bench.letters import Letters
from bench.load import Measured
from bench.processes import FOLDER, free_port
from bench.readers import Readers, Told, let_in
from bench.sections import Machine
from bench.sides import Side
from core import niceness
from core.settings import Settings
from core.store import embedded

READERS, PANEL_S = 50, 3.0
PATH = "/admin/panels/reports/ratings/piece?since={}m"
ENDLESS = """
create or replace view report.ratings as {} union all
select null::text, null::text, null::smallint, null::text, null::smallint, now() - interval '1 minute'
from (select count(*) as n from (select generate_series(1, 1000000000000)) s) s where s.n > 0
"""
"""It never ends by itself, and keeps nothing: the limit of time stops it."""

NOBODY, STRANGERS = "nobody asks", "nobody asks, strangers compute"
WAITS, COMPUTES = "50 ask, it waits", "50 ask, it computes"
KINDS = (NOBODY, WAITS, STRANGERS, COMPUTES)
DEPLOYED, ALL = "as deployed", "all 50 run"
AT_ONCE = {DEPLOYED: Settings().panels_at_once, ALL: READERS}
GROUP = 1500
"""Who may talk in one run, at a hundred POSTs a second; each run is others', all of whom are known."""


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
    talkers = (Letters(GROUP, first=GROUP * n) for n in itertools.count())
    folder = FOLDER / "postgres-beside"
    shutil.rmtree(folder, ignore_errors=True)
    try:
        with embedded.running(folder) as url:
            machine = Machine(url, sides.postmaster(folder), free_port(), lambda what: print(what, file=sys.stderr))
            database = machine.database("beside", GROUP * (1 + rounds * len(KINDS)) * len(AT_ONCE))
            for room, at_once in AT_ONCE.items():
                with _side(database, machine, at_once) as side:
                    sections.at_rate(machine, side, rate, 3.0, next(talkers))  # statements prepared, caches warm
                    for kind, told in _rounds(database, machine, side, at_once, talkers, rate, for_s, rounds):
                        found.setdefault((room, kind), []).append(told)
                        machine.say(f"{room}, {kind}: p99 {told.measured.post.p99:.1f} ms")
            return found
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _side(database: str, machine: Machine, at_once: int) -> AbstractContextManager[Side]:
    environ = {**sides.OPEN, "PANEL_TIMEOUT_S": str(PANEL_S), "PANELS_AT_ONCE": str(at_once)}
    return sides.ours(database, machine.postgres, machine.graph_port, settings=environ)


def _rounds(
    database: str,
    machine: Machine,
    side: Side,
    at_once: int,
    talkers: Iterator[Letters],
    rate: int,
    for_s: float,
    rounds: int,
) -> Iterator[tuple[str, Round]]:
    cookie = let_in(database)
    for _ in range(rounds):
        for kind in KINDS:
            with (
                slow(database, kind),
                strangers(at_once if kind == STRANGERS else 0),
                _readers(kind, database, side.port, cookie) as readers,
            ):
                measured = sections.at_rate(machine, side, rate, for_s, next(talkers))
                told = readers.result()
            yield kind, Round(measured, told)


@contextmanager
def strangers(many: int) -> Iterator[None]:
    """So many programs compute while the block lasts, each in a session of its own, as far behind as what staff ask."""
    command = [sys.executable, "-c", "while True: pass"]
    started = [subprocess.Popen(command, start_new_session=True) for _ in range(many)]
    try:
        for process in started:
            while not niceness.give_way(psutil.Process(process.pid)):
                sleep(0.02)
        yield
    finally:
        for process in started:
            process.kill()
            process.wait()


def _readers(kind: str, database: str, port: int, cookie: str) -> Readers:
    return Readers(READERS if kind in (WAITS, COMPUTES) else 0, port, PATH, cookie, database)


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
        if kind == COMPUTES:
            connection.execute(ENDLESS.format(view.rstrip(";")).encode())
            connection.commit()
        yield
        connection.execute(f"create or replace view report.ratings as {view}".encode())


def _lines(found: Mapping[tuple[str, str], list[Round]], rate: int, before: float) -> Iterator[str]:
    rounds = len(next(iter(found.values())))
    yield f"{READERS} readers, a panel of {PANEL_S:g} s, {rate} POSTs a second, {rounds} rounds taking turns; medians"
    yield f"{'':44}{'panels':>8}{'at once':>9}{'200: p50':>10}{'p95':>8}{'p99':>8}{'most':>8}{'reply p95':>11}  (ms)"
    for (room, kind), runs in found.items():
        posts = [run.measured.post for run in runs]
        reply = median(run.measured.reply.p95 for run in runs if run.measured.reply)
        yield (
            f"{f'{room}: {kind}':44}{median(r.told.ran for r in runs):>8.0f}{median(r.told.at_once for r in runs):>9.0f}"
            f"{median(p.p50 for p in posts):>10.1f}{median(p.p95 for p in posts):>8.1f}"
            f"{median(p.p99 for p in posts):>8.1f}{median(p.most for p in posts):>8.1f}{reply:>11.1f}"
        )
    yield ""
    yield "p99 of each round, ms"
    for (room, kind), runs in found.items():
        yield f"{f'{room}: {kind}':44}" + "".join(f"{run.measured.post.p99:>8.1f}" for run in runs)
    yield f"{os.cpu_count()} cores, Python {platform.python_version()}; load before {before:.1f}"


if __name__ == "__main__":
    sys.exit(main())
