"""The tree of errors is drawn as it is, and somebody raises every leaf of it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from core import errors
from core.errors import TurnoError

ROOT = Path(__file__).parents[2]
ROOMS = ("core", "bot", "webhook", "dashboard", "simulator")


def tree(root: type[TurnoError] = TurnoError, depth: int = 0) -> Iterator[tuple[int, str]]:
    """The classes of `core/errors.py`, each with how deep it lies, in the order in which they are written."""
    yield depth, root.__name__
    for below in root.__subclasses__():
        if below.__module__ == errors.__name__:
            yield from tree(below, depth + 1)


def leaves() -> set[str]:
    drawn = list(tree())
    following = [depth for depth, _ in drawn[1:]] + [0]
    return {name for (depth, name), then in zip(drawn, following, strict=True) if then <= depth}


def raised() -> set[str]:
    """What is raised: by its class alone, made and then raised, or chosen from a table and made."""
    paths = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    nodes = (node for path in paths for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    return {made.id for node in nodes for made in makes(node) if isinstance(made, ast.Name)}


def makes(node: ast.AST) -> list[ast.expr]:
    match node:
        case ast.Raise(exc=ast.expr() as made) | ast.Call(func=made):
            return [made]
        case ast.Dict(values=made_by):
            return made_by
    return []


def test_somebody_raises_every_leaf() -> None:
    assert leaves() - raised() == set()


def test_the_tree_is_drawn_as_it_is() -> None:
    lines = re.findall(r"^    ([│├└─ ]*)(\w+)", errors.__doc__ or "", re.MULTILINE)
    assert [(len(stem) // 4, name) for stem, name in lines] == list(tree())
