"""Every regular expression of the program, with its line: those made while modules are imported, and those in functions."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from tests.backtracking import troubles

ROOT: Final = Path(__file__).parent.parent
ROOMS: Final = ("bot", "core", "webhook", "dashboard", "simulator")
FROM_THE_START: Final = frozenset({"match", "fullmatch"})
CALLS: Final = frozenset(
    {"compile", "match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer", "template"}
)


NAMED: Final = re.compile(r"\bre\.[a-z]")
"""Whoever calls a function of `re` writes this."""


class Pattern(NamedTuple):
    file: str
    line: int
    text: str
    flags: int = 0
    searched: bool = True

    @property
    def where(self) -> str:
        return f"{self.file}:{self.line}"


class Made(NamedTuple):
    """A pattern that is put together in a function, of what is known only then."""

    file: str
    line: int
    function: str


def every() -> list[Pattern]:
    return sorted({*_imported(), *(found for found in written() if isinstance(found, Pattern))})


def made() -> list[Made]:
    return [found for found in written() if isinstance(found, Made)]


def _imported() -> set[Pattern]:
    """What our modules compile while they are imported: run this where none of them is yet."""
    found: set[Pattern] = set()
    compiled = re._compile  # type: ignore[attr-defined]  # the one place that every function of `re` goes through

    def recording(pattern: Any, flags: int) -> Any:
        place = _place()
        if place and isinstance(pattern, str):
            found.add(_told(*place, pattern, int(flags)))
        return compiled(pattern, flags)

    re._compile = recording  # type: ignore[attr-defined]
    try:
        for name in _modules():
            importlib.import_module(name)
    finally:
        re._compile = compiled  # type: ignore[attr-defined]
    return found


def _modules() -> Iterator[str]:
    for room in ROOMS:
        package = importlib.import_module(room)
        for module in pkgutil.walk_packages(package.__path__, f"{room}."):
            if not module.name.endswith("__main__"):
                yield module.name


def _place() -> tuple[str, int] | None:
    """The line of ours that wants the pattern; of a function that only passes it on, the line that calls it."""
    frame: Any = sys._getframe(2)
    while frame and frame.f_code.co_filename == re.__file__:
        frame = frame.f_back
    own = frame.f_code.co_filename
    if not _is_ours(own):
        return None
    while frame.f_back and frame.f_back.f_code.co_filename == own:
        frame = frame.f_back
    return own, frame.f_lineno


@cache
def _is_ours(file: str) -> bool:
    return any(Path(file).is_relative_to(ROOT / room) for room in ROOMS)


def _told(file: str, line: int, pattern: str, flags: int) -> Pattern:
    name = _name_at(Path(file), line)
    from_the_start = bool(name) and _only_from_the_start(name, Path(file))
    return Pattern(str(Path(file).relative_to(ROOT)), line, pattern, flags, not from_the_start)


def _name_at(file: Path, line: int) -> str:
    """NAME of `NAME = re.compile(…)`."""
    for node in _tree(file).body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.lineno <= line <= (node.end_lineno or 0):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            direct = isinstance(node.value, ast.Call) and ast.unparse(node.value.func) == "re.compile"
            return target.id if direct and isinstance(target, ast.Name) else ""
    return ""


def _only_from_the_start(name: str, file: Path) -> bool:
    """Whether nobody searches with it; a name that begins with _ is its own module's."""
    asked = {
        how
        for path in ([file] if name.startswith("_") else _files())
        if f"{name}." in _text(path)
        for how in re.findall(rf"(?<!\w){name}\.(\w+)", _text(path))
    }
    return bool(asked) and asked <= FROM_THE_START


@cache
def _text(path: Path) -> str:
    return path.read_text("utf-8")


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(_text(path))


@cache
def _files() -> list[Path]:
    return sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


@cache
def written() -> tuple[Pattern | Made, ...]:
    """What our functions compile, or put together, while the program runs."""
    return tuple(found for path in _files() if NAMED.search(_text(path)) for found in _written_in(path))


def _written_in(path: Path) -> Iterator[Pattern | Made]:
    for function in ast.walk(_tree(path)):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Call):
                    yield from _called(path, function.name, node)


def _called(path: Path, function: str, call: ast.Call) -> Iterator[Pattern | Made]:
    how = call.func
    if not (isinstance(how, ast.Attribute) and isinstance(how.value, ast.Name) and how.value.id == "re"):
        return
    if how.attr not in CALLS:
        return
    file, pattern = str(path.relative_to(ROOT)), call.args[0]
    if isinstance(pattern, ast.Constant) and isinstance(pattern.value, str):
        yield Pattern(file, call.lineno, pattern.value, _flags(call), how.attr not in FROM_THE_START)
    else:
        yield Made(file, call.lineno, function)


def _flags(call: ast.Call) -> int:
    named = {word for node in ast.walk(call) if isinstance(node, ast.Attribute) for word in [node.attr]}
    return sum(int(flag) for name, flag in re.RegexFlag.__members__.items() if name in named and len(name) > 1)


MADE: Final = {
    "matching": "the patterns that are given to it are recorded where they are compiled",
    "written": "what the AI says, escaped, with at most one character between any two",
    "shown": "a name, escaped",
    "_shape": "the patterns that are given to it are recorded where they are compiled",
}
"""Functions that put a pattern together while the program runs, and why it reads once all the same."""


def told(found: list[Pattern]) -> list[str]:
    """A line for each pattern that may go back over what it read."""
    return [
        f"{one.where}: {trouble}: {one.text[:80]!r}"
        for one in found
        for trouble in troubles(one.text, one.flags, searched=one.searched)
    ]


def main() -> int:
    found, put_together = every(), {one.function: f"{one.file}:{one.line}" for one in made()}
    wrong = told(found)
    wrong += [f"{put_together[name]}: say in MADE why this reads once" for name in put_together.keys() - MADE.keys()]
    wrong += [f"{name} puts no pattern together any more" for name in MADE.keys() - put_together.keys()]
    print("\n".join(wrong) or f"{len(found)} patterns read once what they read")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
