"""What is known of each kind of event stands in one table: no list of kinds anywhere else can drift from it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import telemetry
from core.kinds import BY_US, KINDS, QUIET, SILENT, UNSPOKEN
from core.messages import Event

ROOT = Path(__file__).parents[2]
ROOMS = ("core", "bot", "webhook", "dashboard", "simulator")
LISTS = re.compile(r"\bkind\s*(?:<>|=)?\s*(?:not\s+in|in|any|all)\s*\(([^)]*)\)", re.IGNORECASE)
OURS = {name for name, kind in KINDS.items() if kind.origin != "customer"}
ORIGINS = {kind.origin for kind in KINDS.values()}


def listed(statement: str) -> list[str]:
    """Lists of kinds that name one of ours: what is no customer's is left out, or asked for, by its origin."""
    return [found for found in LISTS.findall(statement) if OURS & set(re.findall(r"'(\w+)'", found))]


def test_no_sql_and_no_panel_lists_kinds() -> None:
    files = [*(ROOT / "core/store/sql").glob("*.sql"), *(ROOT / "dashboard/panels").rglob("*.sql")]
    assert len(files) > 50
    assert {path.name: listed(path.read_text(encoding="utf-8")) for path in files if listed(path.read_text())} == {}


@pytest.mark.parametrize(
    "statement",
    ["i.kind not in ('timer', 'agent')", "kind in ('echo')", "not i.kind = any(array['notice'])", "kind <> all ('{a}', 'system')"],
)  # fmt: skip
def test_such_a_list_would_be_found(statement: str) -> None:
    assert listed(statement)


def literals(tree: ast.AST) -> Iterator[set[str]]:
    """Collections of words in Python, also those that are split from one text."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Set | ast.Tuple | ast.List):
            yield {str(each.value) for each in node.elts if isinstance(each, ast.Constant)}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield set(node.value.split()) if "\n" not in node.value else set()


def test_no_python_lists_kinds_beside_the_table() -> None:
    found = [
        path.relative_to(ROOT).as_posix()
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        if any(
            len(OURS & words) > 2 and not words <= ORIGINS
            for words in literals(ast.parse(path.read_text(encoding="utf-8")))
        )
    ]
    assert found == []


def test_what_each_kind_is() -> None:
    origins = {name: Event("id", name).origin for name in KINDS}
    assert {name for name, origin in origins.items() if origin == "timer"} == {"timer"}
    assert {name for name, origin in origins.items() if origin == "agent"} == {"agent", "ticket", "hold", "echo"}
    assert {name for name, origin in origins.items() if origin == "system"} == {
        "media_result",
        "errand",
        "system",
        "opt_out",
        "notice",
    }
    assert Event("id", "of tomorrow").origin == "customer"
    assert {"timer", "agent", "ticket", "hold", "media_result", "errand", "system", "opt_out", "notice"} == BY_US
    assert UNSPOKEN - BY_US == {
        "reaction",
        "edit",
        "revoke",
        "group",
        "request_welcome",
        "ticket_wanted",
        "ticket_told",
    }
    assert QUIET == {"notice", "group"} and QUIET < SILENT < UNSPOKEN


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_has_its_own_name_in_the_metrics(kind: str) -> None:
    telemetry.put_off(kind)
    assert f'turno_put_off_total{{kind="{kind}"}}' in telemetry.exposition().decode()
