"""Many cases of data in one test: all of them are tried, and each that fails is named."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import TypeVar

Case = TypeVar("Case")
COUNTED = "cases"
"""The property of a test's report that says how many cases it tried."""


class Cases:
    """The fixture `each`: `each(cases, check)` calls the check with every case."""

    def __init__(self, record: Callable[[str, object], None]):
        self._record = record

    def __call__(
        self, cases: Collection[Case], check: Callable[[Case], object], name: Callable[[Case], str] = str
    ) -> None:
        assert cases, "no case was tried"
        self._record(COUNTED, len(cases))
        failed = [(name(case), error) for case in cases if (error := _error(check, case))]
        if failed:
            told = "\n\n".join(f"{case}: {error}" for case, error in failed)
            why = ExceptionGroup("each with its trace", [error for _, error in failed])
            raise AssertionError(f"{len(failed)} of {len(cases)} cases failed\n\n{told}") from why


def _error(check: Callable[[Case], object], case: Case) -> Exception | None:
    try:
        check(case)
    except Exception as error:
        return error
    return None


def counted(properties: Iterable[tuple[str, object]]) -> int:
    """How many checks a test with these properties is: its cases, or itself."""
    return sum(int(str(value)) for name, value in properties if name == COUNTED) or 1
