"""Processes that the benchmark starts: each is ended by its own id, and its CPU counted with that of its children."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import psutil

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "var" / "bench"
READY_S = 30.0


@contextmanager
def running(name: str, command: Sequence[str], environ: Mapping[str, str]) -> Iterator[psutil.Process]:
    """A process of ours while the block lasts; what it says goes to `var/bench/<name>.log`."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / f"{name}.log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env={**os.environ, **environ}, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            yield psutil.Process(process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until_open(port: int, process: psutil.Process) -> None:
    """Return when somebody listens there; raise when the process has ended, or takes too long."""
    until = monotonic() + READY_S
    while monotonic() < until and process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        sleep(0.05)
    raise RuntimeError(f"nothing listens on port {port}: see {FOLDER}/*.log")


def cpu_s(roots: Iterable[psutil.Process]) -> float:
    """CPU seconds that these processes, their children, and children that are gone have used."""
    return sum(_tree_s(root) for root in roots)


def memory_mb(process: psutil.Process) -> float:
    """Megabytes that nobody shares with it."""
    try:
        return float(process.memory_full_info().uss) / 2**20
    except psutil.NoSuchProcess:
        return 0.0


def machine_s() -> float:
    """CPU seconds the whole machine has worked."""
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - getattr(times, "iowait", 0.0) - getattr(times, "guest", 0.0))


def _tree_s(root: psutil.Process) -> float:
    own = root.cpu_times()
    return own.user + own.system + own.children_user + own.children_system + sum(map(_own_s, root.children(True)))


def _own_s(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)
