"""Length of functions: in every room the median, nine in ten, and the longest, each with its limit.

A function that holds others, such as one that adds routes, counts with all of them: it is read as one piece.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOMS = ("core", "bot", "webhook", "dashboard", "simulator", "runner")
LONGEST, MEDIAN, NINE_IN_TEN = 40, 6, 15
ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Function:
    path: Path
    line: int
    name: str
    length: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.name} has {self.length} lines, at most {LONGEST}"


def functions(folder: Path, root: Path) -> list[Function]:
    """Every function below this folder, as long as it is from its `def` to its last line."""
    return [found for path in sorted(folder.rglob("*.py")) for found in _of(path, root)]


def _of(path: Path, root: Path) -> Iterator[Function]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            yield Function(path.relative_to(root), node.lineno, node.name, length)


def nine_in_ten(lengths: Sequence[int]) -> int:
    """Nine in ten are no longer than this."""
    ordered = sorted(lengths)
    return ordered[max(0, -(-len(ordered) * 9 // 10) - 1)]


def check(room: str, root: Path = ROOT) -> tuple[str, list[str]]:
    """One line about a room, and what is too long in it."""
    found = functions(root / room, root)
    lengths = [each.length for each in found]
    middle, most = median(lengths), nine_in_ten(lengths)
    told = f"{room}: {len(found)} functions, median {middle:g}, nine in ten {most}, longest {max(lengths)}"
    wrong = [str(each) for each in found if each.length > LONGEST]
    if middle > MEDIAN or most > NINE_IN_TEN:
        wrong.append(f"{room}: the median may be {MEDIAN}, nine in ten {NINE_IN_TEN}")
    return told, wrong


def main() -> int:
    checked = [check(room) for room in ROOMS]
    wrong = [each for _, too_long in checked for each in too_long]
    print("\n".join([*(told for told, _ in checked), *wrong]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
