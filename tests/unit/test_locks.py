"""The locks are complete: nothing that an install needs is left to the day on which it happens."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROGRAM = ("core", "bot", "webhook", "dashboard", "simulator", "runner", "migrations")
LOCKS = ("requirements-pip.lock", "requirements.lock", "requirements-embedded.lock", "requirements-dev.lock")
SYSTEMS = {"linux": ("Linux", "x86_64"), "darwin": ("Darwin", "arm64")}
PINNED = re.compile(r"^(?P<pin>\S+==[^\s;\\]+(?: *;[^\\]+)?)(?P<hashes>(?: *\\\n +--hash=sha256:[0-9a-f]{64})+)$", re.M)

Target = dict[str, str]
TARGETS: list[Target] = [
    {
        "python_version": python,
        "python_full_version": f"{python}.1",
        "sys_platform": system,
        "platform_system": name,
        "platform_machine": machine,
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
        "os_name": "posix",
    }
    for python in ("3.11", "3.12", "3.13")
    for system, (name, machine) in SYSTEMS.items()
]


def written(file: str) -> Iterator[Requirement]:
    """The requirements in a file of inputs."""
    for line in (ROOT / file).read_text("utf-8").splitlines():
        if (wanted := line.partition("#")[0].strip()) and not wanted.startswith("-"):
            yield Requirement(wanted)


@cache
def pinned(lock: str) -> dict[str, Requirement]:
    found = [Requirement(match["pin"]) for match in PINNED.finditer((ROOT / lock).read_text("utf-8"))]
    return {canonicalize_name(requirement.name): requirement for requirement in found}


def holds(requirement: Requirement, target: Target, extra: str = "") -> bool:
    return requirement.marker is None or requirement.marker.evaluate({**target, "extra": extra})


def lacking(roots: list[Requirement], lock: dict[str, Requirement], target: Target) -> set[str]:
    """What an install of these would have to look up, because the lock does not say which."""
    left, seen, found = list(roots), set[str](), set[str]()
    while left:
        wanted = left.pop()
        if not holds(wanted, target) or str(wanted) in seen:
            continue
        seen.add(str(wanted))
        found |= _problem(wanted, lock, target)
        left += _needed(wanted, target)
    return found


def _problem(wanted: Requirement, lock: dict[str, Requirement], target: Target) -> set[str]:
    pin = lock.get(canonicalize_name(wanted.name))
    if pin is None or not holds(pin, target):
        return {f"{wanted} is not pinned"}
    version = str(pin.specifier).removeprefix("==")
    return set() if wanted.specifier.contains(version, prereleases=True) else {f"{wanted} is pinned to {version}"}


def _needed(wanted: Requirement, target: Target) -> list[Requirement]:
    """What a distribution asks for, with the extras that are wanted of it; nothing where it is not installed here."""
    try:
        asked = [Requirement(text) for text in metadata.requires(wanted.name) or []]
    except metadata.PackageNotFoundError:
        return []
    needed = [each for each in asked if any(holds(each, target, extra) for extra in ("", *wanted.extras))]
    for each in needed:
        each.marker = None
    return needed


RUNTIME = ["requirements.in", "requirements-embedded.in"]


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: f"{target['python_version']}-{target['sys_platform']}")
@pytest.mark.parametrize(
    ("lock", "inputs"),
    [
        ("requirements-pip.lock", ["requirements-pip.in"]),
        ("requirements.lock", ["requirements.in"]),
        ("requirements-embedded.lock", ["requirements-embedded.in"]),
        ("requirements-dev.lock", [*RUNTIME, "requirements-dev.in"]),
    ],
)
def test_a_lock_pins_all_that_its_distributions_ask_for(lock: str, inputs: list[str], target: Target) -> None:
    roots = [requirement for file in inputs for requirement in written(file)]
    assert lacking(roots, pinned(lock), target) == set()


def test_a_missing_pin_is_found_behind_an_extra_and_a_marker() -> None:
    lock = {name: pin for name, pin in pinned("requirements.lock").items() if name != "psycopg-binary"}
    assert lacking([Requirement("psycopg[binary]")], lock, TARGETS[0]) == {
        f"psycopg-binary=={pinned('requirements.lock')['psycopg-binary'].specifier.__str__()[2:]} is not pinned"
    }
    narrow = {**lock, "flask": Requirement("flask==3.1.3; sys_platform == 'linux'")}
    assert "flask is not pinned" in lacking([Requirement("flask")], narrow, TARGETS[1])


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_versions_and_hashes_and_no_place_to_fetch_them_from(lock: str) -> None:
    left = PINNED.sub("", (ROOT / lock).read_text("utf-8"))
    assert [line for line in left.splitlines() if line.strip() and not line.lstrip().startswith("# via")] == []
    assert pinned(lock)


def test_both_environments_have_the_same_versions() -> None:
    development = pinned("requirements-dev.lock")
    production = {**pinned("requirements.lock"), **pinned("requirements-embedded.lock")}
    differing = [pin for name, pin in production.items() if development[name].specifier != pin.specifier]
    assert differing == []


def imported(folder: str) -> set[str]:
    """The outside modules that the files of a folder import."""
    found = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.partition(".")[0])
    return found - set(sys.stdlib_module_names) - {*PROGRAM, "deploy", "tests", "bench", "wsgi", "_typeshed"}


def by_chance(folders: tuple[str, ...], inputs: list[str]) -> set[str]:
    """Modules that are imported, and come only because something else asks for them."""
    named = {canonicalize_name(requirement.name) for file in inputs for requirement in written(file)}
    providers = metadata.packages_distributions()
    modules = set[str]().union(*(imported(folder) for folder in folders))
    return {module for module in modules if not named & {canonicalize_name(each) for each in providers.get(module, [])}}


def test_what_is_imported_is_named() -> None:
    assert by_chance(PROGRAM, RUNTIME) == set()
    assert by_chance(("tests", "bench"), [*RUNTIME, "requirements-dev.in"]) == set()


def test_what_comes_by_chance_is_found() -> None:
    assert "fasteners" in by_chance(("runner",), ["requirements.in"])
