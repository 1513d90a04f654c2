"""A guest's own booking: found, shown, cancelled and changed; each no of the house is told, and nothing before it is so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, get_args

import pytest

from bot.desks.hotel.flows import own
from bot.desks.hotel.house.port import Why
from core.turn import Turn
from tests.unit.lodger import DONE, MINE, OTHER, THEIRS, Lodger, booking, quoted, said

WHYS: Final = tuple(why for why in get_args(Why) if why not in ("by_hand", "price_changed"))


def asked_to_cancel(**more: Any) -> Lodger:
    lodger = Lodger(booking(), **more)
    lodger.means("cancel_booking")
    return lodger


# --- found ---


def test_the_only_booking_is_shown_with_its_days_people_total_and_state() -> None:
    lodger = Lodger(booking())
    told = said(lodger.means("my_booking"))
    for part in (MINE, "Doble estándar", "martes 10 al", "2 adultos", "$242.000", "Confirmada"):
        assert part in told
    assert lodger.where == "hotel_booking.shown"


def test_of_several_the_guest_says_which() -> None:
    lodger = Lodger(booking(), booking(OTHER, "2026-05-01", "2026-05-03"))
    turn = lodger.means("my_booking")
    assert [option.title for option in turn.replies[0].options] == [MINE, OTHER]
    assert OTHER in said(lodger.press(f"reference={OTHER}"))


def test_what_was_wanted_goes_on_once_it_is_known_with_which() -> None:
    lodger = Lodger(booking(), booking(OTHER))
    lodger.means("cancel_booking")
    assert "¿Cancelo la reserva" in said(lodger.press(f"reference={OTHER}"))


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ({"state": "cancelled"}, "Cancelada"),
        ({"arrives": "2026-02-01", "leaves": "2026-02-03"}, "ya terminó"),
        ({"arrives": "2026-03-01", "leaves": "2026-03-04"}, "en curso"),
        ({"content": {"late": {"until": "2026-03-12T14:00:00-03:00", "fee": "1"}}}, "salida hasta las 14:00"),
    ],
)
def test_how_it_stands_is_told_in_plain_words(state: dict[str, Any], told: str) -> None:
    assert told in said(Lodger(booking(**state)).means("my_booking"))


def test_of_one_that_is_being_booked_it_is_said_that_it_is_checked() -> None:
    lodger = Lodger(booking("", state="unknown"))
    assert "Estoy verificando tu reserva" in said(lodger.means("my_booking"))
    assert "Estoy verificando tu reserva" in said(lodger.means("cancel_booking"))


def test_one_that_could_not_be_made_is_none() -> None:
    assert "No veo reservas" in said(Lodger(booking("", state="failed")).means("my_booking"))


# --- of somebody else ---


def hears_of_no_such(lodger: Lodger, turn: Turn) -> None:
    told = said(turn)
    assert f"No encuentro una reserva tuya con el número *{THEIRS}*" in told
    assert not turn.records and "Doble" not in told.replace("Doble estándar, del martes 10", "")
    assert lodger.session.slots.get("reference") is None


STATES: Final[dict[str, Callable[[], Lodger]]] = {
    "at rest": lambda: Lodger(booking()),
    "none of their own": Lodger,
    "choosing": lambda: _told(Lodger(booking(), booking(OTHER)), "my_booking"),
    "shown": lambda: _told(Lodger(booking()), "my_booking"),
    "cancelling": asked_to_cancel,
    "changing": lambda: _told(Lodger(booking()), "change_booking"),
    "confirming a change": quoted,
    "leaving late": lambda: _told(Lodger(booking()), "late_checkout"),
    "arriving": lambda: _told(Lodger(booking()), "late_arrival"),
}


def _told(lodger: Lodger, intent: str) -> Lodger:
    lodger.means(intent)
    return lodger


@pytest.mark.parametrize("intent", ["", *own.WISHES])
@pytest.mark.parametrize("state", STATES)
def test_a_number_of_somebody_else_is_never_shown_changed_or_cancelled(state: str, intent: str) -> None:
    """A number is one's own or none at all: whether another has it is not to be heard, wherever one stands."""
    lodger = STATES[state]()
    hears_of_no_such(lodger, lodger.means(intent, reference=THEIRS))
    for answer in ("yes", "cancel_booking"):
        turn = lodger.means(answer)
        assert all(getattr(record, "content", {}).get("reference") != THEIRS for record in turn.records)


@pytest.mark.parametrize(("intent", "kind"), [("cancel_booking", "cancel_booking"), ("late_checkout", "late_checkout")])
def test_a_house_that_is_kept_by_hand_gets_a_ticket_of_what_is_wanted(intent: str, kind: str) -> None:
    lodger = Lodger(house="by_hand")
    told = said(lodger.means(intent))
    [ticket] = lodger.tickets_opened
    assert ticket.kind == kind and ticket.number in told and "cancelada" not in told
    assert "No veo reservas" in said(Lodger().means(intent)), "where a system knows them, none is none"


# --- cancelled ---


def test_the_price_of_cancelling_is_told_before_it_is_asked() -> None:
    lodger = asked_to_cancel()
    assert "No tiene costo" in said(lodger.turns[-1])
    soon = Lodger(booking(arrives="2026-03-02", leaves="2026-03-05"))
    assert "*$60.500* (50 % de la primera noche)" in said(soon.means("cancel_booking"))
    soon.means("yes")
    assert soon.wanted.content == {"reference": MINE, "fee": "60500.00"}


def test_it_is_cancelled_only_when_the_house_says_so() -> None:
    lodger = asked_to_cancel()
    assert "cancelada" not in said(lodger.means("yes"))
    done = lodger.hears("done", booking={**DONE, "state": "cancelled", "total": "242000.00"}, fee="0.00")
    assert "quedó cancelada, sin costo" in said(done)


def test_who_does_not_want_to_cancel_keeps_the_booking() -> None:
    lodger = asked_to_cancel()
    turn = lodger.means("no")
    assert "sigue como estaba" in said(turn) and not turn.records


def test_a_price_that_rose_meanwhile_is_told_and_asked_again() -> None:
    lodger = asked_to_cancel()
    lodger.means("yes")
    told = said(lodger.hears("refused", why="price_changed", fee="60500.00", currency="ARS"))
    assert "Todavía no cancelé nada" in told and "*$60.500*" in told
    lodger.means("yes")
    assert lodger.wanted.key == f"cancel:{MINE}:60500.00"


@pytest.mark.parametrize("why", WHYS)
def test_a_no_to_cancelling_is_told_and_nothing_is_said_to_be_cancelled(why: str) -> None:
    lodger = asked_to_cancel()
    lodger.means("yes")
    told = said(lodger.hears("refused", why=why))
    assert "quedó cancelada" not in told and told
    assert lodger.where == "hotel_booking.settled"


def test_what_a_person_cancels_is_a_ticket_and_the_booking_stands_until_then() -> None:
    lodger = asked_to_cancel()
    lodger.means("yes")
    told = said(lodger.hears("refused", why="by_hand"))
    [ticket] = lodger.tickets_opened
    assert ticket.kind == "cancel_booking" and MINE in ticket.summary
    assert ticket.number in told and "sigue en pie" in told


def test_an_unknown_outcome_is_checked_a_few_times_and_then_left_to_reception() -> None:
    lodger = asked_to_cancel(looks_most=2)
    lodger.means("yes")
    assert "Lo estoy verificando" in said(lodger.hears("unknown"))
    assert said(lodger.hears("unknown")) == "", "said once, and looked at again"
    told = said(lodger.hears("unknown"))
    assert "No pude confirmar" in told and lodger.tickets_opened[0].number in told


def test_a_house_that_gives_no_answer_has_changed_nothing_and_is_asked_again() -> None:
    lodger = asked_to_cancel()
    lodger.means("yes")
    assert "no cambié nada" in said(lodger.hears("failed"))
    lodger.means("yes")
    assert (lodger.wanted.what, lodger.where) == ("cancel", "hotel_booking.waiting_for_it")


def test_a_stay_that_has_begun_is_for_reception_to_cancel() -> None:
    lodger = Lodger(booking(arrives="2026-03-01", leaves="2026-03-04"))
    assert "ya empezó" in said(lodger.means("cancel_booking"))


# --- what belongs to it, wherever the guest is ---


def test_the_hours_that_are_asked_for_are_those_of_ones_own_stay() -> None:
    lodger = Lodger(booking(content={"late": {"until": "2026-03-12T14:00:00-03:00", "fee": "1"}}))
    assert f"Tu reserva *{MINE}* es para el martes 10 de marzo" in said(lodger.say("¿a qué hora entro?"))
    assert "hasta las *14:00* del jueves 12 de marzo" in said(lodger.say("¿a qué hora tengo que salir?"))
    assert "hasta las *12:00*" in said(Lodger().say("¿a qué hora tengo que salir?")), "of the house, for who has none"


@pytest.mark.parametrize("text", ["cambiar las fechas", "quiero cambiar la fecha", "can I change the dates?"])
def test_after_a_booking_other_dates_are_of_that_booking(text: str) -> None:
    lodger = Lodger(booking(), language="en" if "can" in text else "es-AR")
    lodger.say(text)
    assert lodger.where == "hotel_change.asking"
    assert lodger.session.slots["reference"].value == MINE


@pytest.mark.parametrize(
    ("intents", "result", "told"),
    [
        (["cancel_booking", "yes"], {"booking": {**DONE, "state": "cancelled", "total": "1"}, "fee": "0"}, "cancelada"),
        (["late_checkout"], {"reference": MINE, "late": {"until": "2026-03-12T14:00:00-03:00", "fee": "1"}}, ""),
    ],
)
def test_what_came_of_a_wish_is_told_where_the_guest_went_elsewhere(
    intents: list[str], result: dict[str, Any], told: str
) -> None:
    lodger = Lodger(booking(), booking(OTHER))
    for intent in intents:
        lodger.means(intent, reference=MINE)
    wanted = lodger.wanted
    lodger.means("late_checkout", reference=OTHER)
    turn = lodger.event(
        "errand", service=wanted.service, what=wanted.what, key=wanted.key, outcome="done", result=result
    )
    assert told in said(turn) if told else said(turn) == ""
    assert (lodger.session.slots["reference"].value, lodger.where) == (OTHER, "hotel_late.checking")
