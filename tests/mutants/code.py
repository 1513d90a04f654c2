"""Mutants of a module: a condition is turned round, `and` is `or`, a comparison moves by one, a statement is gone, a
sequence's first is its last."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator

OTHER: dict[type[ast.AST], type[ast.AST]] = {
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
}


def mutants(source: str) -> Iterator[tuple[str, str]]:
    """(the line that is changed and into what, the module's source with it)."""
    tree = ast.parse(source)
    lines = source.splitlines()
    for index, node in enumerate(ast.walk(tree)):
        for change in _changes(node):
            other = copy.deepcopy(tree)
            twin = next(found for at, found in enumerate(ast.walk(other)) if at == index)
            told = change(twin)
            yield f"{lines[_line(node) - 1].strip()} → {told}", ast.unparse(ast.fix_missing_locations(other))


def _line(node: ast.AST) -> int:
    placed = node.target if isinstance(node, ast.comprehension) else node
    return int(getattr(placed, "lineno", 1))


def _changes(node: ast.AST) -> Iterator[Callable[[ast.AST], str]]:
    if isinstance(node, ast.If | ast.IfExp | ast.While):
        yield _turned_round
    if isinstance(node, ast.comprehension) and node.ifs:
        yield _unfiltered
    if isinstance(node, ast.BoolOp | ast.BinOp) and type(node.op) in OTHER:
        yield _other_operator
    if isinstance(node, ast.Compare) and type(node.ops[0]) in OTHER:
        yield _other_comparison
    if isinstance(node, ast.Return) and node.value is not None:
        yield _nothing_returned
    for name in ("body", "orelse"):
        for at, inner in enumerate(getattr(node, name, None) if isinstance(getattr(node, name, None), list) else ()):
            if isinstance(inner, ast.Expr) and isinstance(inner.value, ast.Call):
                yield _without(name, at)


def _turned_round(node: ast.AST) -> str:
    node.test = ast.UnaryOp(ast.Not(), node.test)  # type: ignore[attr-defined]
    return "if not"


def _unfiltered(node: ast.AST) -> str:
    node.ifs = []  # type: ignore[attr-defined]
    return "no if"


def _other_operator(node: ast.AST) -> str:
    node.op = OTHER[type(node.op)]()  # type: ignore[attr-defined]
    return ast.unparse(node)


def _other_comparison(node: ast.AST) -> str:
    node.ops[0] = OTHER[type(node.ops[0])]()  # type: ignore[attr-defined]
    return ast.unparse(node)


def _nothing_returned(node: ast.AST) -> str:
    node.value = ast.Constant(None)  # type: ignore[attr-defined]
    return "return None"


def _without(name: str, at: int) -> Callable[[ast.AST], str]:
    def change(node: ast.AST) -> str:
        gone = ast.unparse(getattr(node, name)[at])
        getattr(node, name)[at] = ast.Pass()
        return f"without {gone}"

    return change
