"""The stage for every test of the simulator."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.simulator import stage
from tests.unit.simulator.stage import Business, Simulated


@pytest.fixture
def business() -> Iterator[Business]:
    with stage.business() as made:
        yield made


@pytest.fixture
def simulated(business: Business) -> Iterator[Simulated]:
    with stage.simulated(business) as made:
        yield made
