"""The development set-up: preparation steps, programs, and their environment."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from runner import keys
from runner.ports import HOST
from runner.program import Program


@dataclass(frozen=True, slots=True)
class House:
    """Everything under `root`: the code, and its data in `root/var`."""

    root: Path
    environ: Mapping[str, str]
    port: int
    simulator_port: int

    @property
    def var(self) -> Path:
        return self.root / "var"

    @property
    def web(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def window(self) -> str:
        return f"{self.web}/admin/"

    @property
    def phone(self) -> str:
        return f"http://{HOST}:{self.simulator_port}/simulator/"

    def environment(self, database_url: str) -> dict[str, str]:
        """The environment of every program."""
        metrics = self.var / "metrics"
        return {
            "GRAPH_API_URL": f"http://{HOST}:{self.simulator_port}/graph",
            "LOG_FILE": str(self.var / "logs" / "turno.log"),
            **self.environ,
            **keys.files(self.var / "secrets", self.environ),
            "DATABASE_URL": database_url,
            "PORT": str(self.port),
            "LOG_FORMAT": "json",
            "PROMETHEUS_MULTIPROC_DIR": str(metrics),
            "PYTHONUNBUFFERED": "1",
        }

    def steps(self, environ: Mapping[str, str]) -> list[Program]:
        """The steps that must finish before any program starts."""
        return [
            self._python("postgres", environ, "-m", "alembic", "upgrade", "head"),
            self._python("turno", environ, "-m", "bot", "demo"),
        ]

    def welcome(self, environ: Mapping[str, str]) -> Program:
        """Tells how to enter the window, while nobody can."""
        return self._python("turno", environ, "-m", "bot", "admin", "first")

    def programs(self, environ: Mapping[str, str]) -> list[Program]:
        return [
            self._python("web", environ, "-m", "gunicorn", "wsgi:app"),
            self._python("workers", environ, "-m", "bot", "work"),
            self._python(
                "simulator", environ,
                "-m", "simulator", "--port", str(self.simulator_port), "--webhook", f"{self.web}/webhook",
            ),
        ]  # fmt: skip

    def _python(self, name: str, environ: Mapping[str, str], *arguments: str) -> Program:
        return Program(name, [sys.executable, *arguments], environ, str(self.root))
