"""`python -m bench.overhead`: what the check of a session's version, and the upsert of an event, cost beside the same
statements without them. One connection, one commit each, fsync on; the two take turns, and medians count."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import psutil
import psycopg

from bench import crowd, sides
from bench.pgbench import ANYTHING, CUSTOMERS, EVENT, TURN, Program, inline
from bench.processes import FOLDER
from core.store import embedded

ROUNDS, FOR_S = 7, 3.0
ONE = {name: f"array[{value}]" for name, value in TURN.items()}
HELD = "1"
"""Who holds every lease here, so that the check finds what it looks for."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A statement of ours, and the same without what makes it safe."""

    what: str
    safe: Program
    bare: Program


def version_check() -> Pair:
    """`sessions.save`, with and without the condition on version and lease."""
    who = rf"\set c random(1, {CUSTOMERS})" + "\n"
    look = r"select version from sessions where conversation_id = :c \gset" + "\n"
    # the lease stays, so that the next save finds it again
    saved = inline("sessions.save", {**ONE, "token": HELD}).replace("lease_token = null", f"lease_token = {HELD}")
    bare = saved.replace(f"and s.version = t.version and s.lease_token = {HELD}", "")
    assert bare != saved
    return Pair("version check", *(Program(f"save-{n}", f"{who}{look}{s};\n") for n, s in enumerate((saved, bare))))


def upsert() -> Pair:
    """`inbox.accept`, with and without what becomes of a copy."""
    accepted = inline("inbox.accept", EVENT)
    bare = re.sub(r"\non conflict .*?(?=\nreturning)", "", accepted, flags=re.DOTALL)
    assert bare != accepted
    return Pair("upsert", *(Program(f"accept-{n}", f"{ANYTHING}{s};\n") for n, s in enumerate((accepted, bare))))


def measure(pair: Pair, url: str, postgres: psutil.Process) -> str:
    """A line of the table."""
    safe, bare, safe_cpu, bare_cpu = [], [], [], []
    for _ in range(ROUNDS):
        for program, took, cpu in ((pair.safe, safe, safe_cpu), (pair.bare, bare, bare_cpu)):
            rate, cpu_ms = program.run(url, 1, FOR_S, postgres)
            took.append(1000 / rate)
            cpu.append(cpu_ms)
    return f"{pair.what:16}{_middle(safe, bare)}   {_middle(safe_cpu, bare_cpu)}"


def _middle(safe: Sequence[float], bare: Sequence[float]) -> str:
    more = median(one - other for one, other in zip(safe, bare, strict=True))
    return f"{median(safe):8.3f}{median(bare):9.3f}{more:+10.3f}"


def main() -> int:
    folder = FOLDER / "overhead"
    shutil.rmtree(folder, ignore_errors=True)
    FOLDER.mkdir(parents=True, exist_ok=True)
    print(f"{'':16}{'ms':>8}{'without':>9}{'more':>10}   {'CPU ms':>8}{'without':>9}{'more':>10}")
    try:
        with embedded.running(folder) as server:
            url = crowd.make(server, "overhead")
            crowd.grow(url, 1, CUSTOMERS)
            with psycopg.connect(url) as connection:
                connection.execute(f"update sessions set lease_token = {HELD}".encode())
            for pair in (version_check(), upsert()):
                print(measure(pair, url, sides.postmaster(folder)), flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
