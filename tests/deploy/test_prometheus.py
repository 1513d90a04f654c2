"""The rules of Prometheus and the routes of Alertmanager, checked by their own tools."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import yaml

from tests.unit.test_grafana import BOARDS, queries

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


def test_each_query_of_a_dashboard_is_an_expression(tmp_path: Path) -> None:
    asked = sorted({query for board in BOARDS for query in queries(board)})
    made = [{"record": f"query:number_{n}", "expr": query} for n, query in enumerate(asked)]
    (tmp_path / "queries.yml").write_text(yaml.safe_dump({"groups": [{"name": "queries", "rules": made}]}))
    assert f"{len(asked)} rules found" in run("promtool", "check", "rules", "queries.yml", folder=tmp_path)
