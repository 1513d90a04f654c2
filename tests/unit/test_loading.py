"""While a process loads, nothing is collected; what it loaded is never looked at again."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from importlib import import_module

import pytest

from core import loading


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    was_on = gc.isenabled()
    yield
    (gc.enable if was_on else gc.disable)()


def test_nothing_is_collected_meanwhile_and_what_came_is_set_aside() -> None:
    gc.enable()
    before = gc.get_freeze_count()
    with loading.kept():
        assert not gc.isenabled()
        loaded = [[number] for number in range(1000)]
    assert gc.isenabled()
    assert gc.get_freeze_count() >= before + len(loaded)


def test_it_goes_on_afterwards_also_when_loading_fails() -> None:
    gc.enable()
    with pytest.raises(ImportError), loading.kept():
        import_module("no_such_module_of_ours")
    assert gc.isenabled()


def test_where_it_did_not_run_it_does_not_run_afterwards() -> None:
    gc.disable()
    with loading.kept():
        pass
    assert not gc.isenabled()
