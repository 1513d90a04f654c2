"""The operator's page names what there is to watch."""

from __future__ import annotations

from pathlib import Path

from prometheus_client import REGISTRY

from core import telemetry

PAGE = (Path(__file__).parents[2] / "docs" / "operating.md").read_text(encoding="utf-8")


def test_every_metric_is_explained_on_the_operators_page() -> None:
    assert telemetry.exposition()
    ours = [family for family in REGISTRY.collect() if family.name.startswith("turno_")]
    names = [f"{family.name}_total" if family.type == "counter" else family.name for family in ours]
    assert names
    assert [name for name in names if f"`{name}`" not in PAGE] == []
