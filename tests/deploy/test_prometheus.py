"""The rules of Prometheus and the routes of Alertmanager, checked by their own tools."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

DEPLOY = Path(__file__).parents[2] / "deploy"


def run(*command: str, folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_rules_are_well_formed() -> None:
    files = [str(file) for file in sorted((DEPLOY / "prometheus" / "rules").glob("*.yml"))]
    assert run("promtool", "check", "rules", *files, folder=DEPLOY).count("SUCCESS") == len(files)


def test_the_configuration_of_prometheus_is_well_formed() -> None:
    run("promtool", "check", "config", "--syntax-only", "prometheus/prometheus.yml", folder=DEPLOY)


@pytest.mark.parametrize("file", ["alerts.yml", "burn.yml", "days.yml"])
def test_each_alert_fires_and_rests(file: str) -> None:
    run("promtool", "test", "rules", f"tests/{file}", folder=DEPLOY / "prometheus")


def test_the_configuration_of_alertmanager_is_well_formed() -> None:
    run("amtool", "check-config", "alertmanager/alertmanager.yml", folder=DEPLOY)


@pytest.mark.parametrize(
    ("severity", "receiver"), [("page", "pager"), ("chat", "chat"), ("ticket", "mail"), ("?", "mail")]
)
def test_alerts_go_where_their_urgency_says(severity: str, receiver: str) -> None:
    config = "--config.file=alertmanager/alertmanager.yml"
    told = run("amtool", "config", "routes", "test", config, f"severity={severity}", folder=DEPLOY)
    assert told.split() == [receiver]
