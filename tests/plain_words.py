"""Plain words: `python -m tests.plain_words` refuses riddles in docstrings, SQL comments, docs, help texts and pages.

The sentence that opens a docstring, a comment above a query, a paragraph, a list item or a help text names its subject: no "What …", "Who …", "Nobody …".
A function is named by what it does: no `told`, `tell`, `hear`. `plain_words.toml` holds how many there still are in each room; the numbers may
only shrink, and `--write` shrinks them. Tests are left out: their docstrings are propositions, such as "Nobody can shut the door by being slow".
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
RATCHET: Final = Path(__file__).with_suffix(".toml")
CODE: Final = ("core", "bot", "webhook", "dashboard", "simulator", "runner", "bench", "migrations")
RIDDLE: Final = re.compile(
    r"(?:who|whom|whose|whoever|what|whatever|where|wherever|which|whichever|nobody|none|those)\s+(?![^.:]*\?)",
    re.I,
)
UNCLEAR: Final = re.compile(r"_?(?:told|tells?|heard?|hears)$")
COMMENT: Final = re.compile(r"\s*-- ?(?:help: )?(?P<text>.*)")
HEADER: Final = re.compile(r"\s*-- ?\w+:")
"""A line of its own above the comment: the name of a query, or what a panel says of itself."""
HELP: Final = {"help", "description", "epilog"}
"""Keyword arguments whose text a person reads: of argparse, and of the fields of the settings."""


def every(root: Path = ROOT) -> Iterator[tuple[str, str]]:
    """Each finding: its room, and `file:line: text`."""
    for room in CODE:
        for path in sorted((root / room).rglob("*.py")):
            for line, text in of_code(path.read_text("utf-8")):
                yield room, f"{path.relative_to(root)}:{line}: {text}"
        for path in sorted((root / room).rglob("*.sql")):
            for line, text in of_sql(path.read_text("utf-8")):
                yield room, f"{path.relative_to(root)}:{line}: {text}"
        for path in sorted((root / room).rglob("*.html")):
            yield from _lines(root, path, room, r"(?<=>)\s*([A-Z][^<{]+)")
    for path in (
        root / "README.md",
        root / "CHANGELOG.md",
        *sorted((root / "docs").rglob("*.md")),
        *sorted(root.glob("bot/desks/*/README.md")),
    ):
        yield from _lines(root, path, "docs", r"(?:\A|\n\n|\n(?=[*-] |\d+\. ))(?:[*-] |\d+\. )?(\w[^\n]*)")


def of_code(source: str) -> Iterator[tuple[int, str]]:
    """Unclear docstrings, names and help texts of one module: line and text."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            text, line = ast.get_docstring(node) or "", getattr(node, "lineno", 1)
            if RIDDLE.match(text):
                yield line, text.splitlines()[0]
            if UNCLEAR.match(getattr(node, "name", "")):
                yield line, f"def {getattr(node, 'name', '')}"
        elif isinstance(node, ast.keyword) and node.arg in HELP and isinstance(node.value, ast.Constant):
            if RIDDLE.match(str(node.value.value)):
                yield node.value.lineno, str(node.value.value)


def of_sql(source: str) -> Iterator[tuple[int, str]]:
    """Unclear openings of the comments in SQL, and of a panel's help: line and text."""
    before = ""
    for number, line in enumerate(source.splitlines(), 1):
        comment = COMMENT.match(line)
        goes_on = COMMENT.match(before) and not HEADER.match(before)
        if comment and not goes_on and RIDDLE.match(comment["text"]):
            yield number, comment["text"]
        before = line


def _lines(root: Path, path: Path, room: str, opening: str) -> Iterator[tuple[str, str]]:
    text = path.read_text("utf-8") if path.exists() else ""
    for found in re.finditer(opening, text):
        if RIDDLE.match(found[1]):
            yield (
                room,
                f"{path.relative_to(root)}:{text.count(chr(10), 0, found.start(1)) + 1}: {found[1].strip()[:120]}",
            )


def excess(found: list[tuple[str, str]], allowed: dict[str, int]) -> list[str]:
    """The findings of each room that holds more than `allowed`, each room under a heading."""
    counts = Counter(room for room, _ in found)
    lines = []
    for room, count in counts.items():
        if count > allowed.get(room, 0):
            lines.append(
                f"{room}: {count} unclear openings or names, allowed are {allowed.get(room, 0)}; begin with the subject:"
            )
            lines += [f"  {text}" for where, text in found if where == room]
    return lines


def allowed() -> dict[str, int]:
    """How many findings each room may still hold."""
    return tomllib.loads(RATCHET.read_text("utf-8"))


def main() -> int:
    found = list(every())
    if "--write" in sys.argv:
        counts, limits = Counter(room for room, _ in found), allowed()
        RATCHET.write_text("".join(f"{room} = {min(counts[room], limits[room])}\n" for room in limits), "utf-8")
    wrong = excess(found, allowed())
    print("\n".join(wrong) or f"plain words: {len(found)} unclear openings are left, none is new")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
