"""One desk out of its folder; and, when it cannot be taken, where and why, so that somebody can mend it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module, invalidate_caches
from pathlib import Path
from traceback import extract_tb

from bot.desks.desk import Desk
from bot.desks.examples import misread_examples
from bot.script import phrases, toml_file
from bot.script.catalogue.kind import Kind
from bot.script.desk_settings import problems_of
from bot.script.facts import Among, Listed
from bot.script.flow import Flow
from bot.script.follow_ups import EXPIRY, REMINDER, FollowUp
from core.errors import Broken
from core.panels import folder as panels
from core.settings import Settings

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_SERVICE = re.compile(r"[a-z][a-z0-9_]{0,39}")
FOR_ALL = frozenset({"photo", "voice"})
"""Services that every desk has: none of its own is called so."""
_PHRASES = re.compile(r"(?P<language>[a-z]{2}(?:-\w+)?)/(?P<flow>\w+)\b")
_STATE = re.compile(r"(?P<flow>\w+)\.(?P<state>\w+): ")
_FLOW = re.compile(r"(?P<flow>\w+): ")
_QUOTED = re.compile(r"'([^']+)'")
_NAMED_FILE = re.compile(r"(?P<file>[\w/.-]+\.\w+):(?P<line>\d+): (?P<why>.*)", re.DOTALL)

CATALOGUE = "catalogue.py"
RESERVED = frozenset("id name language timezone menu template settings".split())
"""What a kind of line may not be called: the other parts of a business's data."""

MENDS = {
    "no row leads here": "add a Row that leads to it, or take the State away",
    "no row leads away": "add a Row that leads away from it, or say final=True",
    "it asks nothing": "say asks=… in its State",
    "no phrase": "write it in that file",
    "lacks the phrase": "write it in that file",
    "another desk has": "give yours another name",
    "has no row for it where it begins": "add a Row on it to the menu's first State, or take it from interrupts",
    "no such parameter": "declare it in the panel's header, or take it away",
    "no such key": "write one of those",
    "one SELECT is wanted": "leave one SELECT in the file",
    "the database says": "mend the SELECT; the console of the window tries it",
    "TRIED_ON does not say": "name the function there, with every conversation that it may depend on",
    "must be 1 to": "offer fewer",
    "characters long": "write it shorter",
    "are not unique": "give each its own",
    "no such setting": "write the name of a setting, or add the setting to the desk's settings",
}
"""The mend of a problem, by a part of its words."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason why a desk does not serve."""

    desk: str
    file: str
    line: int
    why: str

    @property
    def mend(self) -> str:
        return next((mend for part, mend in MENDS.items() if part in self.why), "")

    @property
    def placed(self) -> str:
        """The place, the reason and the mend."""
        return f"desk {self.desk}: {self.file}:{self.line}: {self.why}" + (f" — {self.mend}" if self.mend else "")

    def __str__(self) -> str:
        return self.placed.replace(":", " is refused:", 1)


class Faulty(Broken):
    """A desk that was read, and has these problems."""

    def __init__(self, problems: Iterable[str]):
        self.problems = tuple(problems)
        super().__init__("; ".join(self.problems))


def is_name(name: str) -> bool:
    """Whether a desk's folder may be called so."""
    return _NAME.fullmatch(name) is not None


def names_in(folder: Path) -> list[str]:
    """The folders of a folder that are desks, or mean to be."""
    return sorted(path.parent.name for path in folder.glob("*/__init__.py"))


def import_desk(package: str, folder: Path) -> Desk:
    """The desk that a folder says. Raises whatever its code raises, and Broken when it says none."""
    if not is_name(folder.name):
        raise Broken(f"{folder.name}: a desk's folder is called like bakery: small letters, digits and _")
    for name in [name for name in sys.modules if f"{name}.".startswith(f"{package}.{folder.name}.")]:
        del sys.modules[name]
    invalidate_caches()
    module = import_module(f"{package}.{folder.name}")
    if Path(str(module.__file__)).parent != folder:
        raise Broken(f"{folder.name}: another desk has this name")
    desk = getattr(module, "DESK", None)
    if not isinstance(desk, Desk):
        raise Broken("__init__.py:1: it says no DESK = Desk(…)")
    if desk.name != folder.name:
        raise Broken(f"__init__.py:1: the desk calls itself {desk.name!r}, and its folder {folder.name!r}")
    return desk


def faults(desk: Desk, folder: Path) -> Iterator[str]:
    """The problems of what is beside the flows: catalogue, settings of the demo, examples that are read otherwise, panels."""
    for name, columns in desk.catalogue.items():
        yield from (f"{CATALOGUE}:{line}: {why}" for line, why in _kind_problems(folder, Kind(name, columns)))
    for fact in desk.facts.values():
        if isinstance(fact, Listed | Among) and fact.kind not in desk.catalogue:
            yield f"{CATALOGUE}:1: a fact asks for {fact.kind}, and the catalogue has no such kind"
    if (of := desk.bookable) and of.resource not in {column.name for column in desk.catalogue.get(of.units, ())}:
        yield f"__init__.py:1: bookable: the catalogue has no {of.units} with a {of.resource}"
    demo = folder / "demo.toml"
    if demo.exists():
        yield from _misspelt(desk, demo)
    yield from desk.faq.problems(desk.languages)
    for service in desk.services:
        if not _SERVICE.fullmatch(service) or service in FOR_ALL:
            yield f"__init__.py:1: a service of a desk is called like house_book, and not {service!r}"
    yield from (f"__init__.py:1: {problem}" for each in desk.follow_ups for problem in _unsaid(desk, each))
    if desk.read is not None:
        yield from misread_examples(desk.name, desk.read, folder)
        yield from _unheard(desk, folder)
    for path, panel in panels.read_all(folder / "panels", Settings.model_validate({})):
        if panel.problem:
            yield f"panels/{path.name}:{panel.line}: {panel.problem}"


def _unsaid(desk: Desk, follow_up: FollowUp) -> Iterator[str]:
    """Phrases and flows that a follow-up needs, and that are not there."""
    name = follow_up.name
    if not _SERVICE.fullmatch(name) or name.endswith((REMINDER, EXPIRY)):
        yield f"a follow-up is called like table_free, and not {name!r}"
    if follow_up.flow and follow_up.flow not in {module.__name__.rpartition(".")[2] for module in desk.flows}:
        yield f"the follow-up {name} opens the flow {follow_up.flow!r}, which the desk has not"
    key, words = ("reminder", follow_up.flow) if follow_up.flow else (name, follow_up.words)
    for language in desk.languages:
        if not phrases.has_own(language, words, key):
            yield f"the follow-up {name} says {key!r}, which {language}/{words}.toml has not"


def _unheard(desk: Desk, folder: Path) -> Iterator[str]:
    """Intents for which shared flows would step aside, though the menu has no row for them where it begins."""
    menu = Flow.of(desk.flows[0])
    for intent in sorted(intent for intent in desk.interrupts if not menu.takes(menu.begins, intent)):
        line = toml_file.line_with(folder / "__init__.py", "interrupts")
        yield f"__init__.py:{line}: interrupts names {intent!r}, and the menu has no row for it where it begins"


def _kind_problems(folder: Path, kind: Kind) -> Iterator[tuple[int, str]]:
    line = toml_file.line_with(folder / CATALOGUE, f'"{kind.name}"')
    yield from ((line, problem) for problem in kind.problems())
    if kind.name in RESERVED:
        yield line, f"{kind.name}: a file of business data means something else by it"


def _misspelt(desk: Desk, demo: Path) -> Iterator[str]:
    for described in toml_file.read(demo).get("desks", ()):
        for problem in problems_of(desk.settings, described.get("settings", {})):
            yield f"{demo.name}:{toml_file.line_with(demo, problem.partition(':')[0])}: {problem}"


def refusals(name: str, folder: Path, error: BaseException) -> tuple[Refusal, ...]:
    """Why this desk does not serve, a reason each with its place."""
    if isinstance(error, Faulty):
        return tuple(Refusal(name, *_place(folder, problem)) for problem in error.problems)
    if isinstance(error, SyntaxError):
        return (Refusal(name, _inside(folder, str(error.filename)), error.lineno or 1, error.msg),)
    if isinstance(error, Broken) and _NAMED_FILE.match(str(error)):
        return (Refusal(name, *_place(folder, str(error))),)
    frames = [frame for frame in extract_tb(error.__traceback__) if Path(frame.filename).is_relative_to(folder)]
    file, line = (_inside(folder, frames[-1].filename), frames[-1].lineno or 1) if frames else ("__init__.py", 1)
    why = str(error) if isinstance(error, Broken) else f"{type(error).__name__}: {error}"
    return (Refusal(name, file, line, why),)


def placed(name: str, folder: Path, problem: str) -> str:
    """A problem of a desk that is loaded, with its place and the mend."""
    return Refusal(name, *_place(folder, problem)).placed


def _inside(folder: Path, file: str) -> str:
    return str(Path(file).relative_to(folder)) if Path(file).is_relative_to(folder) else file


def _place(folder: Path, problem: str) -> tuple[str, int, str]:
    """The file and line that a problem speaks of, and the problem."""
    if named := _NAMED_FILE.match(problem):
        return _inside(folder, named["file"]), int(named["line"]), named["why"]
    if said := _PHRASES.match(problem):
        file = f"phrases/{said['language'][:2]}/{said['flow']}.toml"
        return file, _line_of_phrase(folder / file, problem), problem
    if flow_named := _STATE.match(problem) or _FLOW.match(problem):
        file = f"flows/{flow_named['flow']}.py"
        return file, toml_file.line_with(folder / file, f'"{flow_named.groupdict().get("state", "")}"'), problem
    return "__init__.py", 1, problem


def _line_of_phrase(path: Path, problem: str) -> int:
    """The line with the words that a problem quotes; of a phrase that is missing, the last one."""
    quoted = _QUOTED.search(problem)
    if quoted is None or "phrase" in problem:
        return _length(path)
    return toml_file.line_with(path, quoted[1])


def _length(path: Path) -> int:
    return max(1, len(path.read_text(encoding="utf-8").splitlines())) if path.exists() else 1


def signature(folder: Path) -> tuple[tuple[str, int], ...]:
    """Tells whether anything that a desk is made of has changed since."""
    files = [path for ending in ("*.py", "*.toml", "*.sql") for path in folder.rglob(ending)]
    return tuple(sorted((str(path), path.stat().st_mtime_ns) for path in files))
