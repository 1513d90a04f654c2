"""Panel files: a comment header and one SELECT. Text in, value out; errors are reported in words.

-- title: Waiting
-- help: Events that no worker has finished.
-- refresh: 5s
select count(*) as big, 'events' as label from report.inbox where state = 'waiting'
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from core.panels.parameters import BUCKET, DECLARED, SHARED, SINCE, UNTIL, BadValue, Parameter
from core.panels.sql_text import BadSql, Statement, one_select
from core.store.staff.accounts import ROLES

SIZES = ("tiny", "small", "medium", "wide", "page")
"""How much of a board's width it takes; `page`: it is on no board, only on a page of its own."""
FASTEST_S, SLOWEST_S = 2, 3600

_HEADER = re.compile(r"--\s*+(?P<key>[a-z]++):(?P<value>.*+)")
_PARAMETER = re.compile(r"(?P<name>[a-z_]\w*+)\s++(?P<kind>[a-z]++)(?:\s++(?P<default>.++))?+")
_NAME = re.compile(r"^(?P<order>\d\d)-(?P<slug>[a-z0-9]+(?:-[a-z0-9]+)*)$")


Changes = Mapping[str, Any]


class BadHeader(ValueError):
    """A line of the header makes no sense."""

    line = 0
    """Its place in the header, from 0."""


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel, ready to be asked; or, with a `problem`, one that only says what is wrong with it."""

    board: str
    slug: str
    order: int = 0
    title: str = ""
    help: str = ""
    parameters: tuple[Parameter, ...] = SHARED
    roles: frozenset[str] = frozenset(ROLES)
    refresh_s: int = 0
    link: str = ""
    widget: str = ""
    size: str = "small"
    unit: str = ""
    empty: str = "Nothing here."
    source: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    """Settings that a default may name."""
    statement: Statement = field(default_factory=lambda: Statement("", frozenset()))
    problem: str = ""
    line: int = 1
    """Where in its file the problem stands."""

    @property
    def first_line(self) -> int:
        """The line of its file where its statement begins, comments and all."""
        return _blank_lines(self.source) + 1

    @property
    def path(self) -> str:
        return f"{self.board}/{self.slug}"

    @property
    def asked(self) -> tuple[Parameter, ...]:
        """The parameters that its SQL names."""
        return tuple(p for p in self.parameters if p.name in self.statement.names)

    @property
    def own(self) -> tuple[Parameter, ...]:
        """The panel's parameters that are not the board's."""
        return tuple(p for p in self.asked if p not in SHARED)

    @property
    def ranged(self) -> bool:
        """It asks about a range of time."""
        return any(p in (SINCE, UNTIL, BUCKET) for p in self.asked)


def parse(source: str, *, board: str, name: str, settings: Mapping[str, str] | None = None) -> Panel:
    """The panel that this text tells. Never raises: a broken one carries its problem."""
    named = _NAME.match(name)
    slug = named["slug"] if named else name
    blank = Panel(board, slug, int(named["order"]) if named else 99, title=slug.replace("-", " "), source=source)
    blank = replace(blank, settings=settings or {})
    if named is None:
        return replace(blank, problem=f"{name}: a panel's file is called like 10-waiting.sql")
    before = _blank_lines(source)
    try:
        panel = _headed(blank, source)
        types = {parameter.name: parameter.sql_type for parameter in panel.parameters}
        return replace(panel, statement=one_select(source, types))
    except BadHeader as problem:
        return replace(blank, problem=str(problem), line=before + problem.line + 1)
    except BadSql as problem:
        return replace(blank, problem=str(problem), line=before + len(_header(source)) + 1)


def _blank_lines(source: str) -> int:
    """How many lines at the top are blank."""
    return source[: len(source) - len(source.lstrip())].count("\n")


def _headed(panel: Panel, source: str) -> Panel:
    seen: set[str] = set()
    for number, line in enumerate(_header(source)):
        try:
            panel = replace(panel, **_set(panel, line, seen))
        except BadHeader as problem:
            problem.line = number
            raise
    if "title" not in seen or not panel.title:
        raise BadHeader("a panel has a title: begin with `-- title: …`")
    return panel


def _set(panel: Panel, line: str, seen: set[str]) -> Changes:
    """Reads one line of the header, and adds its key to those seen."""
    found = _HEADER.fullmatch(line)
    if found is None:
        raise BadHeader(f"not a header line: {line!r} (they look like `-- title: Waiting`)")
    key, value = found["key"], found["value"].strip()
    if key not in KEYS:
        raise BadHeader(f"no such key: {key} (there are {', '.join(KEYS)})")
    if key in seen and key != "param":
        raise BadHeader(f"{key} is there twice")
    seen.add(key)
    return KEYS[key](panel, value)


def _header(source: str) -> list[str]:
    """The comment lines at the top."""
    lines = []
    for line in source.strip().splitlines():
        if not line.startswith("--"):
            break
        lines.append(line)
    return lines


def _words(key: str) -> Callable[[Panel, str], Changes]:
    return lambda _, value: {key: value}


def _param(panel: Panel, value: str) -> Changes:
    found = _PARAMETER.fullmatch(value)
    if found is None:
        raise BadHeader(f"param: {value!r} (wanted: name type default)")
    if found["kind"] not in DECLARED:
        raise BadHeader(f"param {found['name']}: no such type as {found['kind']} (there are {', '.join(DECLARED)})")
    if any(found["name"] == known.name for known in panel.parameters):
        raise BadHeader(f"param {found['name']} is there already")
    parameter = Parameter(found["name"], found["kind"], _default(panel, found["default"] or ""))
    _check_default(parameter)
    return {"parameters": (*panel.parameters, parameter)}


def _default(panel: Panel, written: str) -> str:
    """As it is written, or what the setting is that it names: `@ALARM_REPLY_S`."""
    if not written.startswith("@"):
        return written
    if written[1:] not in panel.settings:
        raise BadHeader(f"param: there is no setting {written[1:]} that is a number")
    return panel.settings[written[1:]]


def _check_default(parameter: Parameter) -> None:
    try:
        parameter.value(None, datetime.now(UTC))
    except BadValue as problem:
        raise BadHeader(f"param {problem} — and the default is {parameter.default!r}") from None


def _roles(_: Panel, value: str) -> Changes:
    named = value.replace(",", " ").split()
    unknown = sorted(set(named) - set(ROLES))
    if unknown or not named:
        raise BadHeader(f"roles: {' '.join(unknown) or 'nobody'} (there are {', '.join(ROLES)})")
    return {"roles": frozenset(named)}


def _refresh(_: Panel, value: str) -> Changes:
    found = re.fullmatch(r"(\d{1,4})\s*(s|m)", value)
    seconds = int(found[1]) * (60 if found[2] == "m" else 1) if found else 0
    if not FASTEST_S <= seconds <= SLOWEST_S:
        raise BadHeader(f"refresh: {value!r} (wanted: from {FASTEST_S}s to {SLOWEST_S // 60}m, like 5s)")
    return {"refresh_s": seconds}


def _link(_: Panel, value: str) -> Changes:
    if not re.fullmatch(r"/admin/[\w/?&=.{}-]*", value) or value.count("{") != value.count("}"):
        raise BadHeader(f"link: {value!r} (wanted: a path below /admin/, with columns in braces)")
    return {"link": value}


def _size(_: Panel, value: str) -> Changes:
    if value not in SIZES:
        raise BadHeader(f"size: {value!r} (there are {', '.join(SIZES)})")
    return {"size": value}


KEYS: Mapping[str, Callable[[Panel, str], Changes]] = {
    "title": _words("title"),
    "help": _words("help"),
    "param": _param,
    "roles": _roles,
    "refresh": _refresh,
    "link": _link,
    "widget": _words("widget"),
    "size": _size,
    "unit": _words("unit"),
    "empty": _words("empty"),
}
"""Every key of a header, and what it sets."""
