"""The two sides that are compared, each as it would be deployed: started, reachable, ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.letters import SECRET, TOKEN
from bench.processes import FOLDER, free_port, memory_mb, running, wait_until_open

DEPLOYED = {
    "APP_ENV": "development",
    "LOG_LEVEL": "warning",
    "WHATSAPP_APP_SECRET": SECRET,
    "WHATSAPP_ACCESS_TOKEN": TOKEN,
    "WHATSAPP_VERIFY_TOKEN": "bench",
    "SMART_MODE": "false",
    "READ_MARKS": "false",
}
"""As a customer gets it, without AI and read marks."""

OPEN = {**DEPLOYED, "PACE_NUMBER_PER_S": "1000000", "PACE_CUSTOMER_S": "0", "BREATH_S": "0"}
"""What a customer never gets, so that the machine is what limits: no pace, no AI, no read marks."""


@dataclass(frozen=True, slots=True)
class Side:
    """Something that answers Meta's POSTs, and all processes it is made of."""

    name: str
    port: int
    processes: Sequence[psutil.Process]
    names: Sequence[str] = ()


def memory(side: Side) -> dict[str, float]:
    """Megabytes that each process has for itself; those of PostgreSQL together."""
    told: dict[str, float] = {}
    for name, root in zip(side.names, side.processes, strict=True):
        children = root.children(recursive=True)
        if name == "PostgreSQL":
            told[name] = sum(memory_mb(process) for process in (root, *children))
            continue
        told[name] = memory_mb(root)
        told |= {f"{name}, process {n}": memory_mb(child) for n, child in enumerate(children, 1)}
    return told


@contextmanager
def ours(
    database: str,
    postgres: psutil.Process,
    graph_port: int,
    *,
    workers: int = 1,
    settings: Mapping[str, str] = OPEN,
    port: int = 0,
) -> Iterator[Side]:
    """The door, and so many worker processes, over this database."""
    port = port or free_port()
    environ = {
        "DATABASE_URL": database,
        "PORT": str(port),
        "GRAPH_API_URL": f"http://127.0.0.1:{graph_port}",
        "PROMETHEUS_MULTIPROC_DIR": str(FOLDER / "metrics"),
        **settings,
    }
    with ExitStack() as stack:
        web = stack.enter_context(running("web", ["-m", "gunicorn"], environ))
        crew = [stack.enter_context(running(f"work{n}", ["-m", "bot", "work"], environ)) for n in range(workers)]
        wait_until_open(port, web)
        names = ("web", *(f"worker {n + 1}" for n in range(workers)), "PostgreSQL")
        yield Side("turno", port, (web, *crew, postgres), names)


@dataclass(frozen=True, slots=True)
class Kind:
    """A way to run the peer under gunicorn."""

    worker: str
    workers: int
    threads: int = 1

    def __str__(self) -> str:
        return f"{self.worker} × {self.workers}" + (f", {self.threads} threads" if self.worker == "gthread" else "")


KINDS = (Kind("gevent", 1), Kind("gevent", 2), Kind("gthread", 1, 64), Kind("gthread", 2, 16), Kind("gthread", 2, 64))


@contextmanager
def peer(kind: Kind, graph_port: int, *, talks: bool) -> Iterator[Side]:
    """pywa, run this way."""
    port = free_port()
    command = [
        "-m", "gunicorn", "bench.peer:app", "--config", "/dev/null", "--bind", f"127.0.0.1:{port}", "--keep-alive", "75",
        "--worker-class", kind.worker, "--workers", str(kind.workers), "--threads", str(kind.threads),
        "--worker-connections", "1000", "--backlog", "2048", "--log-level", "warning", "--no-control-socket",
    ]  # fmt: skip
    environ = {"GRAPH_API_URL": f"http://127.0.0.1:{graph_port}", **({"PEER_TALKS": "1"} if talks else {})}
    with running("peer", command, environ) as process:
        wait_until_open(port, process)
        yield Side(f"pywa ({kind})", port, (process,))


def postmaster(folder: Path) -> psutil.Process:
    return psutil.Process(int((folder / "postmaster.pid").read_text().splitlines()[0]))
