"""The alerts of deploy/prometheus: each is tested twice, has its page in the runbook, and asks for metrics that exist."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml
from prometheus_client import REGISTRY

from core import telemetry

ROOT = Path(__file__).parents[2]
PROMETHEUS = ROOT / "deploy" / "prometheus"
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
PARTS = ("**Meaning.**", "**Impact.**", "**Diagnosis.**", "**Mitigation.**", "**Verify.**")


def rules() -> list[dict[str, Any]]:
    files = sorted((PROMETHEUS / "rules").glob("*.yml"))
    assert files
    groups = [group for file in files for group in yaml.safe_load(file.read_text())["groups"]]
    return [rule for group in groups for rule in group["rules"]]


def alerts() -> list[dict[str, Any]]:
    found = [rule for rule in rules() if "alert" in rule]
    assert len(found) > 40
    return found


def page(alert: str) -> str:
    found = re.search(rf"^### {alert}\n(.*?)(?=^#|\Z)", RUNBOOK, re.S | re.M)
    return found.group(1) if found else ""


def test_each_alert_has_one_test_that_it_fires_and_one_that_it_rests() -> None:
    files = (PROMETHEUS / "tests").glob("*.yml")
    told = [case["name"] for file in files for case in yaml.safe_load(file.read_text())["tests"]]
    names = [rule["alert"] for rule in alerts()]
    assert sorted(told) == sorted(f"{name} {word}" for name in names for word in ("fires", "rests"))


def test_each_alert_leads_to_its_page_in_the_runbook() -> None:
    lacking = {rule["alert"]: [p for p in PARTS if p not in page(rule["alert"])] for rule in alerts()}
    assert {name: parts for name, parts in lacking.items() if parts} == {}
    assert [
        r["alert"] for r in alerts() if r["annotations"]["runbook_url"] != f"docs/runbook.md#{r['alert'].lower()}"
    ] == []


def test_each_alert_says_how_urgent_it_is_and_what_is_the_matter() -> None:
    assert {rule["labels"]["severity"] for rule in alerts()} == {"page", "chat", "ticket"}
    assert [rule["alert"] for rule in alerts() if not rule["annotations"]["summary"]] == []


def test_no_page_is_about_an_alert_that_is_gone() -> None:
    names = {rule["alert"] for rule in alerts()}
    assert set(re.findall(r"^### (Turno\w+)$", RUNBOOK, re.M)) == names


def test_each_metric_of_a_rule_is_one_of_ours() -> None:
    assert telemetry.exposition()
    ours = {sample for family in REGISTRY.collect() for sample in samples(family.name, family.type)}
    asked = {name for rule in rules() for name in re.findall(r"\bturno_[a-z_]+\b", str(rule["expr"]))}
    assert asked
    assert asked - ours == set()


def samples(name: str, kind: str) -> set[str]:
    """The series a metric is told as."""
    if kind == "counter":
        return {f"{name}_total"}
    return {f"{name}_bucket", f"{name}_sum", f"{name}_count"} if kind == "histogram" else {name}


def test_each_recorded_series_of_an_alert_is_recorded() -> None:
    recorded = {rule["record"] for rule in rules() if "record" in rule}
    asked = {name for rule in rules() for name in re.findall(r"\bturno:[a-z0-9_:]+\b", str(rule["expr"]))}
    assert asked - recorded == set()
