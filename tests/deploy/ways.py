"""The ways to run Turno that `deploy/` offers, each as what it starts: commands, and the environment they get."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from tests.deploy.kustomize import pod_of, render

DEPLOY = Path(__file__).parents[2] / "deploy"
UNITS = DEPLOY / "systemd"
COMPOSE = DEPLOY / "compose.yaml"
EXAMPLE = DEPLOY / ".env.example"


class Role(NamedTuple):
    name: str
    arguments: list[str]
    """What `turno` is told."""
    environ: dict[str, str]
    """With the paths of secrets as they are there."""


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(COMPOSE.read_text("utf-8"))
    return found


def variables(text: str) -> dict[str, str]:
    """The lines of a file of settings."""
    lines = (line.strip() for line in text.splitlines())
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def by_compose() -> Iterator[Role]:
    for name, service in compose()["services"].items():
        if "TURNO_IMAGE" in service["image"]:
            told = variables(EXAMPLE.read_text("utf-8")) | service.get("environment", {})
            yield Role(name, [str(part) for part in service["command"]], told)


def by_systemd() -> Iterator[Role]:
    shared = lines(UNITS / "turno-.service.d" / "10-turno.conf")
    told = variables((UNITS / "turno.env.example").read_text("utf-8"))
    told |= dict(value.split("=", 1) for key, value in shared if key == "Environment")
    for unit in ("turno-migrate", "turno-web", "turno-worker"):
        [start] = [value for key, value in lines(UNITS / f"{unit}.service") if key == "ExecStart"]
        program, *arguments = shlex.split(start)
        assert program == "/opt/turno/current/bin/turno"
        yield Role(unit.removeprefix("turno-"), arguments, told)


def lines(unit: Path) -> list[tuple[str, str]]:
    return re.findall(r"^(\w+)=(.*)$", unit.read_text("utf-8"), re.M)


def by_kubernetes() -> Iterator[Role]:
    manifests = [
        each for each in render(DEPLOY / "kubernetes" / "overlays" / "production") if each["kind"] != "CronJob"
    ]
    [settings] = [each["data"] for each in manifests if each["kind"] == "ConfigMap"]
    for manifest in (each for each in manifests if pod_of(each)):
        [container] = pod_of(manifest)["containers"]
        told = settings if "envFrom" in container else {}
        own = {each["name"]: each["value"] for each in container.get("env", ())}
        yield Role(manifest["metadata"]["name"].removeprefix("turno-"), container["args"], {**told, **own})


WAYS = {"compose": by_compose, "systemd": by_systemd, "kubernetes": by_kubernetes}
