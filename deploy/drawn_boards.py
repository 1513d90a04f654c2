"""Draws the Grafana boards of `deploy/grafana` without Grafana: one page, from what a Prometheus holds.

python -m deploy.drawn_boards http://127.0.0.1:9090 > boards.html                       # the six hours until now
python -m deploy.drawn_boards URL --until 2026-12-01T12:30:00Z --hours 0.2 --board door # one board, another time

Each panel is drawn by the window's own widgets. A query that Prometheus refuses is an error; one that finds nothing is
drawn as such.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import isfinite
from pathlib import Path
from typing import Any

import requests
from markupsafe import Markup

from core.rows import Rows
from dashboard.widgets import Frame, big_number, lines

HOME = Path(__file__).parent / "grafana"
STYLES = Path(__file__).parents[1] / "dashboard" / "static"
POINTS = 240
LIMIT_S = 30
UNITS: Mapping[str, tuple[float, str]] = {
    "s": (1, "s"),
    "percentunit": (100, "%"),
    "bytes": (1 / 1024**2, "MiB"),
    "cps": (1, "/s"),
    "reqps": (1, "/s"),
    "ops": (1, "/s"),
    "short": (1, ""),
}
"""Grafana's units: by how much a value is multiplied, and what stands behind it."""
Series = tuple[str, list[tuple[datetime, float | None]]]
Panel = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Prometheus:
    url: str
    since: datetime
    until: datetime

    def series(self, expr: str, legend: str) -> list[Series]:
        """What a query finds, under the names that its legend makes."""
        step = max((self.until - self.since).total_seconds() / POINTS, 1)
        asked: dict[str, str | float] = {
            "query": expr,
            "start": self.since.timestamp(),
            "end": self.until.timestamp(),
            "step": step,
        }
        answer = requests.get(f"{self.url}/api/v1/query_range", params=asked, timeout=LIMIT_S).json()
        if answer["status"] != "success":
            raise ValueError(f"{expr}: {answer['error']}")
        return [(_named(legend, one["metric"]), _points(one["values"])) for one in answer["data"]["result"]]


def _named(legend: str, labels: Mapping[str, str]) -> str:
    named = re.sub(r"\{\{\s*(\w+)\s*\}\}", lambda found: labels.get(found[1], ""), legend)
    return named or ", ".join(f"{name}={value}" for name, value in labels.items())


def _points(values: Sequence[tuple[float, str]]) -> list[tuple[datetime, float | None]]:
    return [(datetime.fromtimestamp(at, UTC), _number(value)) for at, value in values]


def _number(value: str) -> float | None:
    number = float(value)
    return number if isfinite(number) else None


def drawn(panel: Panel, prometheus: Prometheus, id: str) -> Markup:
    """One panel, with its title, at its place on the board."""
    times, unit = UNITS[panel["fieldConfig"]["defaults"].get("unit", "short")]
    found = [
        (name, [(at, None if value is None else value * times) for at, value in points])
        for target in panel["targets"]
        for name, points in prometheus.series(target["expr"], target.get("legendFormat", ""))
    ]
    frame = Frame(id, panel["title"], unit, since=prometheus.since, until=prometheus.until, now=prometheus.until)
    inner = (_last if panel["type"] == "stat" else _over_time)(found, frame) if found else Markup("<p>No data.</p>")
    at = panel["gridPos"]
    place = f"grid-column:{at['x'] + 1}/span {at['w']};grid-row:{at['y'] + 1}/span {at['h']}"
    return Markup('<section class="panel" style="{}"><h3>{}</h3>{}</section>').format(place, panel["title"], inner)


def _over_time(found: Sequence[Series], frame: Frame) -> Markup:
    rows = [(at, value, name) for name, points in found for at, value in points]
    return lines.draw(Rows(("line_at", "line_value", "line_series"), ("time", "number", "text"), rows), frame)


def _last(found: Sequence[Series], frame: Frame) -> Markup:
    rows = [(points[-1][1], name) for name, points in found]
    return big_number.draw(Rows(("big", "label"), ("number", "text"), rows), frame)


def page(boards: Sequence[Path], prometheus: Prometheus) -> str:
    style = "".join((STYLES / name).read_text(encoding="utf-8") for name in ("window.css", "panels.css"))
    style += ".board{display:grid;grid-template-columns:repeat(24,1fr);grid-auto-rows:36px;gap:8px;padding:12px}"
    style += ".board .panel{overflow:hidden;margin:0;min-width:0}"
    parts = [_board(json.loads(board.read_text(encoding="utf-8")), prometheus) for board in boards]
    return Markup(
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Boards</title><style>{}</style>{}'
    ).format(
        Markup(style),  # noqa: S704  # our own files
        Markup("").join(parts),
    )


def _board(board: Mapping[str, Any], prometheus: Prometheus) -> Markup:
    panels = [drawn(panel, prometheus, f"{board['uid']}-{panel['id']}") for panel in board["panels"]]
    return Markup('<h2>{}</h2><div class="board">{}</div>').format(board["title"], Markup("").join(panels))


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m deploy.drawn_boards", description="draw the boards as one page")
    parser.add_argument("prometheus", help="its URL")
    parser.add_argument(
        "--until", type=datetime.fromisoformat, default=datetime.now(UTC), help="the end, as 2026-12-01T12:00Z"
    )
    parser.add_argument("--hours", type=float, default=6.0)
    parser.add_argument("--board", choices=sorted(path.stem.removeprefix("turno-") for path in HOME.glob("*.json")))
    asked = parser.parse_args(argv)
    prometheus = Prometheus(asked.prometheus, asked.until - timedelta(hours=asked.hours), asked.until)
    sys.stdout.write(page(sorted(HOME.glob(f"turno-{asked.board or '*'}.json")), prometheus))
    return 0


if __name__ == "__main__":
    sys.exit(main())
