"""`deploy/compose.yaml`: what the schema of compose files allows, and the rules of this house."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.commands.work import DRAIN_S
from core.version import VERSION
from tests.deploy.ways import COMPOSE, DEPLOY, EXAMPLE, compose, variables

Service = dict[str, Any]


def judged(file: Path) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).parent / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", file]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def test_it_is_what_the_schema_allows() -> None:
    done = judged(COMPOSE)
    assert done.returncode == 0, done.stdout


def test_what_the_schema_does_not_know_is_refused(tmp_path: Path) -> None:
    told = compose()
    told["services"]["web"]["memory"] = "512m"
    (tmp_path / "compose.yaml").write_text(yaml.safe_dump(told))
    assert "'memory' was unexpected" in judged(tmp_path / "compose.yaml").stdout


def ours(service: Service) -> bool:
    return "TURNO_IMAGE" in service["image"]


def confined(service: Service) -> Iterator[str]:
    if "POSTGRES_USER" in service.get("environment", {}):
        return  # its entry point makes folders and then drops its privileges itself
    if not service.get("read_only") or service.get("cap_drop") != ["ALL"]:
        yield "may write its root, or keeps capabilities"
    if "no-new-privileges:true" not in service.get("security_opt", ()):
        yield "may raise its privileges"


def pinned(service: Service) -> Iterator[str]:
    if not ours(service) and not re.search(r":[\w.-]+@sha256:[0-9a-f]{64}$", service["image"]):
        yield f"{service['image']} may be anything"


def bounded(service: Service) -> Iterator[str]:
    if ours(service) and service["command"] != ["migrate"]:
        if "mem_limit" not in service:
            yield "may take all memory"
        if int(str(service.get("stop_grace_period", "10s")).rstrip("s")) < max(DRAIN_S, 30) + 5:
            yield "is killed before it has drained"
        if service["depends_on"] != {"migrate": {"condition": "service_completed_successfully"}}:
            yield "starts before the schema is at its version"


def granted(service: Service) -> Iterator[str]:
    told = service.get("environment", {}) | (variables(EXAMPLE.read_text("utf-8")) if ours(service) else {})
    files = [value.removeprefix("/run/secrets/") for value in told.values() if value.startswith("/run/secrets/")]
    yield from (f"{name} is not granted" for name in files if name not in service.get("secrets", ()))


def inward(service: Service) -> Iterator[str]:
    if ours(service) and service.get("ports"):
        yield "is reached past the proxy"
    if ours(service) and "outside" in service["networks"] and service["command"][0] != "work":
        yield "reaches the outside"


Rule = Callable[[Service], Iterator[str]]
RULES: tuple[Rule, ...] = (confined, pinned, bounded, granted, inward)
WRONG: tuple[tuple[Rule, str, Callable[[Service], object]], ...] = (
    (confined, "web", lambda web: web.update(read_only=False)),
    (confined, "caddy", lambda caddy: caddy.pop("security_opt")),
    (pinned, "caddy", lambda caddy: caddy.update(image="caddy:2")),
    (bounded, "web", lambda web: web.pop("mem_limit")),
    (bounded, "worker", lambda worker: worker.update(stop_grace_period="20s")),
    (bounded, "worker", lambda worker: worker.update(depends_on={})),
    (granted, "window", lambda window: window["secrets"].remove("console_database_url")),
    (inward, "web", lambda web: web.update(ports=["8000:8000"])),
    (inward, "web", lambda web: web["networks"].append("outside")),
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.__name__))
def test_each_service_keeps_the_rules(rule: Rule) -> None:
    told = {name: list(rule(service)) for name, service in compose()["services"].items()}
    assert {name: problems for name, problems in told.items() if problems} == {}


@pytest.mark.parametrize(("rule", "name", "change"), WRONG)
def test_each_rule_sees_what_breaks_it(rule: Rule, name: str, change: Callable[[Service], object]) -> None:
    service = deepcopy(compose()["services"][name])
    change(service)
    assert list(rule(service)) != []


def test_every_secret_is_made_and_every_file_is_there(tmp_path: Path) -> None:
    told = compose()
    subprocess.run([DEPLOY / "make-secrets.sh", tmp_path], capture_output=True, check=True)
    wanted = {Path(each["file"]).name for each in told["secrets"].values()}
    assert wanted - {file.name for file in tmp_path.iterdir()} == set()
    mounted = [volume.split(":")[0] for service in told["services"].values() for volume in service.get("volumes", ())]
    files = [name for name in mounted if name.startswith("./")]
    assert files and [name for name in files if not (DEPLOY / name).exists()] == []


def test_the_example_names_the_version_of_this_code() -> None:
    assert variables(EXAMPLE.read_text("utf-8"))["TURNO_IMAGE"] == f"turno:{VERSION}"


def test_its_prometheus_has_the_rules_and_finds_every_service() -> None:
    file = DEPLOY / "prometheus" / "compose.yml"
    subprocess.run(["promtool", "check", "config", "--syntax-only", file], check=True, capture_output=True)
    told = yaml.safe_load(file.read_text("utf-8"))
    targets = {target for job in told["scrape_configs"] for each in job["static_configs"] for target in each["targets"]}
    assert targets == {"web:8000", "window:8000", "worker:9100"}
    assert told["rule_files"] == yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yml").read_text())["rule_files"]
