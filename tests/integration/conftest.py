"""The rooms of a message, and the studio for photos."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.workers.loop import Loop
from core.store.db import Database
from tests.integration.chatting import open_rooms
from tests.integration.crew import Rooms
from tests.integration.platform import connected
from tests.integration.studio import Studio
from tests.unit.simulator import stage
from tests.unit.simulator.stage import Simulated


@pytest.fixture
def rooms(db: Database) -> Iterator[Rooms]:
    made = Rooms(db)
    yield made
    made.close()


@pytest.fixture
def chatroom(db: Database) -> Iterator[Rooms]:
    """The rooms, with a desk in the chat where nobody answers yet."""
    made = open_rooms(db)
    yield made
    made.close()


@pytest.fixture
def working(chatroom: Rooms) -> Iterator[Rooms]:
    """Somebody answers in the chat."""
    loop = Loop(chatroom.worker)
    loop.start()
    yield chatroom
    loop.stop()
    loop.join()


@pytest.fixture
def studio(db: Database, tmp_path: Path) -> Iterator[Studio]:
    made = Studio(db, tmp_path / "photos")
    made.begin()
    yield made
    made.close()


@pytest.fixture
def simulated() -> Iterator[Simulated]:
    with stage.business() as business, stage.simulated(business) as made:
        yield made


@pytest.fixture
def platform(rooms: Rooms, simulated: Simulated) -> Iterator[Rooms]:
    """The rooms, with the real carrier, and the simulator's Graph API behind it."""
    with connected(rooms, simulated) as made:
        yield made
