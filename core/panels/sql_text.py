"""SQL scanner: finds literals, comments and parameters, and checks that a text is one statement.

Small, and not a parser: PostgreSQL's own protocol takes one statement only, so what slips through here is refused
there. This exists to name parameters rightly and to tell what is wrong in words.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""
      (?P<comment>--[^\n]*)
    | (?P<block>/\*)
    | (?P<escaped>(?<![\w$])[eE]'(?:[^'\\]|\\.|'')*')
    | (?P<literal>'(?:[^']|'')*')
    | (?P<dollar>(?<![\w$])\$(?:[A-Za-z_]\w*)?\$)
    | (?P<quoted>"(?:[^"]|"")*")
    | (?P<cast>::|:=)
    | :(?P<named>[a-z_]\w*)
    | %\((?P<percent>[a-z_]\w*)\)s
    | (?P<end>;)
    | (?P<word>[A-Za-z_][\w$]*)
    | (?P<open>\()
    | (?P<close>\))
    | (?P<quote>['"])
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_BEGINNINGS = ("select", "with", "values", "table")


class BadSql(ValueError):
    """The text is not one SELECT; the message says why, for whoever wrote it."""


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    text: str
    """As it stands there; of a parameter, its name."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One SELECT for the driver: parameters as `%(name)s`, each with its type; every other % doubled."""

    text: str
    names: frozenset[str]


def tokens(sql: str) -> Iterator[Token]:
    """The parts of a text, in order; together they are the text."""
    at = 0
    while at < len(sql):
        found = _TOKEN.match(sql, at)
        assert found is not None, "any character is a token"
        kind = found.lastgroup or "other"
        if kind == "block":
            at = _end_of_block(sql, at)
            yield Token("comment", sql[found.start() : at])
            continue
        if kind == "quote":
            raise BadSql(f"a quote is opened and never closed: {sql[at : at + 20]!r}")
        if kind == "dollar":
            at = _end_of_dollars(sql, found[0], found.end())
            yield Token("literal", sql[found.start() : at])
            continue
        at = found.end()
        if kind in ("named", "percent"):
            yield Token("parameter", found[kind])
        else:
            yield Token("literal" if kind == "escaped" else kind, found[0])


def _end_of_block(sql: str, at: int) -> int:
    """The end of the block comment that begins here; comments nest."""
    depth = 0
    for found in re.compile(r"/\*|\*/").finditer(sql, at):
        depth += 1 if found[0] == "/*" else -1
        if depth == 0:
            return found.end()
    raise BadSql("a comment is opened and never closed")


def _end_of_dollars(sql: str, quote: str, at: int) -> int:
    """The end of the dollar-quoted text that `quote`, such as `$a$`, opened before `at`."""
    end = sql.find(quote, at)
    if end < 0:
        raise BadSql(f"a quote is opened and never closed: {quote[:20]!r}")
    return end + len(quote)


def one_select(sql: str, types: dict[str, str]) -> Statement:
    """A panel's text as one statement with its parameters bound by name; `types` are those that may be named."""
    parts = _parts(sql)
    _changes_nothing(parts)
    _declared([part.text for part in parts if part.kind == "parameter"], types)
    return _statement(parts, types)


def typed_select(sql: str) -> Statement:
    """The same for what somebody types: any parameter may be named, and PostgreSQL finds out of what type it is."""
    return _statement(_parts(sql), {})


def _parts(sql: str) -> list[Token]:
    parts = list(tokens(sql.strip()))
    _one_statement(parts)
    _balanced(parts)
    _begins_well(parts)
    return parts


def _statement(parts: list[Token], types: dict[str, str]) -> Statement:
    text = "".join(_written(part, types) for part in parts if part.kind != "end")
    return Statement(text, frozenset(part.text for part in parts if part.kind == "parameter"))


def _one_statement(parts: list[Token]) -> None:
    ended = False
    for part in parts:
        if ended and part.kind != "comment" and part.text.strip():
            raise BadSql("there is a second statement after the semicolon: one SELECT is wanted")
        ended = ended or part.kind == "end"


def _balanced(parts: list[Token]) -> None:
    depth = 0
    for part in parts:
        depth += {"open": 1, "close": -1}.get(part.kind, 0)
        if depth < 0:
            raise BadSql("a parenthesis is closed that was never opened")
    if depth:
        raise BadSql("a parenthesis is opened and never closed")


def _begins_well(parts: list[Token]) -> None:
    first = next((part for part in parts if part.kind != "comment" and part.text.strip()), None)
    if first is None:
        raise BadSql("there is no SQL")
    if first.text.lower() not in (*_BEGINNINGS, "("):
        raise BadSql(f"it begins with {first.text[:20]!r}: one SELECT is wanted")


def _changes_nothing(parts: list[Token]) -> None:
    """A transaction is read only; this is what would move the limits it runs in."""
    if any(part.text.strip('"').lower() == "set_config" for part in parts if part.kind in ("word", "quoted")):
        raise BadSql("a panel does not change settings: set_config is not for it")


def _declared(names: list[str], types: Container[str]) -> None:
    unknown = sorted({name for name in names if name not in types})
    if unknown:
        raise BadSql(f"no such parameter: {', '.join(unknown)} (declare it with `-- param: name type default`)")


def _written(part: Token, types: dict[str, str]) -> str:
    if part.kind == "parameter":
        return f"%({part.text})s" + (f"::{types[part.text]}" if part.text in types else "")
    return part.text.replace("%", "%%")
