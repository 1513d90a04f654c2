"""The receipt of a deposit: read, used once, and confirmed by a person or the rule of the house; the room is kept meanwhile."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

import bot
from bot.engine.rehearsal import SETTINGS, Rehearsal, business
from core.messages import Outbound
from core.turn import ErrandWanted, HoldKept, TicketOpened, Turn

HOME = Path(bot.__file__).parent / "desks" / "hotel"
PHOTO = "a" * 64


class Guest(Rehearsal):
    """Somebody who has a room held, and is asked for the deposit."""

    def __init__(self, **settings: Any):
        desk = business(HOME)
        chosen = SETTINGS.model_copy(update={"codes_secret": SecretStr("k" * 32)})
        super().__init__(replace(desk, settings={**desk.settings, **settings}), settings=chosen)
        self.services = {name: doing for name, doing in self.services.items() if name != "receipt"}  # told by `used`
        for act in ("habitación del 2026-03-10 al 2026-03-12 para 2 adultos", 1, "Ana Ruiz", "ana@mail.example"):
            self.done(self.say(act) if isinstance(act, str) else self.pick())
        self.done(self.press("deposit"))

    def pick(self) -> Turn:
        return self.press(self.asked[-1].options[0].id.partition("|")[0])

    def done(self, turn: Turn) -> Turn:
        """The turn after which nothing is under way at the house."""
        while self.errands:
            _, turn = self.do_errand()
        return turn

    @property
    def deposit(self) -> str:
        return str(self.session.notes["stay"]["deposit"])

    def show(self) -> Turn:
        return self.event("image", media_id="m1", mime_type="image/jpeg")

    def finds(self, outcome: str = "ok", **receipt: Any) -> Turn:
        """What was found on the photo."""
        found = {"receipt": receipt} if receipt else {}
        return self.event(
            "media_result", **{"for": "image", "purpose": "receipt", "outcome": outcome, "photo": PHOTO, **found}
        )

    def used(self, outcome: str = "done", **result: Any) -> Turn:
        """What came of using it."""
        [wanted] = [r for r in self.turns[-1].records if isinstance(r, ErrandWanted) and r.service == "receipt"]
        turn = self.event("errand", service="receipt", what="use", key=wanted.key, outcome=outcome, result=result)
        return self.done(turn)

    def settle(self, status: str) -> Turn:
        """Reception settles the ticket of the receipt."""
        number = next(reversed(self.opened))
        return self.done(self.event("ticket", number=number, status=status, expected="pending", by="Eva"))


def words(turn: Turn) -> str:
    return "\n".join(reply.text for reply in turn.replies)


def tickets(turn: Turn) -> list[TicketOpened]:
    return [record for record in turn.records if isinstance(record, TicketOpened)]


def right(guest: Guest, **more: Any) -> dict[str, Any]:
    told = {
        "amount": guest.deposit,
        "currency": "ARS",
        "paid_on": "2026-03-02",
        "reference": "00123456789",
        "confidence": 0.9,
    }
    return {**told, **more}


def test_a_receipt_is_looked_at_while_the_room_is_kept_and_a_person_confirms_it() -> None:
    guest = Guest()
    assert guest.where == "hotel_stay.receipt"
    seen = guest.show()
    assert {type(record) for record in seen.records} == {ErrandWanted, HoldKept}
    assert "comprobante" in words(seen) and guest.where == "hotel_stay.reading"
    guest.finds(**right(guest))
    [ticket] = tickets(guest.used())
    assert (ticket.kind, ticket.content["receipt"]["reference"]) == ("receipt", "00123456789")
    assert guest.where == "hotel_stay.reviewing"
    booked = guest.settle("resolved")
    assert guest.where.startswith("hotel_arrival")
    [code] = [reply for reply in booked.replies if reply.media]
    assert code.kind == "image" and "HM-" in code.text


def test_reception_may_refuse_it_and_the_guest_sends_another() -> None:
    guest = Guest()
    guest.show()
    guest.finds("no_text")
    guest.used()
    assert "no pudo confirmar" in words(guest.settle("cancelled"))
    assert guest.where == "hotel_stay.receipt"


def test_another_amount_is_said_and_given_to_a_person() -> None:
    guest = Guest(receipts="rule")
    guest.show()
    guest.finds(**right(guest, amount="1.00"))
    told = guest.used()
    [ticket] = tickets(told)
    assert "OTRO monto" in ticket.summary and "$1" in words(told)
    assert guest.where == "hotel_stay.reviewing"


def test_a_receipt_that_was_used_before_is_refused_kindly_and_reception_is_told() -> None:
    guest = Guest(receipts="rule")
    guest.show()
    guest.finds(**right(guest))
    told = guest.used("refused", why="used", kind="photo")
    [ticket] = tickets(told)
    assert "YA USADO" in ticket.summary and ticket.number in words(told)
    assert guest.where == "hotel_stay.receipt"


def test_the_rule_of_the_house_confirms_what_was_read_surely() -> None:
    guest = Guest(receipts="rule")
    guest.show()
    guest.finds(**right(guest))
    told = guest.used()
    assert guest.where.startswith("hotel_arrival")
    assert [ticket.content["rule"] for turn in guest.turns for ticket in tickets(turn)] == [True]
    assert told.replies


@pytest.mark.parametrize(
    "more",
    [
        {"confidence": 0.79},
        {"reference": ""},
        {"paid_on": "2026-02-20"},
        {"paid_on": "2026-03-09"},
        {"currency": "USD"},
        {"paid_on": ""},
    ],
)
def test_the_rule_leaves_everything_else_to_a_person(more: dict[str, Any]) -> None:
    guest = Guest(receipts="rule")
    guest.show()
    guest.finds(**right(guest, **more))
    guest.used()
    assert guest.where == "hotel_stay.reviewing"


def test_without_an_ai_a_person_looks() -> None:
    guest = Guest(receipts="rule")
    guest.show()
    guest.finds("no_text")
    [ticket] = tickets(guest.used())
    assert ticket.content["receipt"] == {"photo": PHOTO} and guest.where == "hotel_stay.reviewing"


def test_when_nobody_knows_whether_it_was_used_a_person_looks() -> None:
    guest = Guest(receipts="rule")
    guest.show()
    guest.finds(**right(guest))
    guest.used("unknown")
    assert guest.where == "hotel_stay.reviewing"


def test_a_blurred_photo_is_asked_for_once_more_and_then_a_person_looks() -> None:
    guest = Guest()
    for where in ("hotel_stay.receipt", "hotel_stay.reading"):
        guest.show()
        guest.finds("blurred")
        assert guest.where == where
    guest.used()
    assert guest.where == "hotel_stay.reviewing"


def test_a_photo_that_cannot_be_had_is_asked_for_again() -> None:
    guest = Guest()
    guest.show()
    assert "otra vez" in words(guest.finds("failed")) and guest.where == "hotel_stay.receipt"


def test_a_second_photo_is_kept_with_the_first_and_a_late_result_changes_nothing() -> None:
    guest = Guest()
    guest.show()
    assert [r.what for r in guest.show().records if isinstance(r, ErrandWanted)] == ["evidence"]
    guest.finds(**right(guest))
    guest.used()
    late = guest.finds(**right(guest))
    assert (guest.where, late.note, late.replies) == ("hotel_stay.reviewing", "no flow waits for it", ())


def test_a_photo_when_nothing_is_pending_is_answered_kindly() -> None:
    guest = Rehearsal(business(HOME))
    guest.say("hola")
    answer: list[Outbound] = list(guest.event("image", media_id="m1", mime_type="image/jpeg").replies)
    assert "no espero ningún comprobante" in answer[0].text
