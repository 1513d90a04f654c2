"""The nouns of each business, out of its desk's folder: `python -m tests.nouns` refuses them in all other code.

`nouns.toml` here lists the exceptions, each with its reason; one that nothing needs any more is refused too.
"""

from __future__ import annotations

import re
import sys
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
DESKS: Final = ROOT / "bot" / "desks"
ROOMS: Final = ("bot", "core", "webhook", "dashboard", "simulator", "runner")
CODE: Final = frozenset({".py", ".sql", ".toml", ".html", ".js", ".css", ".txt"})
EXCEPTIONS: Final = Path(__file__).with_suffix(".toml")


def businesses() -> list[str]:
    """The desks that are a business: those with a menu of their own, and so with nouns."""
    return sorted(path.parent.name for path in DESKS.glob("*/nouns.toml"))


@cache
def nouns(desk: str, kind: str = "says") -> frozenset[str]:
    """A desk's nouns: those that customers read (`says`), or those that code names (`names`)."""
    return frozenset(tomllib.loads((DESKS / desk / "nouns.toml").read_text("utf-8"))[kind].split())


def of_others(desk: str, among: Iterable[str]) -> frozenset[str]:
    """The nouns of the other businesses that are none of this desk's own."""
    others = frozenset().union(*(nouns(other) for other in among if other != desk))
    return others - (nouns(desk) if desk in among else frozenset())


def within(text: str, wanted: Iterable[str]) -> list[str]:
    """The nouns that a text holds, as they are written there."""
    pattern = "|".join(noun.replace("*", r"[a-z]*") for noun in sorted(wanted))
    return re.findall(rf"(?<![a-z])(?:{pattern})(?![a-z])", folded(text)) if pattern else []


def folded(text: str) -> str:
    """In small letters, without accents."""
    return "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))


def lines_with_nouns(root: Path = ROOT) -> Iterator[tuple[str, int, str]]:
    """Lines of code that name a business's noun, outside the folders of the businesses: file, line, noun."""
    own = [DESKS.relative_to(ROOT) / business for business in businesses()]
    every = frozenset[str]().union(*(nouns(business, "names") for business in businesses()))
    for path in sorted(path for room in ROOMS for path in (root / room).rglob("*") if path.suffix in CODE):
        file = path.relative_to(root)
        if not any(file.is_relative_to(folder) for folder in own):
            for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
                yield from ((file.as_posix(), number, noun) for noun in within(line, every))


def refused(found: Iterable[tuple[str, int, str]], exceptions: dict[str, str]) -> list[str]:
    """The findings that no exception covers, and the exceptions that cover none."""
    found, used = list(found), set[str]()
    wrong = []
    for file, line, noun in found:
        covering = {pattern for pattern in exceptions if fnmatch(f"{file}: {noun}", pattern)}
        used |= covering
        if not covering:
            wrong.append(f"{file}:{line}: {noun!r} belongs into a desk's folder")
    return wrong + [f"{EXCEPTIONS.name}: {pattern} is no exception any more" for pattern in exceptions.keys() - used]


def main() -> int:
    exceptions = tomllib.loads(EXCEPTIONS.read_text("utf-8"))
    wrong = refused(lines_with_nouns(), exceptions)
    print("\n".join(wrong) or f"nouns: 0 lines outside the desks' folders, but for {len(exceptions)} exceptions")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
