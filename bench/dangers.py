"""How well danger is found in what people write, and how often in what is none: `python -m bench.dangers`.

Four sets: `tests/dangers/tuned.toml` and `seen.toml`, for which words were added until they were read rightly;
`held_out.toml`, written before the last of them and never tuned on, its ordinary sentences as near to danger as could
be thought of; and every labelled utterance of the desks, which are ordinary but for those that are labelled as
danger. It exits 1 when a goal is missed; `--wrong` lists what was misread, but for what is held out.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot import desks
from bot.desks.examples import UTTERANCES
from bot.nlu import dangers

SETS: Final = Path(__file__).parent.parent / "tests" / "dangers"
ORDINARY: Final = "ordinary"
FOUND, FALSE = 0.98, 0.01
"""The goals: of dangers at least so many are found, of ordinary sentences at most so many are taken for one."""
HELD_OUT_FOUND, HELD_OUT_FALSE = 0.95, 0.08
"""The goals where nothing was tuned, and each ordinary sentence borders on danger."""


@dataclass(frozen=True, slots=True)
class Told:
    text: str
    kinds: frozenset[str]
    """Any of them is right; none: it is no danger."""
    read: str

    @property
    def right(self) -> bool:
        return self.read in self.kinds if self.kinds else not self.read


def labelled(name: str) -> list[Told]:
    """Every message of a set, as it is labelled and as it is read."""
    languages = tomllib.loads((SETS / f"{name}.toml").read_text("utf-8"))
    return [told for kinds in languages.values() for told in _labelled_lines(kinds)]


def _labelled_lines(kinds: Mapping[str, str]) -> Iterator[Told]:
    for written, lines in kinds.items():
        wanted = frozenset() if written == ORDINARY else frozenset(written.split())
        yield from (Told(text, wanted, dangers.read(text)) for text in lines.strip().splitlines())


def everyday() -> list[Told]:
    """Labelled utterances of every desk; those that are labelled with a danger tell one."""
    tables = [tomllib.loads(path.read_text("utf-8")) for path in _utterances()]
    return [_everyday(says) for table in tables for says in table["says"]]


def _utterances() -> list[Path]:
    return [path for _, home in sorted(desks.folders().items()) for path in sorted(home.glob(f"{UTTERANCES}/*.toml"))]


def _everyday(says: Mapping[str, object]) -> Told:
    guesses = says.get("guesses", {})
    danger = str(guesses.get("danger", "")) if isinstance(guesses, dict) else ""
    wanted = frozenset({danger.partition("/")[0]}) if danger else frozenset()
    return Told(str(says["text"]), wanted, dangers.read(str(says["text"])))


@dataclass(frozen=True, slots=True)
class Score:
    told: int
    found: int
    called: int
    """Of those found, those called by their kind."""
    ordinary: int
    false: int

    @property
    def share_found(self) -> float:
        return self.found / self.told if self.told else 1.0

    @property
    def share_false(self) -> float:
        return self.false / self.ordinary if self.ordinary else 0.0

    def __str__(self) -> str:
        found = f"{self.found} of {self.told} dangers found ({self.share_found:.1%}), {self.called} by their kind"
        return f"{found}; {self.false} of {self.ordinary} others taken for one ({self.share_false:.1%})"


def score(said: list[Told]) -> Score:
    dangers_told = [told for told in said if told.kinds]
    others = [told for told in said if not told.kinds]
    return Score(
        len(dangers_told),
        sum(bool(told.read) for told in dangers_told),
        sum(told.right for told in dangers_told),
        len(others),
        sum(bool(told.read) for told in others),
    )


def missed() -> list[str]:
    """Every goal that was not reached, as a sentence."""
    held_out = score(labelled("held_out"))
    whole = score([*labelled("tuned"), *labelled("seen"), *labelled("held_out"), *everyday()])
    reached = (
        ("found", whole.share_found >= FOUND),
        ("false", whole.share_false <= FALSE),
        ("found, held out", held_out.share_found >= HELD_OUT_FOUND),
        ("false, held out", held_out.share_false <= HELD_OUT_FALSE),
    )
    return [f"the goal is missed: {goal}" for goal, kept in reached if not kept]


def main() -> int:
    sets = {
        "tuned": labelled("tuned"),
        "seen": labelled("seen"),
        "held out": labelled("held_out"),
        "everyday": everyday(),
    }
    for name, said in sets.items():
        print(f"{name:<9} {score(said)}")
        for told in said if "--wrong" in sys.argv and name != "held out" else ():
            if not told.right:
                print(f"          {told.read or '-':<10} {' '.join(sorted(told.kinds)) or '-':<16} {told.text}")
    every = [told for said in sets.values() for told in said]
    print(f"{'together':<9} {score(every)}")
    problems = missed()
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
