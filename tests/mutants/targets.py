"""The blocks and modules that are changed, and the tests that must notice."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from tests.mutants import code, sql

ROOT = Path(__file__).parents[2]
SQL = ("sessions", "inbox", "outbox", "deliveries", "timers", "steps", "records")
NEAR_THE_PATH = (
    "test_own_sessions.py test_own_events.py test_own_sends.py test_own_history.py test_own_records.py test_own_locks.py"
    " test_turns.py test_sends.py test_people.py test_nothing_healthy_is_buried.py"
).split()
STEP = tuple(
    f"tests/unit/test_{name}.py" for name in ("engine", "maintenance", "takeover", "last_case", "flood", "transcripts")
)
TESTS = {
    "core/store/sql": tuple(f"tests/integration/{name}" for name in NEAR_THE_PATH),
    "core/store/path/commit.py": ("tests/integration/test_turns.py",),
    "core/turn.py": ("tests/integration/test_turns.py", "tests/integration/test_media_ai.py"),
    "bot/engine/step.py": STEP,
    "bot/engine/rules/__init__.py": STEP,
    "webhook/door.py": tuple(
        f"tests/integration/test_{name}.py" for name in ("door", "people", "path", "sends", "bad_input")
    ),
}
MOST_TESTS = 60
OWN = (
    {"sessions": "sessions", "inbox": "events", "outbox": "sends"}
    | dict.fromkeys(SQL[3:], "history")
    | {"records": "records"}
)
"""Table → the file of examples that hold its statements, `test_own_….py`."""


class Mutant(NamedTuple):
    place: str
    """A named block, or a module's path."""
    change: str
    text: str
    whole: str
    """The text without the change."""

    @property
    def name(self) -> str:
        return f"{self.place}: {self.change}"

    @property
    def is_code(self) -> bool:
        return self.place.endswith(".py")

    @property
    def key(self) -> str:
        return sha256(f"{self.name}\n{self.text}".encode()).hexdigest()[:16]


def every(only: tuple[str, ...]) -> list[Mutant]:
    """The mutants whose name begins so. A name is there once: the second one has its number."""
    seen: dict[str, int] = {}
    found = []
    for mutant in [*_of_sql(), *_of_code()]:
        seen[mutant.name] = seen.get(mutant.name, 0) + 1
        if seen[mutant.name] > 1:
            mutant = mutant._replace(change=f"{mutant.change} #{seen[mutant.name]}")
        found.append(mutant)
    return [mutant for mutant in found if mutant.name.startswith(only or "")]


def _of_sql() -> Iterator[Mutant]:
    from core.store import queries

    for name, statement in sorted(queries.load().items()):
        if name.split(".")[0] in SQL:
            yield from (Mutant(name, *found, statement) for found in sql.mutants(statement))


def _of_code() -> Iterator[Mutant]:
    for path in TESTS:
        if path.endswith(".py"):
            source = (ROOT / path).read_text("utf-8")
            yield from (Mutant(path, *found, source) for found in code.mutants(source))


def tests_for(mutant: Mutant, ran: Callable[[], dict[str, dict[str, float]]], noticed: str) -> list[list[str]]:
    """The tests in stages: the one that noticed the mutant last time; of a block its own examples, then the others that run
    it, the quickest first; of a module, its files."""
    last = [noticed] if noticed else []
    if mutant.place in TESTS:
        return [stage for stage in (last, [*TESTS[mutant.place]]) if stage]
    own = OWN[mutant.place.split(".")[0]]
    nearest = sorted(ran().get(mutant.place, {}).items(), key=lambda item: (_distance(item[0], own), item[1]))
    names = [test for test, _ in nearest[:MOST_TESTS] if test != noticed]
    own_names = [test for test in names if not _distance(test, own)]
    return [stage for stage in (last, own_names, [test for test in names if test not in own_names]) if stage]


def _distance(test: str, own: str) -> int:
    """0 for the examples of this table's statements, 1 for those of locks, 2 for all others."""
    return 0 if f"/test_own_{own}.py" in test else 1 if "/test_own_locks.py" in test else 2


def read_lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []
