"""Go, wait or back: the judgement of a new version by its figures. A figure that is missing is never a reason to go.

The limits are those of the alerts in `deploy/prometheus/rules`, so that whoever is woken and whoever rolls out agree.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

Word = Literal["go", "wait", "back"]
CODES: Final[Mapping[Word, int]] = {"go": 0, "wait": 3, "back": 4}


class Limits(NamedTuple):
    """Above any of them a new version goes back."""

    errors: float = 0.005
    """Part of the answers that are errors of the server, over five minutes."""
    slower: float = 2.0
    """How many times the baseline's 95th percentile of the time to a turn."""
    disk_used: float = 0.9
    """The fullest disk."""
    dead_letters: int = 0
    said_twice: int = 0


LIMITS: Final = Limits()
UNFELT_S: Final = 0.25
"""A turn that is quicker than this is not slow, however quick the baseline is."""
FEWEST_TURNS: Final = 20
"""With fewer turns nothing can be said."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The new version's figures, and the baseline's where the two are compared. None: there is no such figure."""

    turns: float | None = None
    errors: float | None = None
    p95_s: float | None = None
    p95_s_of_others: float | None = None
    ai_open: float | None = None
    ai_open_of_others: float | None = None
    disk_used: float | None = None
    dead_letters: float | None = None
    said_twice: float | None = None


class Reason(NamedTuple):
    """One thing that was looked at."""

    word: Word
    what: str


@dataclass(frozen=True, slots=True)
class Verdict:
    reasons: tuple[Reason, ...]

    @property
    def word(self) -> Word:
        """The worst that was found."""
        found = {reason.word for reason in self.reasons}
        return "back" if "back" in found else "wait" if "wait" in found else "go"

    @property
    def as_json(self) -> dict[str, object]:
        return {"verdict": self.word, "reasons": [reason._asdict() for reason in self.reasons]}


def judge(figures: Figures, limits: Limits = LIMITS) -> Verdict:
    return Verdict((
        _turns(figures.turns),
        _most("errors of the server", figures.errors, limits.errors, "{:.2%}"),
        _slower(figures, limits.slower),
        _ai(figures),
        _most("the fullest disk", figures.disk_used, limits.disk_used, "{:.0%}"),
        _most("dead letters", figures.dead_letters, limits.dead_letters, "{:g}"),
        _most("said twice", figures.said_twice, limits.said_twice, "{:g}"),
    ))  # fmt: skip


def _known(figure: float | None) -> float | None:
    """The figure, unless it is none: a division by no traffic is not a number."""
    return None if figure is None or math.isnan(figure) else figure


def _turns(turns: float | None) -> Reason:
    known = _known(turns)
    if known is None:
        return Reason("wait", "turns: no figures")
    few = known < FEWEST_TURNS
    return Reason("wait" if few else "go", f"turns: {known:.0f}" + (f", {FEWEST_TURNS} are the fewest" if few else ""))


def _most(what: str, figure: float | None, limit: float, form: str) -> Reason:
    known = _known(figure)
    if known is None:
        return Reason("wait", f"{what}: no figures")
    bad = known > limit
    return Reason(
        "back" if bad else "go", f"{what}: {form.format(known)}" + (f", more than {form.format(limit)}" if bad else "")
    )


def _slower(figures: Figures, limit: float) -> Reason:
    mine, others = _known(figures.p95_s), _known(figures.p95_s_of_others)
    if mine is None or others is None:
        return Reason("wait", f"time to a turn: no figures of the {'new version' if mine is None else 'baseline'}")
    told = f"time to a turn: p95 {mine:.2f} s, baseline {others:.2f} s"
    if mine > UNFELT_S and mine > limit * others:
        return Reason("back", f"{told}, more than {limit:g} times it")
    return Reason("go", told)


def _ai(figures: Figures) -> Reason:
    """Open for the new version alone, it is that version's doing; open for all, the AI is away, and the rules answer."""
    mine, others = _known(figures.ai_open), _known(figures.ai_open_of_others)
    if mine is None:
        return Reason("wait", "circuit of the AI: no figures")
    if not mine:
        return Reason("go", "circuit of the AI: closed")
    if others:
        return Reason("wait", "circuit of the AI: open for all versions")
    return Reason("back", "circuit of the AI: open for the new version alone")
