"""A real Prometheus that holds what a text in the form of OpenMetrics tells."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from tests.acceptance.forks import free_port
from tests.waiting import until


@contextmanager
def holding(told: str, folder: Path) -> Iterator[str]:
    """Its URL."""
    (folder / "series.txt").write_text(told)
    (folder / "prometheus.yml").write_text("global: {}\n")
    build = ["promtool", "tsdb", "create-blocks-from", "openmetrics", "series.txt", "data"]
    subprocess.run(build, cwd=folder, check=True, capture_output=True)
    url = f"http://127.0.0.1:{free_port()}"
    command = [
        "prometheus",
        "--config.file=prometheus.yml",
        "--storage.tsdb.path=data",
        "--storage.tsdb.retention.time=100y",
        f"--web.listen-address={url[7:]}",
    ]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        until(lambda: ready(url), 60, told=(folder / "log").read_text)
        yield url
    finally:
        process.terminate()
        process.wait(30)


def ready(url: str) -> bool:
    try:
        return requests.get(f"{url}/-/ready", timeout=5).status_code == 200
    except requests.ConnectionError:
        return False
