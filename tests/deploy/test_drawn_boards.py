"""The boards of Grafana, drawn from seven minutes of a house at work as a real Prometheus recorded them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from deploy.drawn_boards import HOME, Prometheus, drawn, main
from tests.deploy import prometheus_server

RECORDED = Path(__file__).parent / "recorded" / "metrics.txt.gz"
PANELS = {
    f"{board.stem}/{panel['title']}": panel
    for board in sorted(HOME.glob("*.json"))
    for panel in json.loads(board.read_text(encoding="utf-8"))["panels"]
}


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    recorded = gzip.decompress(RECORDED.read_bytes()).decode()
    samples = [line for line in recorded.splitlines() if not line.startswith("#")]
    ended = datetime.fromtimestamp(max(float(line.rpartition(" ")[2]) for line in samples), UTC)
    with prometheus_server.holding(recorded, tmp_path_factory.mktemp("prometheus")) as url:
        yield Prometheus(url, ended - timedelta(minutes=7), ended)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("turno-door/Answers by status", "202"),
        ("turno-chat/Answers by status", "2xx"),
        ("turno-turns/From received to accepted", "p95"),
        ("turno-machine/Size", "MiB"),
        ("turno-goals/Said twice (goal 0)", ">0<"),
    ],
)
def test_a_panel_shows_what_was_recorded(prometheus: Prometheus, name: str, shown: str) -> None:
    panel = PANELS[name]
    told = drawn(panel, prometheus, "one")
    assert shown in told and "No data" not in told
    assert (panel["type"] == "stat") != ("<path" in told)


def test_every_panel_of_every_board_stands_on_the_page(
    prometheus: Prometheus, capsys: pytest.CaptureFixture[str]
) -> None:
    until = prometheus.until.isoformat()
    assert main([prometheus.url, "--until", until, "--hours", "0.12"]) == 0
    page = capsys.readouterr().out
    assert page.count('<section class="panel"') == len(PANELS)
    assert page.count("No data.") < len(PANELS) / 2


def panel_of(expr: str) -> dict[str, Any]:
    place = {"x": 0, "y": 0, "w": 8, "h": 8}
    return {
        "title": "<b>one</b>",
        "type": "timeseries",
        "gridPos": place,
        "fieldConfig": {"defaults": {}},
        "targets": [{"expr": expr}],
    }


def test_a_query_that_is_refused_is_an_error_and_one_that_finds_nothing_is_told(prometheus: Prometheus) -> None:
    with pytest.raises(ValueError, match="sum\\(: "):
        drawn(panel_of("sum("), prometheus, "one")
    told = drawn(panel_of("turno_that_was_never"), prometheus, "one")
    assert "No data." in told and "<b>" not in told
