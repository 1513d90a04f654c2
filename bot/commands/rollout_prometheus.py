"""The figures of a new version and of its baseline, asked of Prometheus, whose targets carry a label that tells them apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from bot.commands.rollout_verdict import Figures
from bot.commands.site import Site, Wrong

ANSWERS = '{__name__=~"turno_(door|chat)_seconds_count",@}'
QUERIES: Final[Mapping[str, str]] = {
    "turns": "sum(turno_turns_total{@}) or 0 * max(turno_build_info{@})",
    "errors": (
        '((sum(rate({__name__=~"turno_(door|chat)_seconds_count",status=~"5..",@}[5m])) or vector(0))'
        f" / (sum(rate({ANSWERS}[5m])) > 0)) or 0 * max(turno_build_info{{@}})"
    ),
    "p95_s": "histogram_quantile(0.95, sum by (le) (rate(turno_turn_wait_seconds_bucket{@}[5m])))",
    "p95_s_of_others": "histogram_quantile(0.95, sum by (le) (rate(turno_turn_wait_seconds_bucket{!}[5m])))",
    "ai_open": 'max(turno_breakers_open{breaker="ai",@}) or 0 * max(turno_build_info{@})',
    "ai_open_of_others": 'max(turno_breakers_open{breaker="ai",!}) or 0 * max(turno_build_info{!})',
    "disk_used": "1 - min(turno_disk_free_ratio{@})",
    "dead_letters": "sum(turno_buried_total{@}) or 0 * max(turno_build_info{@})",
    "said_twice": "max(turno_said_twice)",
}
"""`@` stands for the labels of the new version's targets, `!` for those of the baseline's."""


def figures(prometheus: Site, new: str, baseline: str) -> Figures:
    """Figures as Prometheus knows them now. Raises Wrong when it does not answer."""
    return Figures(**{name: _ask(prometheus, filled(query, new, baseline)) for name, query in QUERIES.items()})


def filled(query: str, new: str, baseline: str) -> str:
    return query.replace("@", new).replace("!}", f"{baseline}}}")


def _ask(prometheus: Site, query: str) -> float | None:
    """The one value; None when there is none."""
    told = prometheus.get(f"/api/v1/query?{urlencode({'query': query})}").fields
    try:
        found = told["data"]["result"]
        return float(found[0]["value"][1]) if found else None
    except (KeyError, IndexError, TypeError, ValueError):
        raise Wrong(f"this is no Prometheus: {prometheus.url}") from None
