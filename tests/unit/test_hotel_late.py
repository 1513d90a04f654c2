"""Late departure and arrival. The old service decided by the clock, lost the number it had asked for, simulated the
confirmation, and never reckoned who leaves late for nothing: each of that is a test here."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final, get_args

import pytest

from bot.desks.hotel.house import policy
from bot.desks.hotel.house.port import Why
from bot.desks.hotel.house.settings import HouseSettings
from tests.unit.lodger import MINE, OTHER, Lodger, booking, said

LATE: Final = {"until": "2026-03-12T14:00:00-03:00", "fee": "50000.00", "currency": "ARS"}
DONE: Final = {"reference": MINE, "room": "standard_double", "currency": "ARS", "state": "booked", "total": "1",
               **booking()["content"]}  # fmt: skip
NIGHT: Final = {"price": "100000.00", "tax": "21000.00"}


def asked(**slots: Any) -> Lodger:
    lodger = Lodger(booking())
    lodger.means("late_checkout", **slots)
    return lodger


def offered(**more: Any) -> Lodger:
    lodger = asked()
    lodger.hears("done", reference=MINE, late={**LATE, **more})
    return lodger


@pytest.mark.parametrize("hour", [3, 11, 16, 23])
def test_whether_it_can_be_had_is_asked_of_the_house_at_any_hour_and_never_of_the_clock(hour: int) -> None:
    lodger = Lodger(booking())
    lodger.now = datetime(2026, 3, 2, hour, tzinfo=UTC)
    turn = lodger.means("late_checkout")
    assert (lodger.wanted.service, lodger.wanted.what) == ("offers", "late")
    assert lodger.wanted.content == {"reference": MINE, "until": "14:00"}
    assert said(turn) == "", "nothing is promised before the house has answered"


def test_the_number_that_was_asked_for_is_used_and_not_asked_again() -> None:
    lodger = Lodger(booking(), booking(OTHER))
    assert "¿De cuál de tus reservas" in said(lodger.means("late_checkout"))
    lodger.means("", reference=OTHER)
    assert (lodger.wanted.what, lodger.wanted.content["reference"]) == ("late", OTHER)


def test_it_is_confirmed_in_two_steps_and_only_the_house_confirms() -> None:
    lodger = offered()
    assert "*14:00*. Cuesta *$50.000*." in said(lodger.turns[-1])
    turn = lodger.means("yes")
    assert "Confirmado" not in said(turn)
    assert (lodger.wanted.what, lodger.wanted.content["late"]) == ("stay_late", LATE)
    assert "Confirmado" in said(lodger.hears("done", booking=DONE))


def test_a_fee_that_changed_is_told_and_asked_again() -> None:
    lodger = offered()
    lodger.means("yes")
    told = said(lodger.hears("refused", why="price_changed", late={**LATE, "fee": "60000.00"}))
    assert "El cargo cambió" in told and "*$60.000*" in told and lodger.where == "hotel_late.offered"
    lodger.means("yes")
    assert lodger.wanted.content["late"]["fee"] == "60000.00"
    assert lodger.wanted.key.endswith("60000.00"), "another wish than the one that was refused"


def test_nothing_is_said_of_money_where_it_is_free() -> None:
    lodger = offered(fee="0.00")
    assert "sin cargo" in said(lodger.turns[-1]) and "$" not in said(lodger.turns[-1])
    lodger.means("yes")
    told = said(lodger.hears("done", booking=DONE))
    assert "sin cargo" in told and "$" not in told


@pytest.mark.parametrize(
    ("room", "stays", "settings", "fee"),
    [
        ("double", 0, {}, "50000.00"),
        ("double", 9, {}, "50000.00"),
        ("suite", 0, {"late_free_rooms": ["suite"]}, "0.00"),
        ("double", 0, {"late_free_rooms": ["suite"]}, "50000.00"),
        ("double", 2, {"late_free_stays": 3}, "50000.00"),
        ("double", 3, {"late_free_stays": 3}, "0.00"),
        ("double", 0, {"late_percent": "0"}, "0.00"),
        ("double", 0, {"late_percent": "33.3"}, "33300.00"),
    ],
)
def test_the_fee_follows_the_policy_of_the_house(room: str, stays: int, settings: dict[str, Any], fee: str) -> None:
    rules = HouseSettings.model_validate(settings)
    assert str(policy.leaving_late(room, stays, NIGHT, "ARS", rules)) == fee


def test_a_room_that_is_needed_keeps_the_usual_hour_and_luggage_is_kept() -> None:
    told = said(asked().hears("refused", why="taken"))
    assert "12:00" in told and "equipaje" in told


def test_after_the_hour_of_departure_reception_is_called() -> None:
    lodger = Lodger(booking(arrives="2026-02-28", leaves="2026-03-02"))
    lodger.now = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)
    turn = lodger.means("late_checkout")
    assert "ya pasó" in said(turn) and "+54 294 455 0103" in said(turn) and not turn.records


def test_a_failure_keeps_what_was_offered() -> None:
    lodger = offered()
    lodger.means("yes")
    told = said(lodger.hears("failed"))
    assert "todavía no está hecho" in told and lodger.where == "hotel_late.offered"
    lodger.means("yes")
    assert lodger.wanted.content["late"] == LATE


def test_an_unknown_outcome_is_checked_and_then_left_to_reception() -> None:
    lodger = offered()
    lodger.means("yes")
    for _ in range(4):
        told = lodger.hears("unknown")
        assert "Confirmado" not in said(told)
    told = lodger.hears("unknown")
    assert lodger.tickets_opened[0].number in said(told)


@pytest.mark.parametrize("step", ["asked", "confirmed"])
@pytest.mark.parametrize("why", [why for why in get_args(Why) if why != "price_changed"])
def test_each_no_is_told_and_nothing_is_said_to_be_done(step: str, why: str) -> None:
    lodger = asked() if step == "asked" else offered()
    if step == "confirmed":
        lodger.means("yes")
    told = said(lodger.hears("refused", why=why))
    assert told and "Confirmado" not in told and lodger.where == "hotel_late.settled"
    assert bool(lodger.tickets_opened) == (why == "by_hand")


def test_the_hour_is_the_one_that_was_asked_for_and_at_most_the_latest() -> None:
    assert asked(hour="13:00").wanted.content["until"] == "13:00"
    lodger = asked(hour="18:00")
    assert lodger.wanted.content["until"] == "14:00" and "a las 14:00" in said(lodger.turns[-1])
    assert "sin cargo" in said(asked(hour="11:00").turns[-1]), "included anyway"


def test_another_hour_is_asked_anew() -> None:
    lodger = offered()
    lodger.means("", hour="13:00")
    assert (lodger.wanted.what, lodger.wanted.content["until"]) == ("late", "13:00")


def test_who_has_it_already_hears_so() -> None:
    lodger = Lodger(booking(content={"late": LATE}))
    assert "Ya tenés la habitación hasta las *14:00*" in said(lodger.means("late_checkout"))


def test_other_wishes_pass_through_while_it_is_offered() -> None:
    lodger = offered()
    assert "¿Cancelo la reserva" in said(lodger.means("cancel_booking"))
    lodger = offered()
    lodger.means("rooms", arrives="2026-05-01")
    assert lodger.where.startswith("hotel_stay.")


# --- arrival ---


def test_a_transfer_is_a_ticket_with_hour_and_flight() -> None:
    lodger = Lodger(booking())
    assert "¿A qué hora llegás, y en qué vuelo" in said(lodger.means("transfer"))
    told = said(lodger.means("", trip="18:40 en el AR1502"))
    [ticket] = lodger.tickets_opened
    assert (ticket.kind, ticket.summary[:18]) == ("transfer", "18:40 en el AR1502") and MINE in ticket.summary
    assert ticket.number in told


def test_a_late_arrival_is_noted_with_its_hour() -> None:
    lodger = Lodger(booking())
    assert "desde las 15:00" in said(lodger.means("late_arrival"))
    assert "llegás a las 23:30" in said(lodger.means("", hour="23:30"))
    [ticket] = lodger.tickets_opened
    assert (ticket.kind, ticket.content["booking"]["reference"]) == ("late_arrival", MINE)


def test_told_in_one_sentence_nothing_is_asked() -> None:
    lodger = Lodger(booking())
    assert "llegás a las 23:00" in said(lodger.means("late_arrival", hour="23:00"))


def test_who_booked_elsewhere_may_tell_of_a_late_arrival_too() -> None:
    lodger = Lodger()
    lodger.means("late_arrival", hour="23:00")
    [ticket] = lodger.tickets_opened
    assert ticket.summary.startswith("23:00") and ticket.content["booking"] == {}
