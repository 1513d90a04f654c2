"""The mutators change one thing at a time, and leave the rest as it is."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any, cast

import pytest

from core.store import queries
from tests.mutants import code, forked, sql, targets
from tests.mutants.targets import Mutant

STATEMENT = """select count(*) filter (where state = 'a and b') from line l
join other o on o.id = l.id and o.kind = 'x'
left join lateral (select 1) e on true
where (l.a = 1 or l.b = 2) and l.at between 1 and 2 and case when l.c and l.d then true end
    and not exists (select 1 from line e where e.id < l.id or e.old)
order by l.id, l.at limit 3
for update of l skip locked"""


def test_each_conjunct_order_and_lock_goes_once() -> None:
    assert [gone for gone, _ in sql.mutants(STATEMENT)] == [
        "state = 'a and b'",
        "o.id = l.id",
        "o.kind = 'x'",
        "(l.a = 1 or l.b = 2)",
        "l.at between 1 and 2",
        "case when l.c and l.d then true end",
        "not exists (select 1 from line e where e.id < l.id or e.old)",
        "e.id < l.id or e.old",
        "order by l.id, l.at",
        "for update of l skip locked",
        "skip locked",
    ]


def test_the_rest_of_the_statement_stays() -> None:
    changed = dict(sql.mutants(STATEMENT))
    assert changed["o.kind = 'x'"] == STATEMENT.replace("o.kind = 'x'", "true")
    assert changed["order by l.id, l.at"] == STATEMENT.replace("order by l.id, l.at", "")


def test_an_order_inside_a_window_ends_with_it() -> None:
    [(gone, left)] = sql.mutants("select row_number() over (order by a, b) as rank from t")
    assert (gone, left) == ("order by a, b", "select row_number() over () as rank from t")


def test_what_a_conflict_is_on_is_no_condition() -> None:
    assert list(sql.mutants("insert into t values (1) on conflict (a, b) do nothing")) == []
    assert list(sql.mutants("select distinct on (a) a, b from t")) == []


def test_every_condition_of_the_path_is_changed() -> None:
    """As many as there are words `where` and `on` that begin one, at least."""
    for name, statement in queries.load().items():
        if name.split(".")[0] in targets.SQL:
            begun = statement.count("where ") + statement.count("\nwhere\n")
            assert len(list(sql.mutants(statement))) >= begun, name


SOURCE = """
def f(a, b):
    if a and b:
        g(a)
    return [x for x in a if x < 3]
"""


def test_each_change_of_a_module_is_one() -> None:
    assert sorted(change for change, _ in code.mutants(SOURCE)) == sorted(
        [
            "if a and b: → if not",
            "if a and b: → without g(a)",
            "if a and b: → a or b",
            "return [x for x in a if x < 3] → return None",
            "return [x for x in a if x < 3] → x <= 3",
            "return [x for x in a if x < 3] → no if",
        ]
    )


def test_a_mutant_of_a_module_can_be_read() -> None:
    for _, text in code.mutants(SOURCE):
        assert ast.parse(text)
        assert text != ast.unparse(ast.parse(SOURCE))


class Told:
    """A witness of what each run of the tests is to show: the exit code, and by what a test noticed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *runs: tuple[int, str]):
        self.runs = list(runs)
        self.asked: list[tuple[str, ...]] = []
        self.by, self.why = "t.py::test_it", ""
        monkeypatch.setattr(forked, "run_tests", self._run)
        monkeypatch.setattr(forked, "_put_in", lambda mutant: None)
        monkeypatch.setattr(forked, "_take_out", lambda mutant: None)

    @property
    def by_time(self) -> bool:
        return bool(forked.BY_TIME.search(self.why))

    def _run(self, url: str, tests: Sequence[str], *witness: object) -> int:
        self.asked.append(tuple(tests))
        code, self.why = self.runs.pop(0)
        return code


MUTANT = Mutant("inbox.accept", "a = b", "select 1", "select 2")


def outcome_of(told: Told) -> int:
    return forked.run_mutant("", MUTANT, [["own.py::a"], ["b.py::b", "b.py::c"]], cast("Any", told))


def test_what_no_stage_notices_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    told = Told(monkeypatch, (0, ""), (0, ""))
    assert outcome_of(told) == 0
    assert told.asked == [("own.py::a",), ("b.py::b", "b.py::c")]


def test_the_first_stage_that_notices_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    assert outcome_of(Told(monkeypatch, (1, "assert 1 == 2"))) == 1


def test_what_is_noticed_by_time_must_be_noticed_again_and_only_with_the_mutant(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    late = "Unreachable: the database did not finish"
    assert outcome_of(Told(monkeypatch, (1, late), (1, late), (0, ""))) == 1
    for again in ((0, ""), (0, "")), ((1, late), (1, late)):
        told = Told(monkeypatch, (1, late), *again, (0, ""), (0, ""))
        assert outcome_of(told) == 0
        assert told.asked[3] == ("own.py::a", "--deselect", "t.py::test_it")


def test_the_test_that_noticed_last_is_asked_first() -> None:
    own, other, far = "x/test_own_events.py::a", "x/test_turns.py::b", "x/test_people.py::c"
    ran = {"inbox.accept": {other: 0.2, own: 0.9, far: 0.1}}
    assert targets.tests_for(MUTANT, lambda: ran, "") == [[own], [far, other]]
    assert targets.tests_for(MUTANT, lambda: ran, other) == [[other], [own], [far]]
