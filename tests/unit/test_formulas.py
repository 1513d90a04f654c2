"""No text is a formula, however a spreadsheet splits the line it stands in."""

from __future__ import annotations

import re
from time import thread_time

import pytest

from core.formulas import harmless

CASES = {
    "=1+1": "'=1+1",
    "@x": "'@x",
    "＝1": "'＝1",
    "x;=cmd|'/C calc'!A0;y": "x;'=cmd|'/C calc'!A0;y",
    "x; =1": "x; '=1",
    "a\t+1": "a\t'+1",
    "a\n-1": "a\n'-1",
    "a\r\n@x": "a\r\n'@x",
    "\t=1": "'\t'=1",
    'x;"=1"': 'x;"\'=1"',
    "a - b; c + d, -5 e-mail x@y.z": "a - b; c + d, -5 e-mail x@y.z",
    "": "",
}


@pytest.mark.parametrize(("cell", "shown"), CASES.items())
def test_a_formula_is_disarmed_wherever_a_cell_may_begin(cell: str, shown: str) -> None:
    assert harmless(cell) == shown
    assert not any(re.match(r"[ '\"]*?[=+\-@]", part) and "'" not in part for part in re.split(r"[;\t\r\n]", shown))


@pytest.mark.parametrize("value", [-1, -1.5, None, True])
def test_a_number_stays_a_number(value: object) -> None:
    assert harmless(value) is value


@pytest.mark.parametrize("piece", [";", "\n", "; ", "'", '\t"'])
def test_a_long_text_takes_no_time(piece: str) -> None:
    began = thread_time()
    harmless(piece * 100_000)
    assert thread_time() - began < 1
