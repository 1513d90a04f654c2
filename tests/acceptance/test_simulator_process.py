"""The simulator as a process: it starts, tells where it is, and goes when told."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import urllib3

ROOT = Path(__file__).parents[2]


@contextmanager
def _running(port: int) -> Iterator[subprocess.Popen[str]]:
    environ = {**os.environ, "WHATSAPP_APP_SECRET": "s", "WHATSAPP_ACCESS_TOKEN": "t", "APP_ENV": "development"}
    command = [sys.executable, "-m", "simulator", "--port", str(port)]
    with subprocess.Popen(
        command, env=environ, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def test_it_tells_its_address_and_ends_well_on_sigterm_with_a_page_still_listening() -> None:
    with _running(0) as process:
        assert process.stdout
        phone = process.stdout.readline().removeprefix("phone: ").strip()
        listening = urllib3.request(
            "GET", f"{phone}events", headers={"Accept": "text/event-stream"}, preload_content=False, timeout=10
        )
        assert b"id:" in listening.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0


def test_a_taken_port_is_told_plainly() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, _running(taken.getsockname()[1]) as process:
        _, told = process.communicate(timeout=20)
        assert process.returncode == 2
        assert "cannot listen" in told and "Traceback" not in told
