"""Mutants of a named SQL block: one conjunct of a `where` or `on` becomes true; an `order by`, a lock or its
`skip locked` is gone."""

from __future__ import annotations

import re
from collections.abc import Iterator

TOKEN = re.compile(r"'(?:[^']|'')*'|%\(\w+\)s|\w+|\S")
ENDS = frozenset(
    "where on group order limit for returning union join left cross inner window having offset set from".split()
)
"""Words that end the clause before them, where they stand at its depth."""
LOCK = re.compile(r"\bfor (no key )?update( of \w+)?( skip locked)?")
Span = tuple[int, int]
Token = tuple[str, int, Span]


def mutants(statement: str) -> Iterator[tuple[str, str]]:
    """(what is gone, the statement without it), in the order of the statement."""
    found = [(span, "true") for span in _conjuncts(statement)]
    found += [(span, "") for span in _orders(statement)]
    for lock in LOCK.finditer(statement):
        found += [(lock.span(), "")] + ([(lock.span(3), "")] if lock[3] else [])
    for (begin, end), instead in sorted(found):
        gone = " ".join(statement[begin:end].split())
        if gone != "true":
            yield gone, statement[:begin] + instead + statement[end:]


def _tokens(statement: str) -> list[Token]:
    """Each word with its depth: inside parentheses and inside `case … end` it is deeper."""
    found, depth = [], 0
    for match in TOKEN.finditer(statement):
        word = match[0].lower()
        depth -= word in (")", "end")
        found.append((word, depth, match.span()))
        depth += word in ("(", "case")
    return found


def _clause(tokens: list[Token], first: int, ends: frozenset[str]) -> list[Token]:
    """The tokens from here to the end of their clause."""
    depth = tokens[first][1]
    last = first
    while (
        last < len(tokens) and tokens[last][1] >= depth and not (tokens[last][1] == depth and tokens[last][0] in ends)
    ):
        last += 1
    return tokens[first:last]


def _conjuncts(statement: str) -> Iterator[Span]:
    tokens = _tokens(statement)
    for index, (word, depth, _) in enumerate(tokens):
        joins = word == "on" and tokens[index + 1][0] != "conflict" and tokens[index - 1][0] != "distinct"
        if word == "where" or joins:
            clause = _clause(tokens, index + 1, ENDS | {","})
            yield from _split(clause, depth)


def _split(clause: list[Token], depth: int) -> Iterator[Span]:
    """At each `and` of this depth, but not of a `between`, and not where an `or` stands beside it."""
    here = [word for word, at, _ in clause if at == depth]
    begin, between = 0, False
    for index, (word, at, _) in enumerate(clause):
        if at == depth and word == "and" and "or" not in here and not between:
            yield clause[begin][2][0], clause[index - 1][2][1]
            begin = index + 1
        if at == depth and word in ("between", "and"):
            between = word == "between"
    yield clause[begin][2][0], clause[-1][2][1]


def _orders(statement: str) -> Iterator[Span]:
    tokens = _tokens(statement)
    for index, (word, _, (begin, _)) in enumerate(tokens):
        if word == "order" and tokens[index + 1][0] == "by":
            yield begin, _clause(tokens, index + 1, ENDS)[-1][2][1]
