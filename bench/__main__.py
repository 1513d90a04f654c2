"""`python -m bench`: how fast this is, against peers, in one run on one PostgreSQL. docs/benchmark.md says how.

Exits 1 when a goal of `bench/goals.toml` is missed, 2 when it cannot run.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from time import monotonic

import psycopg

from bench import load, sections, sides
from bench.processes import FOLDER, free_port
from bench.sections import Machine
from bench.table import Results, lines, missed
from core.store import embedded


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--large", action="store_true", help="also with a million conversations (minutes longer)")
    sizes = (1_000, 100_000, 1_000_000) if parser.parse_args().large else (1_000, 100_000)
    try:
        load.compiled()
    except load.NoCompiler as why:
        print(f"python -m bench: {why}", file=sys.stderr)
        return 2
    before = os.getloadavg()[0]
    results = _measured(sizes)
    print("\n".join(lines(results, before)))
    failed = missed(results.figures())
    print(f"\nmissed: {', '.join(failed)}" if failed else "\nevery goal is reached")
    return 1 if failed else 0


def _measured(sizes: tuple[int, ...]) -> Results:
    folder = FOLDER / "postgres"
    shutil.rmtree(folder, ignore_errors=True)
    try:
        with embedded.running(folder) as url:
            _check_fsync(url)
            return _sections(Machine(url, sides.postmaster(folder), free_port(), _say()), sizes)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sections(machine: Machine, sizes: tuple[int, ...]) -> Results:
    machine.say("durable ingest")
    ingest = sections.ingest(machine)
    machine.say("the whole turn")
    with sides.ours(machine.database("turn", sections.CROWD), machine.postgres, machine.graph_port) as ours:
        sections.talk(ours, machine, sections.OURS_AT_ONCE, sections.FOR_S)  # statements prepared, caches warm
        fast, slow = sections.turns(machine, ours, 0), sections.turns(machine, ours, 50)
        machine.say("latency at a steady rate")
        busy = sections.busy_rate(fast)
        at = {rate: sections.at_rate(machine, ours, rate, 6.0) for rate in sorted({50, 100, busy, sections.BUSY})}
    bare = sections.bare_turns(machine)
    machine.say("growth")
    return Results(ingest, fast, slow, bare, at, busy, sections.growth(machine, sizes))


def _check_fsync(url: str) -> None:
    with psycopg.connect(url) as connection:
        row = connection.execute("show fsync").fetchone()
        if row != ("on",):
            raise SystemExit("python -m bench: PostgreSQL does not sync to disk, so nothing here would be durable")


def _say() -> sections.Say:
    began = monotonic()
    return lambda what: print(f"[{monotonic() - began:5.0f} s] {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
