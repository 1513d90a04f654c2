"""A hotel desk's services on the house book: searched, held, booked, changed and cancelled through the errand worker."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from core.messages import Event
from core.session import Desk as Business
from core.session import Session
from core.store import catalogue
from core.store.path import records
from core.store.promises import holds
from core.turn import HoldKept, HoldReleased, Record, Turn
from tests.inn import ARRIVES, LEAVES, business
from tests.integration.crew import Rooms
from tests.integration.errands import do_all
from tests.integration.lodging import NUMBER, Desk, opened


@pytest.fixture
def desk(rooms: Rooms, tmp_path: Path) -> Iterator[Desk]:
    with opened(rooms, tmp_path, business(NUMBER)) as made:
        yield made


def later(days: int) -> dict[str, str]:
    return {"arrives": str(ARRIVES + timedelta(days=days)), "leaves": str(LEAVES + timedelta(days=days))}


def test_every_price_that_is_told_is_a_quote_read_from_the_house(desk: Desk) -> None:
    told = desk.search(room="")
    double, suite = told["offers"]
    assert (double["total"], double["tax"], double["currency"], double["left"]) == ("363000.00", "63000.00", "ARS", 2)
    assert [night["price"] for night in double["nights"]] == ["100000.00"] * 3
    assert suite["total"] == "907501.83", "each night is rounded once: 250000.50 and 52500.11 of tax"
    [quote] = desk.ask(f"select * from report.quotes where id = {double['quote']}")
    assert (quote.amount, quote.source, quote.state) == (Decimal("363000.00"), "house book", "open")
    assert (told["why"], told["nearest"], told["source"]) == ("", [], "house book")


def test_a_child_is_priced_by_its_age_and_one_of_seventeen_is_an_adult(desk: Desk) -> None:
    def doubles(*ages: int) -> Any:
        return desk.search(parties=[{"adults": 2, "ages": list(ages)}])

    assert doubles(4)["offers"][0]["nights"][0]["price"] == "115000.00"
    told = doubles(17)
    assert (told["offers"], told["why"]) == ([], "does_not_fit")
    assert [near["room"] for near in told["nearest"]] == ["suite", "suite"]


@pytest.mark.parametrize(("language", "name"), [("en", "Double"), ("es-AR", "Doble"), ("pt", "Doble")])
def test_a_room_is_called_as_in_the_language_of_the_guest(desk: Desk, language: str, name: str) -> None:
    [offer, *_] = desk.search(language=language)["offers"]
    assert offer["name"] == name


def test_nothing_free_is_told_with_the_reason_and_the_two_nearest(desk: Desk) -> None:
    desk.hold(), desk.hold(guest=2)
    told = desk.search(guest=2)
    assert (told["offers"], told["why"]) == ([], "sold_out")
    near = [(each["room"], each["arrives"]) for each in told["nearest"]]
    assert near == [("suite", str(ARRIVES)), ("suite", later(1)["arrives"])]


def test_a_room_is_held_for_one_guest_and_booked_at_the_price_that_was_told(desk: Desk) -> None:
    held = desk.hold()
    assert (held["outcome"], held["units"]) == ("done", ["100"])
    booked = desk.book(held)
    assert booked["outcome"] == "done", booked
    assert booked["booking"]["reference"].startswith("HTL-") and booked["booking"]["total"] == "363000.00"
    [row] = desk.ask("select state, amount, reference, attention from report.bookings")
    assert row == ("booked", Decimal("363000.00"), booked["booking"]["reference"], "")
    assert desk.ask("select state, amount from report.holds") == [("booked", Decimal("363000.00"))]


def test_who_comes_second_for_the_last_room_hears_that_it_is_taken(desk: Desk) -> None:
    offers = [desk.search(guest=guest)["offers"][0]["quote"] for guest in (1, 2, 2)]
    told = [desk.do("hold", "take", guest=guest, quote=quote) for guest, quote in zip((1, 2, 2), offers, strict=True)]
    assert [each["outcome"] for each in told] == ["done", "done", "refused"]
    assert told[2]["why"] == "taken" and told[2]["said"] == "Rejected: taken"


def test_wanted_twice_it_is_held_once_and_after_it_was_released_it_is_held_anew(desk: Desk) -> None:
    first = desk.hold()
    again = desk.do("hold", "take", "another wish", quote=first["offer"]["quote"])
    assert (again["hold"], again["units"]) == (first["hold"], ["100"])
    with desk.rooms.db.transaction() as tx:
        assert holds.release(tx, "mirador", first["hold"]) == 1
    anew = desk.do("hold", "take", "a third", quote=first["offer"]["quote"])
    assert (anew["hold"], anew["outcome"]) == (first["hold"], "done")
    acts = [row.act for row in desk.ask("select act from report.hold_acts order by id")]
    assert acts == ["taken", "released", "taken"]


def test_a_turn_keeps_and_releases_what_its_own_conversation_holds(desk: Desk) -> None:
    held = desk.hold()["hold"]

    def turn(conversation_id: int, *kept: Record) -> list[tuple[str, int]]:
        event = Event(channel_kind="whatsapp", address=NUMBER, external_id="t", kind="text", id=1)
        session = Session(conversation_id, Business("mirador", "Mirador", "es", "UTC", "bakery"))
        with desk.rooms.db.transaction() as tx:
            records.insert(tx, [Turn(event, session, session, "told", records=kept)])
        return [tuple(row) for row in desk.ask("select state, kept from report.holds")]

    assert turn(2, HoldReleased(held), HoldKept(held, 9999)) == [("held", 0)], "somebody else's"
    assert turn(1, HoldKept(held, 1300), HoldKept(held, 1400), HoldKept(held, 1500)) == [("held", 2)]
    assert turn(1, HoldKept(held, 9999, looked_at=True)) == [("held", 2)]
    assert turn(1, HoldReleased(held)) == [("released", 2)]
    acts = [row.act for row in desk.ask("select act from report.hold_acts order by id")]
    assert acts == ["taken", "kept", "kept", "looked_at", "released"]


def test_a_quote_of_somebody_else_is_good_for_nobody(desk: Desk) -> None:
    quote = desk.search()["offers"][0]["quote"]
    assert desk.do("hold", "take", guest=2, quote=quote)["outcome"] == "failed"


def test_a_quote_that_is_over_is_not_held(desk: Desk) -> None:
    quote = desk.search()["offers"][0]["quote"]
    desk.ask("update quotes set good_until = now() returning 1")
    assert desk.do("hold", "take", quote=quote)["why"] == "quote_over"


def test_a_price_that_changed_is_told_with_the_new_quote_and_asked_again(desk: Desk) -> None:
    held = desk.hold()
    with desk.rooms.db.transaction() as tx:
        [line, _] = catalogue.all_of(tx, "mirador", "rates")
        catalogue.put(tx, "mirador", "rates", {"D": {**line, "price": "120000.00"}})
    told = desk.book(held)
    assert (told["outcome"], told["why"], told["offer"]["total"]) == ("refused", "price_changed", "435600.00")
    assert desk.ask("select state from report.bookings") == [("failed",)]
    again = desk.do("booking", "book", quote=told["offer"]["quote"], hold=held["hold"])
    assert again["booking"]["total"] == "435600.00"


def test_a_hold_that_was_lost_books_nothing(desk: Desk) -> None:
    held = desk.hold()
    desk.ask("update holds set until = now() returning 1")
    assert desk.book(held)["why"] == "hold_lost"
    assert desk.ask("select 1 from report.bookings where state = 'booked'") == []


def test_wanted_twice_it_is_booked_once(desk: Desk) -> None:
    held = desk.hold()
    first = desk.book(held)
    desk.ask("update errands set state = 'waiting', result = null, begun_at = now(), leased_until = now(), wanted = 2,"
             " wanted_at = now(), attempts = 0 where service = 'booking' returning 1")  # fmt: skip
    do_all(desk.rooms, desk.worker)
    [again] = desk.ask("select result from errands where service = 'booking'")
    assert again.result["booking"] == first["booking"]
    assert desk.ask("select count(*) from report.bookings") == [(1,)]


def test_a_booking_is_cancelled_by_its_guest_alone_and_its_room_is_free(desk: Desk) -> None:
    reference = desk.book(desk.hold())["booking"]["reference"]
    assert desk.do("booking", "cancel", guest=2, reference=reference)["why"] == "not_found"
    told = desk.do("booking", "cancel", reference=reference)
    assert (told["booking"]["state"], told["fee"]) == ("cancelled", "0.00")
    assert desk.search()["offers"][0]["left"] == 2
    assert desk.do("booking", "cancel", reference=reference)["booking"]["state"] == "cancelled"


def test_cancelling_late_costs_what_the_policy_says(desk: Desk) -> None:
    soon = {"arrives": str(ARRIVES - timedelta(days=40)), "leaves": str(ARRIVES - timedelta(days=38))}
    reference = desk.book(desk.hold(**soon))["booking"]["reference"]
    desk.ask("update bookings set period = tstzrange(now() + interval '1 hour', upper(period)) returning 1")
    assert desk.do("booking", "cancel", reference=reference)["fee"] == "60500.00", "half of the first night, with tax"


def test_a_booking_moves_to_other_days_where_its_room_is_free(desk: Desk) -> None:
    mine = desk.book(desk.hold())["booking"]
    quote = desk.search(**later(1))["offers"][0]["quote"]
    told = desk.do("booking", "change", reference=mine["reference"], quote=quote)
    assert (told["outcome"], told["booking"]["state"]) == ("done", "booked")
    [row] = desk.ask("select lower(period)::date::text as day from report.bookings")
    assert row.day == later(1)["arrives"]
    [held] = desk.ask("select lower(period)::date::text as day from report.holds where state = 'booked'")
    assert held.day == row.day


def test_a_late_departure_is_for_sale_until_the_next_guest_needs_the_room(desk: Desk) -> None:
    mine = desk.book(desk.hold())["booking"]["reference"]
    told = desk.do("offers", "late", reference=mine, until="14:00")
    assert told["late"]["fee"] == "50000.00", "half a night"
    assert desk.do("offers", "late", reference=mine, until="16:00")["why"] == "too_late"
    assert desk.do("offers", "late", guest=2, reference=mine, until="14:00")["why"] == "not_found"
    done = desk.do("booking", "stay_late", reference=mine, late=told["late"])
    assert done["booking"]["total"] == "413000.00" and done["booking"]["late"]["fee"] == "50000.00"


def test_a_house_that_is_kept_by_hand_says_so(desk: Desk) -> None:
    desk.ask("update desks set settings = settings || '{\"house\": \"by_hand\"}' where id = 'mirador' returning 1")
    assert desk.search()["why"] == "by_hand"
