"""`python -m bench.steady --rate 50 --for 120`: so many requests a second for so long, from customers who differ.

The web side and a worker run as deployed on a PostgreSQL of their own, against a double of the Graph API. Exits 1 when
anything went wrong: a POST refused, a reply missing or too many, a ticket doubled or missing; 2 when it cannot run.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import psutil
import psycopg
from psycopg.rows import dict_row

from bench import crowd, load, sides
from bench.letters import Letters
from bench.load import Latency, Measured
from bench.processes import FOLDER, free_port
from bench.scripts import SCRIPTS
from bench.sides import Side
from core.store import embedded

WARM_S = 3.0
KNOWN = 1000
"""Customers that are known before; most of those who write are strangers."""
LINES = len(SCRIPTS[0][0])

TICKETS = """
    with said as (
        select conversation_id, split_part(external_id, '.', 4)::int %% %(scripts)s as script,
            split_part(external_id, '.', 5)::int as line
        from inbox where external_id like 'wamid.B%%' and state = 'done'
    ),
    wanted as (
        select conversation_id from said
        join unnest(%(script)s::int[], %(line)s::int[]) as opening (script, line) using (script, line)
    ),
    opened as (select conversation_id, count(*) as tickets from tickets group by conversation_id)
    select (select coalesce(sum(tickets), 0) from opened)::int as opened,
        (select coalesce(sum(tickets - 1), 0) from opened)::int as doubled,
        (select count(*) from wanted w left join opened o using (conversation_id) where o is null)::int as missing,
        (select count(*) from inbox where state <> 'done')::int as unfinished,
        (select count(*) from inbox i where 1 <> (select count(*) from steps s where s.event_id = i.id))::int as astray
"""
"""`astray`: events that had not exactly one effect. Those of the past, which the crowd brought, have theirs."""


@dataclass(frozen=True, slots=True)
class Outcome:
    run: Measured
    found: Mapping[str, int]
    before: Mapping[str, float]
    after: Mapping[str, float]

    @property
    def wrong(self) -> list[str]:
        """Violated expectations, in words."""
        return [f"{name}: {count}" for name, count in self.found.items() if name != "opened" and count]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.steady", description=__doc__)
    parser.add_argument("--rate", type=int, default=50, help="requests a second")
    parser.add_argument("--for", type=float, default=120.0, dest="for_s", help="seconds")
    chosen = parser.parse_args()
    try:
        load.compiled()
        outcome = _measured(chosen.rate, chosen.for_s)
    except load.NoCompiler as why:
        print(f"python -m bench.steady: {why}", file=sys.stderr)
        return 2
    except load.DoesNotCount as why:
        print(f"python -m bench.steady: {why}", file=sys.stderr)
        return 1
    print("\n".join(_lines(outcome, chosen.rate)))
    print(f"\nwrong: {', '.join(outcome.wrong)}" if outcome.wrong else "\n0 errors")
    return 1 if outcome.wrong else 0


def _measured(rate: int, for_s: float) -> Outcome:
    folder, graph_port = FOLDER / "postgres-steady", free_port()
    shutil.rmtree(folder, ignore_errors=True)
    try:
        with embedded.running(folder) as url:
            database = crowd.make(url, "steady")
            crowd.grow(database, 1, KNOWN)
            postgres = sides.postmaster(folder)
            with sides.ours(database, postgres, graph_port, settings=sides.DEPLOYED) as side:
                _talk(side, graph_port, rate, WARM_S, first=0)
                before = sides.memory(side)
                run = _talk(side, graph_port, rate, for_s, first=_people(rate, WARM_S))
                return Outcome(run, _found(database), before, sides.memory(side))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _talk(side: Side, graph_port: int, rate: int, for_s: float, *, first: int) -> Measured:
    scripts = tuple(script for script, _ in SCRIPTS)
    return load.run(
        Letters(_people(rate, for_s), scripts, first=first), port=side.port, connections=64, side=side.processes,
        for_s=for_s, rate=rate, graph_port=graph_port, customers=rate,
    )  # fmt: skip


def _people(rate: int, for_s: float) -> int:
    """As many as are needed, and those who are in the middle when the time is over."""
    return round(rate * for_s / LINES) + 2 * rate


def _found(database: str) -> dict[str, int]:
    openings = [(n, line) for n, (_, line) in enumerate(SCRIPTS) if line is not None]
    numbers = {"scripts": len(SCRIPTS), "script": [n for n, _ in openings], "line": [line for _, line in openings]}
    with psycopg.connect(database, row_factory=dict_row) as connection:
        row = connection.execute(TICKETS, numbers).fetchone()
        assert row is not None
        return row


def _lines(outcome: Outcome, rate: int) -> Iterator[str]:
    run = outcome.run
    assert run.reply is not None
    yield f"{rate} requests a second for {run.seconds:.0f} s, {len(SCRIPTS)} kinds of conversation, paces as deployed"
    yield f"{run.messages:,} messages, 0 refused; {outcome.found['opened']} tickets, {outcome.found['doubled']} doubled"
    yield ""
    yield f"{'ms':24}{'p50':>9}{'p95':>9}{'p99':>9}{'most':>9}"
    yield f"{'the 200':24}{_latency(run.post)}"
    yield f"{'POST to accepted reply':24}{_latency(run.reply)}"
    yield ""
    yield f"{'memory of its own, MB':24}{'before':>9}{'after':>9}"
    for name, before in outcome.before.items():
        yield f"{name:24}{before:>9.0f}{outcome.after.get(name, 0):>9.0f}"
    yield ""
    yield f"CPU: {run.cpu_s / run.seconds:.2f} cores, {run.cpu_ms:.1f} ms a message; the generator's {run.load_share:.0%}"
    yield f"other programs kept {run.others:.1f} of {psutil.cpu_count()} cores busy meanwhile"


def _latency(told: Latency) -> str:
    return f"{told.p50:>9.1f}{told.p95:>9.1f}{told.p99:>9.1f}{told.most:>9.1f}"


if __name__ == "__main__":
    sys.exit(main())
