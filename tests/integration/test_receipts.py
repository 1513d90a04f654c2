"""A receipt is good for one booking: whoever shows it first has it, also when two show it at the same moment."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from core.errors import Rejected
from core.store.db import Database
from core.store.promises import proofs
from tests.inn import business
from tests.integration.crew import Rooms
from tests.integration.lodging import NUMBER, Desk, opened

PHOTO, OTHER_PHOTO = "a" * 64, "b" * 64


@pytest.fixture
def desk(rooms: Rooms, tmp_path: Path) -> Iterator[Desk]:
    with opened(rooms, tmp_path, business(NUMBER)) as made:
        yield made


def show(desk: Desk, *, guest: int = 1, hold: str = "one", **receipt: str) -> tuple[str, Any, Any]:
    told = desk.do("receipt", "use", guest=guest, hold=hold, **{"photo": PHOTO, **receipt})
    return told["outcome"], told.get("why"), told.get("kind")


def test_the_same_photo_of_another_guest_or_for_another_booking_is_refused(desk: Desk) -> None:
    assert show(desk) == ("done", None, None)
    assert show(desk) == ("done", None, None), "sent again for the same booking"
    assert show(desk, hold="two") == ("refused", "used", "photo")
    assert show(desk, guest=2) == ("refused", "used", "photo")


def test_another_photo_of_the_same_transfer_is_known_by_its_number(desk: Desk) -> None:
    assert show(desk, reference="0012-3456 789", bank="Banco del Lago")[0] == "done"
    assert show(desk, guest=2, photo=OTHER_PHOTO, reference="00123456789") == ("refused", "used", "reference")


def test_a_short_number_is_told_apart_by_its_bank(desk: Desk) -> None:
    assert show(desk, reference="4711", bank="Banco del Lago")[0] == "done"
    assert show(desk, guest=2, photo=OTHER_PHOTO, reference="4711", bank="Banco del Cerro")[0] == "done"
    assert show(desk, hold="two", photo="c" * 64, reference="4711", bank="BANCO DEL CERRO")[0] == "refused"


def test_what_is_refused_uses_nothing(desk: Desk) -> None:
    show(desk)
    show(desk, guest=2, reference="00123456789")
    assert show(desk, guest=2, photo=OTHER_PHOTO, reference="00123456789")[0] == "done"


def test_of_two_at_the_same_moment_one_has_it(desk: Desk, db_url: str) -> None:
    db = Database(db_url, pool=8)

    def use(guest: int) -> bool:
        try:
            with db.transaction() as tx:
                proofs.use(tx, desk_id, guest, "one", {"photo": PHOTO, "reference": "00123456789"})
        except Rejected:
            return False
        return True

    [row] = desk.ask("select d.desk_id from conversations v join channels d on d.id = v.channel_id where v.id = 1")
    desk_id = row.desk_id
    with ThreadPoolExecutor(8) as many:
        won = list(many.map(use, [1, 2] * 8))
    assert won in ([True, False] * 8, [False, True] * 8)
    db.close()
