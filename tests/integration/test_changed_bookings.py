"""What is booked is changed, cancelled and left late by the policy of the house, at the price that was told or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.store import catalogue
from tests.inn import ARRIVES, LEAVES, business
from tests.integration.crew import Rooms
from tests.integration.lodging import NUMBER, Desk, opened

NEXT = {"arrives": str(LEAVES), "leaves": str(LEAVES + timedelta(days=2))}
"""The stay that begins on the day when the usual one ends."""


@pytest.fixture
def desk(rooms: Rooms, tmp_path: Path) -> Iterator[Desk]:
    with opened(rooms, tmp_path, business(NUMBER)) as made:
        yield made


def set_up(desk: Desk, **settings: Any) -> None:
    for name, value in settings.items():
        desk.rooms.ask(
            "update desks set settings = settings || jsonb_build_object(%(name)s::text, %(value)s::jsonb)"
            " where id = 'mirador' returning 1",
            name=name, value=value,
        )  # fmt: skip


def dearer(desk: Desk, price: str) -> None:
    with desk.rooms.db.transaction() as tx:
        [line, *_] = catalogue.all_of(tx, "mirador", "rates")
        catalogue.put(tx, "mirador", "rates", {"D": {**line, "price": price}})


def booked(desk: Desk, *, guest: int = 1, **wish: Any) -> str:
    return str(desk.book(desk.hold(guest=guest, **wish), guest=guest)["booking"]["reference"])


def change(desk: Desk, reference: str, **wish: Any) -> dict[str, Any]:
    [offer, *_] = desk.search(reference=reference, **wish)["offers"]
    return desk.do("booking", "change", reference=reference, quote=offer["quote"])


def units(desk: Desk) -> list[tuple[str, str]]:
    return [tuple(r) for r in desk.ask("select resource, unit from report.holds where state = 'booked' order by id")]


def test_a_changed_booking_is_told_as_it_is_now(desk: Desk) -> None:
    told = change(desk, booked(desk), arrives=str(ARRIVES + timedelta(days=1)))["booking"]
    assert (told["arrives"], told["leaves"], told["total"]) == (
        str(ARRIVES + timedelta(days=1)), str(LEAVES), "242000.00",
    )  # fmt: skip
    assert len(told["nights"]) == 2, "the price of cancelling is of the first night as it is now"
    assert desk.ask("select count(*) from report.quotes where state = 'booked'") == [(1,)]


def test_one_more_night_is_offered_in_the_very_room_that_is_had(desk: Desk) -> None:
    mine = booked(desk, room="suite")
    longer = {"room": "suite", "leaves": str(LEAVES + timedelta(days=1))}
    assert desk.search(**longer)["why"] == "sold_out", "to others it is taken"
    assert change(desk, mine, **longer)["booking"]["units"] == ["900"]


def test_who_searches_instead_of_somebody_elses_booking_hears_of_none(desk: Desk) -> None:
    theirs = booked(desk, guest=2, room="suite")
    told = desk.search(room="suite", reference=theirs)
    assert (told["outcome"], told["why"]) == ("refused", "not_found")


def test_another_room_of_the_kind_serves_where_the_same_one_is_taken(desk: Desk) -> None:
    mine = booked(desk)
    other = booked(desk, guest=2)
    assert units(desk) == [("double", "100"), ("double", "101")]
    desk.do("booking", "cancel", guest=2, reference=other)
    booked(desk, guest=2, **{**NEXT, "arrives": str(LEAVES)})
    assert units(desk)[1] == ("double", "100"), "the room of the first guest, from the day when that one leaves"
    told = change(desk, mine, leaves=str(LEAVES + timedelta(days=1)))
    assert (told["outcome"], told["booking"]["units"]) == ("done", ["101"])
    assert sorted(units(desk)) == [("double", "100"), ("double", "101")], "the room before is free again"


def test_a_booking_moves_to_another_kind_of_room(desk: Desk) -> None:
    told = change(desk, booked(desk), room="suite")["booking"]
    assert (told["room"], told["units"], told["total"]) == ("suite", ["900"], "907501.83")
    assert units(desk) == [("suite", "900")]


def test_a_room_that_was_taken_meanwhile_leaves_the_booking_as_it_was(desk: Desk) -> None:
    mine = booked(desk)
    [offer] = desk.search(reference=mine, room="suite")["offers"]
    desk.hold(guest=2, room="suite")
    assert desk.do("booking", "change", reference=mine, quote=offer["quote"])["why"] == "taken"
    assert units(desk) == [("double", "100")]


def test_a_change_whose_price_changed_comes_with_the_new_quote(desk: Desk) -> None:
    mine = booked(desk)
    [offer] = desk.search(reference=mine, leaves=str(LEAVES + timedelta(days=1)))["offers"]
    dearer(desk, "120000.00")
    told = desk.do("booking", "change", reference=mine, quote=offer["quote"])
    assert (told["why"], told["offer"]["total"]) == ("price_changed", "580800.00")
    again = desk.do("booking", "change", reference=mine, quote=told["offer"]["quote"])
    assert again["booking"]["total"] == "580800.00"


def test_cancelling_costs_what_was_told_or_is_not_done(desk: Desk) -> None:
    mine = booked(desk)
    desk.ask("update bookings set period = tstzrange(now() + interval '1 hour', upper(period)) returning 1")
    told = desk.do("booking", "cancel", reference=mine, fee="0.00")
    assert (told["outcome"], told["why"], told["fee"]) == ("refused", "price_changed", "60500.00")
    assert desk.ask("select state from report.bookings") == [("booked",)]
    assert desk.do("booking", "cancel", reference=mine, fee="60500.00")["booking"]["state"] == "cancelled"


def test_a_stay_that_is_over_is_not_changed(desk: Desk) -> None:
    mine = booked(desk)
    [offer] = desk.search(reference=mine, **NEXT)["offers"]
    desk.ask("update bookings set period = tstzrange(now() - interval '3 days', now()) returning 1")
    assert desk.do("booking", "change", reference=mine, quote=offer["quote"])["why"] == "too_late"


# --- late departure ---


def late(desk: Desk, reference: str, until: str = "14:00") -> dict[str, Any]:
    return desk.do("offers", "late", reference=reference, until=until)


def stay_late(desk: Desk, reference: str, told: Any) -> dict[str, Any]:
    return desk.do("booking", "stay_late", reference=reference, late=told)


def test_a_room_is_not_left_late_where_it_could_not_be_made_ready_for_the_next(desk: Desk) -> None:
    mine = booked(desk, room="suite")
    booked(desk, guest=2, **NEXT, room="suite")
    assert late(desk, mine)["why"] == "taken", "two hours of cleaning end after three, when the next arrives"
    assert late(desk, mine, "13:00")["outcome"] == "done"


def test_a_room_that_is_left_late_is_not_sold_for_that_day(desk: Desk) -> None:
    mine = booked(desk, room="suite")
    assert stay_late(desk, mine, late(desk, mine)["late"])["outcome"] == "done"
    assert desk.search(guest=2, **NEXT, room="suite")["why"] == "sold_out"


def test_a_fee_that_changed_is_told_and_nothing_is_done(desk: Desk) -> None:
    mine = booked(desk)
    told = late(desk, mine)["late"]
    set_up(desk, late_percent="60")
    again = stay_late(desk, mine, told)
    assert (again["outcome"], again["why"], again["late"]["fee"]) == ("refused", "price_changed", "60000.00")
    assert desk.ask("select amount::text from report.bookings") == [("363000.00",)]


def test_a_room_that_was_let_meanwhile_is_not_left_late(desk: Desk) -> None:
    mine = booked(desk, room="suite")
    told = late(desk, mine)["late"]
    booked(desk, guest=2, **NEXT, room="suite")
    assert stay_late(desk, mine, told)["why"] == "taken"


def test_some_leave_late_for_nothing(desk: Desk) -> None:
    mine, suite = booked(desk), booked(desk, room="suite")
    set_up(desk, late_free_rooms='["suite"]')
    assert [late(desk, each)["late"]["fee"] for each in (mine, suite)] == ["50000.00", "0.00"]
    set_up(desk, late_free_stays="1")
    assert late(desk, mine)["late"]["fee"] == "50000.00", "never here before"
    desk.ask(
        "insert into bookings (desk_id, conversation_id, key, resource, period, amount, currency, state, source)"
        " values ('mirador', 1, 'earlier', 'double', '[2025-01-01, 2025-01-03)', 1, 'ARS', 'booked', 'x') returning 1"
    )
    assert late(desk, mine)["late"]["fee"] == "0.00"


def test_an_hour_that_is_changed_is_paid_once(desk: Desk) -> None:
    mine = booked(desk)
    stay_late(desk, mine, late(desk, mine, "13:00")["late"])
    told = stay_late(desk, mine, late(desk, mine, "14:00")["late"])["booking"]
    assert (told["total"], told["late"]["until"][11:16]) == ("413000.00", "14:00")
