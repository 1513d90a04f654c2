"""Change of a guest's own booking: the new stay beside the old one, each no of the house told, and done only when it is."""

from __future__ import annotations

from typing import Any, Final, get_args

import pytest

from bot.desks.hotel.house.port import Why
from tests.unit.lodger import DONE, MINE, Lodger, asked_to_change, booking, quote, quoted, said

WHYS: Final = tuple(why for why in get_args(Why) if why not in ("by_hand", "price_changed"))


def test_what_is_not_told_stays_as_it_is_booked() -> None:
    told: dict[str, tuple[dict[str, Any], tuple[str, str, str]]] = {
        "a new arrival keeps the nights": ({"arrives": "2026-04-01"}, ("2026-04-01", "2026-04-03", "standard_double")),
        "a new departure keeps the arrival": (
            {"leaves": "2026-03-14"},
            ("2026-03-10", "2026-03-14", "standard_double"),
        ),
        "a number of nights": ({"nights": 5}, ("2026-03-10", "2026-03-15", "standard_double")),
        "another room": ({"kind": "suite"}, ("2026-03-10", "2026-03-12", "suite")),
    }
    for name, (slots, wanted) in told.items():
        lodger = Lodger(booking())
        lodger.means("change_booking", **slots)
        content = lodger.wanted.content
        assert (content["arrives"], content["leaves"], content["room"]) == wanted, name
        assert (content["reference"], content["parties"]) == (MINE, [{"adults": 2, "ages": []}])


def test_old_and_new_are_told_with_their_totals_and_the_quote() -> None:
    told = said(quoted().turns[-1])
    for part in ("*Antes:*", "$242.000", "*Ahora:*", "*$363.000*", "n.º 77", "Son $121.000 más"):
        assert part in told


def test_days_of_a_search_that_was_left_are_not_the_new_ones() -> None:
    lodger = Lodger(booking())
    lodger.means("rooms", arrives="2026-06-01")
    lodger.means("my_booking")
    lodger.means("change_booking")
    assert lodger.where == "hotel_change.asking" and "¿Qué cambiamos?" in said(lodger.turns[-1])


@pytest.mark.parametrize(
    ("slots", "told"),
    [
        ({"arrives": "2026-02-01"}, "ya pasó"),
        ({"leaves": "2026-03-10"}, "después de la llegada"),
        ({"nights": 31}, "hasta 30 noches"),
        ({"arrives": "2028-01-01"}, "365 días"),
        ({"parties": [{"adults": 11, "ages": []}]}, "más de 10 personas"),
        ({"parties": [{"adults": 0, "ages": [7]}]}, "al menos un adulto"),
        ({"leaves": "2026-03-12"}, "lo que ya tenés reservado"),
    ],
)
def test_what_cannot_be_had_is_said_without_asking_the_house(slots: dict[str, Any], told: str) -> None:
    lodger = Lodger(booking())
    turn = lodger.means("change_booking", **slots)
    assert told in said(turn) and not turn.records
    assert lodger.where == "hotel_change.asking"


def test_one_more_night_is_for_somebody_who_is_in_the_house_already() -> None:
    lodger = Lodger(booking(arrives="2026-03-01", leaves="2026-03-04"))
    lodger.means("change_booking", leaves="2026-03-05")
    assert (lodger.wanted.content["arrives"], lodger.wanted.content["leaves"]) == ("2026-03-01", "2026-03-05")


def test_nothing_free_is_told_with_the_reason_and_the_nearest_and_one_can_be_picked() -> None:
    lodger = asked_to_change()
    near = [quote(80), quote(81, room="suite", name="Suite", total="500000.00")]
    turn = lodger.hears("done", offers=[], nearest=near, why="sold_out")
    assert "No me quedan" in said(turn) and "*$500.000* (n.º 81)" in said(turn)
    assert "*Ahora:* Suite" in said(lodger.press("offer=81"))
    lodger.means("yes")
    assert lodger.wanted.content == {"reference": MINE, "quote": 81}


@pytest.mark.parametrize("why", ["sold_out", "taken", "does_not_fit", "no_price", "too_short", "closed"])
@pytest.mark.parametrize("language", ["es-AR", "en"])
def test_each_reason_why_nothing_is_free_has_words(why: str, language: str) -> None:
    lodger = Lodger(booking(), language=language)
    lodger.means("change_booking", leaves="2026-03-15")
    told = said(lodger.hears("done", offers=[], nearest=[], why=why))
    assert len(told.splitlines()[0]) > 30 and lodger.where == "hotel_change.asking"


@pytest.mark.parametrize("why", WHYS)
def test_a_no_to_a_change_is_told_and_the_booking_stays_as_it_was(why: str) -> None:
    lodger = quoted()
    lodger.means("yes")
    told = said(lodger.hears("refused", why=why))
    assert "cambié la reserva" not in told and told
    assert lodger.where in ("hotel_change.asking", "hotel_change.settled")


def test_another_price_is_told_and_asked_again() -> None:
    lodger = quoted()
    lodger.means("yes")
    told = said(lodger.hears("refused", why="price_changed", offer=quote(78, "400000.00")))
    assert "El precio cambió" in told and "*$400.000* (cotización n.º 78)" in told
    lodger.means("yes")
    assert lodger.wanted.content["quote"] == 78


@pytest.mark.parametrize("outcome", ["refused", "unknown"])
def test_what_reception_changes_is_a_ticket_with_the_quote(outcome: str) -> None:
    lodger = quoted(looks_most=1)
    lodger.means("yes")
    if outcome == "unknown":
        lodger.hears("unknown")
    told = said(lodger.hears(outcome, why="by_hand"))
    [ticket] = lodger.tickets_opened
    assert (ticket.kind, ticket.content["booking"]["quote"]) == ("change_booking", 77)
    assert ticket.number in told and "cambié" not in told


def test_a_house_kept_by_hand_gets_the_wish_and_no_price_is_said() -> None:
    lodger = asked_to_change()
    told = said(lodger.hears("done", offers=[], nearest=[], why="by_hand"))
    assert "recepción" in told and "$" not in told and len(lodger.tickets_opened) == 1


def test_a_change_is_told_as_the_house_has_it() -> None:
    lodger = quoted()
    lodger.means("yes")
    told = said(lodger.hears("done", booking={**DONE, **quote(), "state": "booked"}))
    assert "cambié la reserva" in told and "lunes 9 al" in told and "*$363.000*" in told


def test_who_was_going_to_change_may_look_for_a_person_or_cancel_instead() -> None:
    lodger = quoted()
    assert "¿Cancelo la reserva" in said(lodger.means("cancel_booking"))
