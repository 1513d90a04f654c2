"""Nothing told is missing from the ticket: in whatever order it comes, in words, in a caption, or as a pin."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.engine import bursts
from core.turn import TicketAdded, TicketOpened, Turn
from tests.unit.talk import Talk

FAULTS = ("no enfría", "gotea agua", "hace mucho ruido", "echa escarcha")
ENDS = ("4045101", "sí", "no enfría", "54321", "483765", "sí")
"""What answers every question that may be left."""
CAPTION = "no prende, miren"
PIN = {"latitude": 25.6514, "longitude": -100.2895}


def told_of(turns: Sequence[Turn]) -> str:
    """Everything that the tickets of these turns hold."""
    opened = [record for turn in turns for record in turn.records if isinstance(record, TicketOpened)]
    added = [record.text for turn in turns for record in turn.records if isinstance(record, TicketAdded)]
    return " | ".join([*(f"{ticket.summary} {dict(ticket.content['given'])}" for ticket in opened), *added])


def do(talk: Talk, piece: str) -> list[str]:
    """Tell a piece; the words that must be in the ticket."""
    if piece == "caption":
        talk.event("image", spoken=CAPTION, media_id="m", mime_type="image/jpeg")
        return ["no prende"]
    if piece == "pin":
        talk.event("location", **PIN)
        return ["25.6514"]
    talk.say(piece)
    return [piece.removeprefix("estoy en ").removeprefix("también ")]


@settings(max_examples=80, deadline=None)
@given(
    pieces=st.permutations(
        ("no enfría", "también gotea agua", "hace mucho ruido", "caption", "pin", "estoy en Av. Hidalgo 20, Centro")
    ),
    many=st.integers(1, 6),
    kind=st.sampled_from(("refrigerador", "vehículo")),
    first=st.booleans(),
)
def test_whatever_is_told_is_in_the_ticket(pieces: list[str], many: int, kind: str, first: bool) -> None:
    talk = Talk()
    wanted: list[str] = []
    if first:
        talk.say(kind)
    for piece in pieces[:many]:
        wanted += do(talk, piece)
    if not first:
        talk.say(kind)
    finish(talk)
    told = told_of(talk.turns)
    assert all(word in told for word in wanted), (wanted, told, [turn.event.text for turn in talk.turns])


def finish(talk: Talk) -> None:
    """Answer what is asked until the ticket is there."""
    answers = {
        "sap_code": "4045101",
        "problem": "no enfría",
        "employee_number": "54321",
        "address": "Av. Juárez 120, Centro",
    }
    for _ in range(10):
        if any(isinstance(record, TicketOpened) for turn in talk.turns for record in turn.records):
            return
        asked = talk.session.asked
        talk.say("sí" if "confirm" in talk.session.state or "maybe" in talk.session.state else answers.get(asked, "sí"))
    raise AssertionError(f"no ticket: {talk.where}")


@pytest.mark.parametrize(
    "correction", ["no, cambia el problema a gotea agua", "me equivoqué, el problema es que gotea agua"]
)
def test_a_correction_replaces_what_was_wrong(correction: str) -> None:
    talk = Talk()
    for line in ("mi refri no enfría", correction, "4045101", "sí"):
        talk.say(line)
    [ticket] = [r for turn in talk.turns for r in turn.records if isinstance(r, TicketOpened)]
    assert "gotea agua" in ticket.summary


def test_two_refrigerators_make_two_tickets() -> None:
    talk = Talk()
    for line in ("el refri 4045101 no enfria y el 4045102 tira agua", "sí", "sí"):
        talk.say(line)
    opened = [r for turn in talk.turns for r in turn.records if isinstance(r, TicketOpened)]
    assert [(t.content["given"]["sap_code"]["value"], t.summary) for t in opened] == [
        ("4045101", "no enfria"),
        ("4045102", "tira agua"),
    ]


def test_what_was_sent_before_is_found() -> None:
    talk = Talk()
    talk.event("location", **PIN)
    for line in ("cancelar", "la camioneta no arranca", "54321", "483765", "ya te la mande arriba"):
        talk.say(line)
    assert "25.6514" in told_of(talk.turns)


def test_that_it_was_sent_before_is_no_address() -> None:
    talk = Talk()
    for line in ("la camioneta no arranca", "54321", "483765", "ya te la mande arriba"):
        turn = talk.say(line)
    assert turn.after.asked == "address" and not turn.records


def test_what_is_written_while_danger_stands_is_in_its_ticket() -> None:
    talk = Talk()
    talk.say("se está quemando el refri")
    talk.say("mi hija está adentro de la tienda todavía")
    talk.say("somos tres personas")
    assert "somos tres personas" in told_of(talk.turns)


def test_a_caption_of_a_thousand_characters_is_in_the_ticket() -> None:
    talk = Talk()
    talk.event("image", spoken="mi refri no enfría " + "y hace ruido " * 80, media_id="m")
    talk.say("refrigerador")
    finish(talk)
    assert "no enfría" in told_of(talk.turns)


def test_a_burst_is_told_whole() -> None:
    talk = Talk()
    turns = bursts.one_answer([talk.say(line) for line in ("el refri", "no enfría", "y gotea agua", "4045101")])
    [said] = [reply.text for turn in turns for reply in turn.replies]
    assert "no enfría; " in said and "gotea agua" in said
