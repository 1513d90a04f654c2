"""SQL as text: one statement, its parameters bound, its literals and comments left alone."""

from __future__ import annotations

from contextlib import suppress
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.panels.sql_text import BadSql, one_select, tokens

TYPES = {"x": "text", "since": "timestamptz"}


@pytest.mark.parametrize(
    ("written", "bound"),
    [
        ("select :x", "select %(x)s::text"),
        ("select %(x)s", "select %(x)s::text"),
        ("select :x::int", "select %(x)s::text::int"),
        ("select 5 % 2", "select 5 %% 2"),
        ("select a from b where c like '%z'", "select a from b where c like '%%z'"),
        ("select ':x'", "select ':x'"),
        ("select 'it''s :x; really'", "select 'it''s :x; really'"),
        (r"select E'\':x;'", r"select E'\':x;'"),
        ('select ":x;"', 'select ":x;"'),
        ("select $$:x;$$", "select $$:x;$$"),
        ("select $tag$ $$ :x; $tag$", "select $tag$ $$ :x; $tag$"),
        ("select $$a$$, $b$ $$ $b$ || :x", "select $$a$$, $b$ $$ $b$ || %(x)s::text"),
        ("select 1 -- :x ;", "select 1 -- :x ;"),
        ("select 1 /* ; /* :x */ ' */", "select 1 /* ; /* :x */ ' */"),
        ("select now()::date", "select now()::date"),
        ("select (array[1, 2])[1:2]", "select (array[1, 2])[1:2]"),
        ("select 1;", "select 1"),
        ("select 1; -- the end", "select 1 -- the end"),
        ("with a as (select 1) select * from a", "with a as (select 1) select * from a"),
        ("(select 1) union (select :since)", "(select 1) union (select %(since)s::timestamptz)"),
    ],
)
def test_parameters_are_bound_and_all_else_stands_as_it_was(written: str, bound: str) -> None:
    assert one_select(written, TYPES).text == bound


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("", "no SQL"),
        ("-- only a remark", "no SQL"),
        ("select 1; select 2", "second statement"),
        ("select 1; drop table inbox", "second statement"),
        ("select 1;;", "second statement"),
        ("select 1); drop table inbox; select (1", "second statement"),
        ("select 1) as panel; --", "never opened"),
        ("select (1", "never closed"),
        ("delete from inbox", "begins with 'delete'"),
        ("update inbox set text = ''", "begins with 'update'"),
        ("copy inbox to program 'sh'", "begins with 'copy'"),
        ("do $$ begin end $$", "begins with 'do'"),
        ("set turno.desks = '*'", "begins with 'set'"),
        ("select set_config('turno.desks', '*', true)", "settings"),
        ("select pg_catalog.\"set_config\"('turno.desks', '*', true)", "settings"),
        ("select 'a", "a quote"),
        ('select "a', "a quote"),
        ("select $$a", "a quote"),
        ("select $a$ $b$ $A$", "a quote"),
        ("select /* a", "a comment"),
        ("select :y", "no such parameter: y"),
    ],
)
def test_what_is_not_one_select_is_refused_in_words(written: str, why: str) -> None:
    with pytest.raises(BadSql, match=why):
        one_select(written, TYPES)


@given(st.text(alphabet="ab'\";:$-/*()%\n \\E", max_size=60))
def test_any_text_is_taken_apart_without_losing_a_letter_or_refused(text: str) -> None:
    try:
        parts = list(tokens(text))
    except BadSql:
        return
    written = "".join(f":{part.text}" if part.kind == "parameter" else part.text for part in parts)
    assert written == text.replace("%(a)s", ":a").replace("%(b)s", ":b")


@pytest.mark.parametrize(
    "part",
    ["$a{}$ ", "$$ ", "$a", "'a", '"a', "E'", "E'\\", "/* ", "*/", "-- ", "a$", ":", "%(", "(", ")", ";", "$a{}$ $$ "],
)
def test_a_text_four_times_as_long_takes_four_times_as_long_to_read(part: str) -> None:
    """Quadratic reading would take sixteen times the time for four times the text; half of that is refused."""
    short, long = (_read_s("select " + "".join(part.format(n) for n in range(count))) for count in (5_001, 20_003))
    assert long < max(8 * short, 0.1), f"{short * 1000:.1f} ms, then {long * 1000:.1f} ms"


def _read_s(sql: str) -> float:
    """The CPU that reading takes: the best of three."""
    return min(_once_s(sql) for _ in range(3))


def _once_s(sql: str) -> float:
    begun = process_time()
    with suppress(BadSql):
        list(tokens(sql))
    return process_time() - begun
