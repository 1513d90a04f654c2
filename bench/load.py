"""The load generator: compiled when needed, run, and what it measured."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.letters import Letters
from bench.processes import FOLDER, cpu_s, machine_s

PATIENCE_S = 30
"""How long the last answers are waited for."""
SOURCE = Path(__file__).with_name("load.c")


class NoCompiler(RuntimeError):
    """The benchmark cannot run: a load generator in Python would be what it measures."""


class DoesNotCount(RuntimeError):
    """A run in which something went wrong."""


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds from the moment a request was due."""

    p50: float
    p95: float
    p99: float
    most: float


@dataclass(frozen=True, slots=True)
class Measured:
    """One run."""

    messages: int
    seconds: float
    post: Latency
    reply: Latency | None
    cpu_s: float
    """Of the side that was measured, all its processes."""
    load_cpu_s: float
    others_cpu_s: float
    """Of programs that have nothing to do with the run."""

    @property
    def rate(self) -> float:
        return self.messages / self.seconds

    @property
    def cpu_ms(self) -> float:
        """A message's share."""
        return 1000 * self.cpu_s / self.messages

    @property
    def others(self) -> float:
        """How many cores other programs kept busy meanwhile."""
        return self.others_cpu_s / self.seconds

    @property
    def load_share(self) -> float:
        """How much of all CPU used meanwhile was the generator's."""
        return self.load_cpu_s / (self.load_cpu_s + self.cpu_s)


def compiled() -> Path:
    """The generator's program."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        raise NoCompiler("the load generator is a C file, and there is no C compiler here (cc, gcc or clang)")
    program = FOLDER / "load"
    if not program.exists() or program.stat().st_mtime < SOURCE.stat().st_mtime:
        FOLDER.mkdir(parents=True, exist_ok=True)
        subprocess.run([compiler, "-O2", "-o", program, SOURCE], check=True)
    return program


def run(
    letters: Letters,
    *,
    port: int,
    connections: int,
    side: Sequence[psutil.Process],
    for_s: float,
    rate: float = 0,
    graph_port: int = 0,
    delay_ms: int = 0,
    customers: int = 1,
) -> Measured:
    """Post letters for so long, and wait for the last answer; with a graph port, for the last reply accepted there."""
    path = letters.written(FOLDER / "requests")
    options = {
        "requests": path, "port": port, "connections": connections, "for-s": for_s, "rate": rate, "graph-port": graph_port,
        "delay-ms": delay_ms, "steps": letters.steps, "customers": customers, "first-phone": letters.first_phone,
        "phone-step": letters.phone_step, "limit-s": round(for_s) + PATIENCE_S,
    }  # fmt: skip
    command = [str(compiled())]
    for name, value in options.items():
        command += [f"--{name}", str(value)]
    before, busy = cpu_s(side), machine_s()
    done = subprocess.run(command, capture_output=True, text=True, timeout=for_s + PATIENCE_S + 30, check=False)
    if done.returncode:
        raise DoesNotCount(done.stderr.strip())
    return _measured(json.loads(done.stdout), cpu_s(side) - before, machine_s() - busy)


def _measured(told: dict[str, float | dict[str, float]], cpu: float, machine: float) -> Measured:
    if told["refused"] or told["extra"]:
        raise DoesNotCount(f"a run does not count: {told['refused']} POSTs refused, {told['extra']} replies too many")
    reply = told.get("reply_ms")
    return Measured(
        messages=int(told["messages"]),  # type: ignore[arg-type]
        seconds=float(told["seconds"]),  # type: ignore[arg-type]
        post=Latency(**told["post_ms"]),  # type: ignore[arg-type]
        reply=Latency(**reply) if isinstance(reply, dict) else None,
        cpu_s=cpu,
        load_cpu_s=(load := float(told["cpu_s"])),  # type: ignore[arg-type]
        others_cpu_s=max(0.0, machine - cpu - load),
    )
