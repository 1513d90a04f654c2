"""The dashboards of deploy/grafana: laid out, and asking only for metrics that exist; no metric is forgotten."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import REGISTRY

from core import telemetry
from tests.unit.test_alerts import rules, samples

BOARDS = sorted((Path(__file__).parents[2] / "deploy" / "grafana").glob("*.json"))
WIDTH = 24


def panels(board: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(board.read_text(encoding="utf-8"))["panels"]
    assert found
    return found


def queries(board: Path) -> Iterator[str]:
    for panel in panels(board):
        yield from (target["expr"] for target in panel["targets"])


def cells(panel: dict[str, Any]) -> set[tuple[int, int]]:
    at = panel["gridPos"]
    return {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}


def ours() -> dict[str, set[str]]:
    """Each metric of the code, with the series it is told as."""
    assert telemetry.exposition()
    found = [family for family in REGISTRY.collect() if family.name.startswith("turno_")]
    return {family.name: samples(family.name, family.type) for family in found}


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.stem)
def test_no_panel_covers_another_or_leaves_the_board(board: Path) -> None:
    laid = [(panel["title"], cells(panel)) for panel in panels(board)]
    assert [(a, b) for (a, one), (b, other) in combinations(laid, 2) if one & other] == []
    assert [title for title, taken in laid if max(x for x, _ in taken) >= WIDTH] == []


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.stem)
def test_each_query_of_a_board_asks_for_what_there_is(board: Path) -> None:
    told = {name for found in ours().values() for name in found} | {r["record"] for r in rules() if "record" in r}
    asked = {name for query in queries(board) for name in re.findall(r"\bturno[_:][a-z0-9_:]+\b", query)}
    assert asked
    assert asked - told == set()


def test_each_metric_is_in_a_rule_or_on_a_board() -> None:
    text = " ".join(
        [*(str(rule["expr"]) for rule in rules()), *(query for board in BOARDS for query in queries(board))]
    )
    assert [
        name for name, told in ours().items() if not any(re.search(rf"\b{series}\b", text) for series in told)
    ] == []


def test_the_boards_are_seven_with_names_of_their_own() -> None:
    told = [json.loads(board.read_text(encoding="utf-8")) for board in BOARDS]
    assert len({board["uid"] for board in told}) == len({board["title"] for board in told}) == len(BOARDS) == 7
