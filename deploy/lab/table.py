"""The table of a run, in Markdown: one row a failure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from deploy.lab.evidence import Cost

HEAD = "| failure | messages | lost | said twice | usual wait, s | longest wait, s | goal, s |"
RULE = "|---|---|---|---|---|---|---|"


@dataclass(frozen=True, slots=True)
class Row:
    failure: str
    cost: Cost
    goal_s: float | None = None

    @property
    def good(self) -> bool:
        within = self.goal_s is None or self.cost.longest_s <= self.goal_s
        return within and not self.cost.lost and not self.cost.twice

    def __str__(self) -> str:
        cost, goal = self.cost, "" if self.goal_s is None else f"≤ {self.goal_s:.0f}"
        cells = [self.failure, f"{cost.messages}", f"{cost.lost}", f"{cost.twice}", f"{cost.usual_s:.1f}"]
        return f"| {' | '.join([*cells, f'{cost.longest_s:.1f}', goal])} |"


def lines(rows: Iterable[Row]) -> Iterator[str]:
    yield HEAD
    yield RULE
    yield from map(str, rows)
