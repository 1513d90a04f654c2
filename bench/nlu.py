"""How well the rules understand: precision and recall by intent, values found, and microseconds a message.

`python -m bench.nlu` prints a table for each desk and exits 1 when a goal of `bench/nlu_goals.toml` is missed;
`--wrong` lists what was misread.
"""

from __future__ import annotations

import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from bench.labelled import FIELD, Utterance, found, utterances
from core.reading import Reading

GOALS: Final = Path(__file__).with_name("nlu_goals.toml")
ROUNDS = 5
DESKS: Final = {FIELD: "field service", "it": "IT help desk", "hotel": "hotel"}


@dataclass(slots=True)
class Tally:
    """Counts over one set of utterances."""

    total: int = 0
    right: int = 0
    labelled: Counter[str] = field(default_factory=Counter)
    said: Counter[str] = field(default_factory=Counter)
    hit: Counter[str] = field(default_factory=Counter)
    values_labelled: int = 0
    values_found: int = 0
    values_hit: int = 0
    wrong: list[tuple[Utterance, Reading]] = field(default_factory=list)

    def add(self, utterance: Utterance, reading: Reading) -> None:
        self.total += 1
        self.labelled[utterance.intent] += 1
        self.said[reading.intent] += 1
        self.hit[utterance.intent] += reading.intent == utterance.intent
        self._add_values(utterance.guesses, utterance.found(reading))
        if utterance.right(reading):
            self.right += 1
        else:
            self.wrong.append((utterance, reading))

    def _add_values(self, labelled: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        self.values_labelled += len(labelled)
        self.values_found += len(values)
        self.values_hit += sum(1 for name, value in values.items() if name in labelled and labelled[name] == value)

    @property
    def share_right(self) -> float:
        return _share(self.right, self.total)

    def precision(self, intent: str) -> float:
        return _share(self.hit[intent], self.said[intent])

    def recall(self, intent: str) -> float:
        return _share(self.hit[intent], self.labelled[intent])

    @property
    def slots(self) -> float:
        return min(_share(self.values_hit, self.values_labelled), _share(self.values_hit, self.values_found))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def tally(said: Iterable[Utterance]) -> Tally:
    counts = Tally()
    for utterance in said:
        counts.add(utterance, utterance.read())
    return counts


def average_us(said: list[Utterance]) -> float:
    begun = perf_counter()
    for _ in range(ROUNDS):
        for utterance in said:
            utterance.read()
    return (perf_counter() - begun) / (ROUNDS * len(said)) * 1e6


def missed(counts: Tally, held_out: Tally, speed: float, goals: Mapping[str, Any]) -> list[str]:
    """Every goal that was not reached, as a sentence."""
    problems = [
        f"{name}: {reached:.3f} < {goals[name]}"
        for name, reached in (
            ("right", counts.share_right),
            ("held_out_right", held_out.share_right),
            ("slots", counts.slots),
        )
        if reached < goals[name]
    ]
    for measure, reach in (("precision", counts.precision), ("recall", counts.recall)):
        for intent in sorted(counts.labelled):
            goal = goals[measure].get(intent, goals[measure]["default"])
            if reach(intent) < goal:
                problems.append(f"{measure} of {intent or '(nothing)'}: {reach(intent):.3f} < {goal}")
    return problems + ([f"average_us: {speed:.0f} > {goals['average_us']}"] if speed > goals["average_us"] else [])


def table(counts: Tally, held_out: Tally, speed: float) -> str:
    head = [
        f"right, tuned set      {counts.share_right:7.1%}   of {counts.total}",
        f"right, held out       {held_out.share_right:7.1%}   of {held_out.total}",
        f"values, tuned set     {counts.slots:7.1%}   of {counts.values_labelled}",
        f"values, held out      {held_out.slots:7.1%}   of {held_out.values_labelled}",
        f"average               {speed:7.0f} µs a message",
        "",
        f"{'intent':<22}{'count':>6}{'precision':>11}{'recall':>9}{'held out P':>12}{'R':>8}",
    ]
    return "\n".join(head + [_row(intent, counts, held_out) for intent in sorted(counts.labelled)])


def _row(intent: str, counts: Tally, held_out: Tally) -> str:
    return (
        f"{intent or '(nothing)':<22}{counts.labelled[intent]:>6}"
        f"{counts.precision(intent):>11.3f}{counts.recall(intent):>9.3f}"
        f"{held_out.precision(intent):>12.3f}{held_out.recall(intent):>8.3f}"
    )


def goals_of(desk: str) -> dict[str, Any]:
    """The goals of one desk's words."""
    goals: dict[str, Any] = tomllib.loads(GOALS.read_text("utf-8"))[desk]
    return goals


def measure(desk: str) -> list[str]:
    """Print one desk's table; the goals it missed."""
    tuned = list(utterances(held_out=False, desk=desk))
    counts, held_out = tally(tuned), tally(utterances(held_out=True, desk=desk))
    speed = average_us(tuned)
    print(f"\n{DESKS[desk]}\n\n{table(counts, held_out, speed)}")
    if "--wrong" in sys.argv:
        for utterance, reading in counts.wrong + held_out.wrong:
            print(f"\n{utterance}\n  read as {reading.intent!r} {found(reading)}")
    return [f"{DESKS[desk]}: {problem}" for problem in missed(counts, held_out, speed, goals_of(desk))]


def main() -> int:
    problems = [problem for desk in DESKS for problem in measure(desk)]
    print("\n" + ("\n".join(["Goals missed:", *problems]) if problems else "Every goal reached."))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
