"""Programs that bash finds as `turno` and `python`: each run is a real process of its own, forked from the server that has
imported everything. Starting Python and importing all of it anew took nine tenths of each command's time."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingUnixStreamServer
from tempfile import TemporaryDirectory
from threading import Thread

from tests.acceptance.forks import Process

PATIENCE_S = 110.0
OF_PYTHON = ["-m", "bot"]
PROGRAM = """#!{python} -SE
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as asked:
    asked.connect({address!r})
    told = [os.path.basename(sys.argv[0]), sys.argv[1:], {{**os.environ, "PWD": os.getcwd()}}]
    asked.sendall(json.dumps(told).encode() + b"\\n")
    code, said = json.loads(asked.makefile("rb").readline())
sys.stdout.write(said)
sys.exit(code)
"""


class _Asked(StreamRequestHandler):
    """One run: what was typed goes in, and its exit code and what it said come out."""

    def handle(self) -> None:
        program, arguments, environ = json.loads(self.rfile.readline())
        with TemporaryDirectory() as folder:
            log = Path(folder) / "said"
            code = _run(program, arguments, environ, log)
            said = log.read_text("utf-8") if log.exists() else ""
        self.wfile.write(json.dumps([code, said]).encode() + b"\n")


def _run(program: str, arguments: list[str], environ: dict[str, str], log: Path) -> int:
    if program == "python":
        if arguments[: len(OF_PYTHON)] != OF_PYTHON:
            log.write_text(f"only {OF_PYTHON} is run here, not {arguments}", "utf-8")
            return 127
        arguments = arguments[len(OF_PYTHON) :]
    process = Process("turno", environ, arguments, log)
    code = process.wait(PATIENCE_S)
    process.kill()
    return 124 if code is None else code if code >= 0 else 128 - code


@contextmanager
def programs(folder: Path) -> Iterator[Path]:
    """A folder for PATH. Put it before everything else."""
    with TemporaryDirectory() as near, ThreadingUnixStreamServer(f"{near}/asked", _Asked) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        for name in ("turno", "python"):
            program = folder / name
            program.write_text(PROGRAM.format(python=sys.executable, address=server.server_address), "utf-8")
            program.chmod(0o755)
        yield folder
        server.shutdown()
