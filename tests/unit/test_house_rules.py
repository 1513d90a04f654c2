"""The rules of the house, as code: who may import whom, and where each outside thing has its one home."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("core", "bot", "webhook", "dashboard", "simulator", "runner")
LONGEST_FILE = 300
LONGER = {
    "core/settings.py": "a row for each setting: it is read like a dictionary, and `docs/settings.md` is made of it",
    "bot/desks/field/understanding/codes.py": "every way to tell a code, tried one after the other",
    "core/telemetry.py": "a metric beside what counts it: it is read like a dictionary, and `docs/operating.md` names each",
    "core/store/tables.py": "every table in one place: it is read like a dictionary, and Alembic compares with it",
}

ENVIRON = {
    "core/settings.py": "the one reader of settings",
    "core/store/dump.py": "it passes it on to PostgreSQL's own tools, with the address of the database",
    "core/telemetry.py": "prometheus_client takes its folder from there and nowhere else",
    "gunicorn.conf.py": "how many processes gunicorn forks, and that folder",
    "runner": "it makes the environment of the programs it starts",
}
"""Who may look at the environment, and why."""


WRONG = (
    ("webhook/door.py", "import bot.engine", "The rooms do not know each other"),
    ("dashboard/guard.py", "import bot.engine", "The rooms do not know each other"),
    ("dashboard/guard.py", "import psycopg", "SQL lives in the store"),
    ("simulator/world.py", "import webhook.meta", "The rooms do not know each other"),
    ("core/session.py", "import bot.script.draft", "The kernel imports nothing of ours"),
    ("core/messages.py", "import core.store.db", "In the kernel: store and wire, then values, then errors"),
    ("bot/engine/step.py", "import bot.workers.loop", "In the mind"),
    ("bot/desks/field/flows/menu.py", "import bot.desks.any.flows.survey", "Flows leave by name"),
    ("bot/script/draft.py", "import bot.engine.moves", "In the mind"),
    ("bot/desks/field/arrival.py", "import bot.desks.it.knowledge", "Desks do not know each other"),
    ("bot/channels/whatsapp/pool.py", "import bot.channels.web", "Channels do not know each other"),
    ("runner/screen.py", "import bot.engine", "The runner starts the rooms as programs"),
    ("core/turn.py", "import flask", "Flask stands at the doors"),
    ("bot/desks/field/flows/menu.py", "import transitions", "Only the flows' table knows transitions"),
    ("bot/engine/step.py", "import psycopg", "SQL lives in the store"),
    ("core/group.py", "import requests", "Few speak HTTP to the outside"),
    ("bot/engine/step.py", "import time", "What decides does no I/O"),
    ("bot/desks/field/understanding/rules.py", "import random", "What decides does no I/O"),
    ("core/wire/whatsapp.py", "import core.telemetry", "What decides does no I/O"),
    ("bot/desks/field/flows/menu.py", "import core.store.path.facts", "What decides does no I/O"),
)
"""What each contract refuses: a file, what must not be imported there, and how the contract's name begins."""


def copied(folder: Path, *, wrong: bool) -> Path:
    """A copy of the tree; with every wrong import at once, if asked."""
    for room in ROOMS:
        shutil.copytree(ROOT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "setup.cfg", folder)
    for file, statement, _ in WRONG if wrong else ():
        with (folder / file).open("a", encoding="utf-8") as open_file:
            open_file.write(f"\n{statement}\n")
    return folder


def lint(folder: Path) -> tuple[int, str]:
    linter = Path(sys.executable).parent / "lint-imports"
    environ = {**os.environ, "PYTHONPATH": "", "COLUMNS": "200"}
    told = subprocess.run([linter], cwd=folder, env=environ, capture_output=True, text=True)
    return told.returncode, told.stdout + told.stderr


def test_the_tree_keeps_its_import_contracts(tmp_path: Path) -> None:
    code, told = lint(copied(tmp_path, wrong=False))
    assert code == 0, told
    assert "0 broken" in told


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What one run says about all wrong imports: contract → what breaks it."""
    code, told = lint(copied(tmp_path_factory.mktemp("house"), wrong=True))
    assert code == 1, told
    _, *sections = re.split(r"^(.+)\n-+\n\n", told.partition("Broken contracts")[2], flags=re.MULTILINE)
    return dict(zip(sections[::2], sections[1::2], strict=True))


@pytest.mark.parametrize(("file", "statement", "contract"), WRONG)
def test_a_wrong_import_is_refused_by_its_contract(
    broken: dict[str, str], file: str, statement: str, contract: str
) -> None:
    [why] = [why for name, why in broken.items() if name.startswith(contract)]
    assert f"{file.removesuffix('.py').replace('/', '.')} -> {statement.removeprefix('import ')} (l." in why


def test_every_contract_refuses_something(broken: dict[str, str]) -> None:
    setup = (ROOT / "setup.cfg").read_text(encoding="utf-8")
    assert set(broken) == set(re.findall(r"^\[importlinter:contract:.*\]\nname = (.*)$", setup, re.MULTILINE))


@cache
def sources() -> tuple[tuple[str, ast.Module], ...]:
    """Every file of the program, by its path from the root."""
    paths = sorted([*ROOT.glob("*.py"), *(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))])
    return tuple((path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))) for path in paths)


def looks_at_the_environment(tree: ast.AST) -> bool:
    return any(
        (isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv", "environb"))
        or (isinstance(node, ast.ImportFrom) and node.module == "os" and _imports(node) & {"environ", "getenv"})
        for node in ast.walk(tree)
        if not (isinstance(node, ast.Attribute) and not _is_os(node.value))
    )


def _imports(node: ast.ImportFrom) -> set[str]:
    return {alias.name for alias in node.names}


def _is_os(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "os"


def test_only_those_with_a_reason_look_at_the_environment() -> None:
    others = [
        path
        for path, tree in sources()
        if looks_at_the_environment(tree) and not any(path.startswith(allowed) for allowed in ENVIRON)
    ]
    assert others == []


@pytest.mark.parametrize("wrong", ["import os\nos.environ['X']", "import os\nos.getenv('X')", "from os import environ"])
def test_a_look_at_the_environment_is_seen(wrong: str) -> None:
    assert looks_at_the_environment(ast.parse(wrong))


def test_a_wsgi_environ_is_not_the_environment() -> None:
    assert not looks_at_the_environment(ast.parse("request.environ['PATH_INFO']"))


def test_http_client_is_only_known_to_the_carriers_and_between_two_of_our_own() -> None:
    importers = [path for path, tree in sources() if "http.client" in imported(tree)]
    assert [path for path in importers if not path.startswith("bot/channels/")] == ["webhook/relay.py"]


def imported(tree: ast.AST) -> set[str]:
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return names | {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


def test_no_file_is_longer_than_one_likes_to_read() -> None:
    lengths = {path: len((ROOT / path).read_text(encoding="utf-8").splitlines()) for path, _ in sources()}
    assert {path for path, length in lengths.items() if length > LONGEST_FILE} <= set(LONGER)


def test_the_reading_order_follows_a_message_through_files_that_are_there() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    order = re.findall(r"^\d+\. \[`([^`]+)`\]\(\1\)", readme, re.MULTILINE)
    assert (order[0], order[-1], len(order)) == ("webhook/meta.py", "core/store/sql/deliveries.sql", 10)
    assert [path for path in order if not (ROOT / path).is_file()] == []


FILES = {"open", "pread", "fsync", "read_text", "write_text", "read_bytes", "write_bytes", "unlink", "mkdir"}


def touched(tree: ast.AST) -> list[str]:
    """The calls in a module that read or write a file."""
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    names = [call.id if isinstance(call, ast.Name) else getattr(call, "attr", "") for call in calls]
    return [name for name in names if name in FILES]


ASIDE = "webhook/aside.py"
BEFORE_REQUESTS = {
    "core.settings": "read once, when a process starts",
    "core.store.queries": "read once, when a process starts",
    "core.niceness": "when a process starts",
    "core.panels.folder": "read by the window, which has processes of its own; the door imports none of it",
    "core.machine": "asked by the heartbeat, in a thread of its own",
    "core.store.embedded": "before a process serves",
    "core.telemetry": "log lines, and the folder of metrics when the server starts",
    "core.store.files.bucket_large": "backups go to a bucket from the command line",
    "core.person_file": "the ZIP is written to memory; photos come from where it is told",
}
"""Modules of core that touch files, and why a request may call them all the same."""


def touching() -> set[str]:
    """The modules of core that read or write files."""
    inside = {path: tree for path, tree in sources() if path.startswith("core/")}
    return {path.removesuffix(".py").replace("/", ".") for path, tree in inside.items() if touched(tree)}


def test_no_request_reads_or_writes_a_file_of_its_own() -> None:
    found = {path: touched(tree) for path, tree in sources() if path.startswith("webhook/")}
    assert {path: calls for path, calls in found.items() if calls} == {}


def test_no_request_reads_or_writes_a_file_by_way_of_core() -> None:
    """Values of such modules (a protocol, an error) are no calls: what opens files is built in one place."""
    builders = {"core.log_file": {"Reader", "LogFile"}, "core.tombstone_file": {"TombstoneFile"}}
    builders |= {"core.store.files.photos": {"Folder"}, "core.store.files.photos_shared": {"keeping"}}
    assert touching() == {*BEFORE_REQUESTS, *builders} - {"core.store.files.photos_shared"}
    wrong = [
        (path, module, name)
        for path, tree in sources()
        if path.startswith("webhook/") and path != ASIDE
        for module, name in from_imports(tree)
        if name in builders.get(module, ()) or f"{module}.{name}" in builders
    ]
    assert [each for each in wrong if each[1:] != ("core.store.files", "photos")] == []


def from_imports(tree: ast.AST) -> set[tuple[str, str]]:
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return {(node.module or "", alias.name) for node in nodes for alias in node.names}


def test_a_file_that_is_written_is_seen() -> None:
    assert touched(ast.parse("Path('x').write_text('y')\nopen('z')")) == ["write_text", "open"]


LITERAL_NOTE = re.compile(r"notes(?:\.get|\.pop|\.setdefault)?[\[(]\"(?!opted_out)")


def test_notes_are_named_in_one_place() -> None:
    """Names of notes are constants: of all rooms in bot/script/notes.py, of a desk alone in its folder."""
    shared = [path for path in (ROOT / "bot").rglob("*.py") if "desks" not in path.parts]
    found = {path.name: LITERAL_NOTE.findall(path.read_text("utf-8")) for path in shared}
    assert {name: hits for name, hits in found.items() if hits} == {}
