"""The table: ratios and goals first, then what they are made of."""

from __future__ import annotations

import os
import platform
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.load import Measured
from bench.sections import BUSY, CONNECTIONS, Ingest, Turns

GOALS = Path(__file__).with_name("goals.toml")

SAYS = {
    "ingest_vs_pywa": "durable POSTs at 64 connections, × pywa's best",
    "turn_vs_pywa": "POST to accepted reply, × pywa",
    "turn_vs_pywa_slow": "the same, Graph API takes 50 ms, × pywa",
    "turn_cpu_vs_pywa": "CPU a message over all processes, × pywa",
    "ok_p99_ms": "p99 of the 200 at a busy rate, ms",
    "reply_p95_ms": "p95 POST to accepted reply at 100/s, ms",
    "growth": "CPU a message, largest tables × 1,000 conversations",
}


@dataclass(slots=True)
class Results:
    ingest: Ingest
    fast: Turns
    slow: Turns
    bare: tuple[float, float]
    at: dict[int, Measured]
    busy: int
    growth: dict[int, float]

    def figures(self) -> dict[str, float]:
        """The figures that have a goal."""
        costs, reply = list(self.growth.values()), self.at[100].reply
        assert reply is not None
        return {
            "ingest_vs_pywa": self.ingest.ratio,
            "turn_vs_pywa": self.fast.ratio,
            "turn_vs_pywa_slow": self.slow.ratio,
            "turn_cpu_vs_pywa": self.fast.ours.cpu_ms / self.fast.pywa.cpu_ms,
            "ok_p99_ms": self.at[self.busy].post.p99,
            "reply_p95_ms": reply.p95,
            "growth": costs[-1] / costs[0],
        }


def missed(figures: Mapping[str, float]) -> list[str]:
    """The goals that were not reached."""
    goals = tomllib.loads(GOALS.read_text(encoding="utf-8"))
    low = [name for name, goal in goals["at_least"].items() if figures[name] < goal]
    return low + [name for name, goal in goals["at_most"].items() if figures[name] > goal]


def lines(results: Results, load_before: float) -> Iterator[str]:
    """The whole table."""
    yield from _goals(results.figures())
    yield ""
    yield from _ingest(results.ingest)
    yield ""
    yield from _turns(results)
    yield ""
    yield from _latency(results.at)
    yield f"busy is {results.busy}/s here: {BUSY}/s, or half of what pywa can do on a slow machine"
    yield ""
    yield "conversations in the tables      CPU ms a message"
    yield from (f"{size:>27,}      {cost:.2f}" for size, cost in results.growth.items())
    yield ""
    shares = ", ".join(
        f"{run.load_share:.0%}" for run in (results.ingest.ours[64], results.fast.ours, results.fast.pywa)
    )
    yield f"the load generator's share of CPU: {shares} (ingest, our turn, pywa's turn)"
    runs = [*results.ingest.ours.values(), results.fast.ours, results.slow.ours, *results.at.values()]
    yield f"other programs kept {median(run.others for run in runs):.1f} cores busy meanwhile"
    cores = os.cpu_count()
    yield f"{cores} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}, fsync on; " + (
        f"load before the run {load_before:.1f}, after it {os.getloadavg()[0]:.1f}"
    )


def _goals(figures: Mapping[str, float]) -> Iterator[str]:
    goals = tomllib.loads(GOALS.read_text(encoding="utf-8"))
    failed = missed(figures)
    yield f"{'':54}{'measured':>10}{'goal':>10}"
    for name, value in figures.items():
        goal = f"≥ {goals['at_least'][name]}" if name in goals["at_least"] else f"≤ {goals['at_most'][name]}"
        yield f"{SAYS[name]:54}{value:>10.2f}{goal:>10}  {'MISSED' if name in failed else 'ok'}"


def _ingest(found: Ingest) -> Iterator[str]:
    yield f"{'POSTs a second, at connections:':40}" + "".join(f"{n:>9}" for n in CONNECTIONS)
    yield f"{'turno, durable':40}" + "".join(f"{found.ours[n].rate:>9,.0f}" for n in CONNECTIONS)
    yield f"{'pgbench, the same upsert, a commit each':40}" + "".join(f"{found.upserts[n]:>9,.0f}" for n in CONNECTIONS)
    yield f"{found.peer + ', keeps nothing':40}" + "".join(f"{found.pywa[n].rate:>9,.0f}" for n in CONNECTIONS)
    yield f"{'turno × pgbench':40}" + "".join(f"{found.ours[n].rate / found.upserts[n]:>9.2f}" for n in CONNECTIONS)
    yield f"{'turno × pywa':40}" + "".join(f"{found.ours[n].rate / found.pywa[n].rate:>9.2f}" for n in CONNECTIONS)


def _turns(results: Results) -> Iterator[str]:
    yield f"{'POST to accepted reply':48}{'messages/s':>11}{'CPU ms':>8}{'p50 ms':>8}{'p95 ms':>8}"
    for turns in (results.fast, results.slow):
        for name, run in (("turno", turns.ours), (f"{turns.peer}, {turns.customers} at once", turns.pywa)):
            assert run.reply is not None
            about = f"{name}, Graph API {turns.delay_ms} ms"
            yield f"{about:48}{run.rate:>11,.0f}{run.cpu_ms:>8.2f}{run.reply.p50:>8.0f}{run.reply.p95:>8.0f}"
    rate, cpu_ms = results.bare
    yield f"{'pgbench, the same statements, one by one':48}{rate:>11,.0f}{cpu_ms:>8.2f}"
    yield f"{'turno × pgbench':48}{results.fast.ours.rate / rate:>11.2f}"


def _latency(at: Mapping[int, Measured]) -> Iterator[str]:
    yield f"{'messages a second':20}{'200: p50':>12}{'p95':>8}{'p99':>8}{'reply: p50':>14}{'p95':>8}  (ms)"
    for rate, run in at.items():
        assert run.reply is not None
        ok, reply = run.post, run.reply
        yield f"{rate:<20}{ok.p50:>12.1f}{ok.p95:>8.1f}{ok.p99:>8.1f}{reply.p50:>14.1f}{reply.p95:>8.1f}"
