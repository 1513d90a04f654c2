"""Lines of a burst lead to where they would have led one by one, and are answered by one reply."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.engine import bursts
from core.messages import Outbound
from core.turn import TicketOpened, Turn
from tests.unit.talk import BEGAN, IT_DESK, Talk

LINES = (
    "hola", "buenas", "oye", "gracias", "mi refri no enfría", "es el 4045101", "4045102", "no, es el 4045101", "sí",
    "me urge", "refrigerador", "ayuda", "9999999", "gotea agua desde ayer", "asdf", "cancelar", "la camioneta no arranca",
)  # fmt: skip


def together(talk: Talk, lines: Sequence[str]) -> list[Turn]:
    return bursts.one_answer([talk.say(line) for line in lines])


def answers(turns: Sequence[Turn]) -> list[Outbound]:
    return [reply for turn in turns for reply in turn.replies]


def test_a_burst_has_one_greeting_one_note_and_one_question() -> None:
    turns = together(Talk(), ("hola", "buenas", "oye", "el refri no prende", "es el 4045101", "me urge"))
    [said] = answers(turns)
    assert said.text.count("¡Hola!") == 1
    assert said.text.count("«no prende»") == 1
    assert "4045101" in said.text and said.text.endswith("?")
    assert not any(hint in said.text for hint in ("No entendí", "Anotado ✍️", "Contesta"))
    assert [turn.note for turn in turns] == [bursts.ANSWERED_BELOW] * 5 + [""]


def test_one_line_is_answered_as_ever() -> None:
    whole, alone = Talk(), Talk()
    assert answers([whole.say("hola")]) == answers(together(alone, ("hola",)))


def test_what_was_not_understood_is_said_once_and_only_when_nothing_was() -> None:
    [said] = answers(together(Talk(), ("asdf", "qwer")))
    assert said.text.count("🤔") <= 1
    [said] = answers(together(Talk(), ("refrigerador", "asdf")))
    assert "❌" not in said.text and "código SAP" in said.text


def test_danger_says_only_what_is_to_be_done() -> None:
    turns = together(Talk(), ("hola", "mi refri no enfría", "se está quemando!!!"))
    [said] = answers(turns)
    assert "911" in said.text
    assert "código SAP" not in said.text
    assert bursts.finished(turns)


def test_a_reaction_after_a_line_leaves_its_question() -> None:
    talk = Talk()
    turns = [talk.say("hola"), talk.event("reaction", message_id="m", emoji="👍")]
    [said] = answers(bursts.one_answer(turns))
    assert "¿Qué equipo" in said.text


def test_a_turn_that_is_written_by_itself_says_what_it_would_have_said() -> None:
    talk = Talk()
    first, second = talk.say("hola"), talk.say("refrigerador")
    apart = bursts.by_itself(bursts.one_answer([first, second])[0])
    assert (apart.replies, apart.note) == (first.replies, first.note)


@pytest.mark.parametrize(
    ("before", "lines", "finished"),
    [
        ((), ("hola",), False),
        ((), ("oye",), False),
        ((), ("mi refri no enfría",), False),
        ((), ("mi refri 4045101 no enfría",), True),
        ((), ("gracias",), True),
        ((), ("persona",), True),
        (("refrigerador",), ("4045101",), True),
        (("refrigerador",), ("me urge",), False),
        (("refrigerador",), ("no enfría desde ayer",), False),
        (("refrigerador",), ("no enfría desde ayer", "4045101"), False),
        (("refrigerador", "4045101"), ("sí",), True),
        (("refrigerador", "4045101", "sí"), ("no enfría desde ayer",), True),
        (("refrigerador",), ("menú",), True),
    ],
)
def test_only_what_leaves_the_question_open_is_waited_for(
    before: Sequence[str], lines: Sequence[str], finished: bool
) -> None:
    talk = Talk()
    for line in before:
        talk.say(line)
    assert bursts.finished([talk.say(line) for line in lines]) is finished


def test_a_button_and_a_photo_end_the_breath() -> None:
    talk = Talk()
    talk.say("hola")
    assert bursts.finished([talk.press("report_refrigerator")])
    assert bursts.finished([talk.say("me urge"), talk.event("image", media_id="m")])


def test_a_greeting_that_was_shown_is_no_part_of_the_answer_to_the_first_line() -> None:
    talk = Talk()
    assert bursts.ends(talk.event("request_welcome", shown_at=BEGAN.isoformat()))
    assert not bursts.ends(Talk().event("request_welcome")), "one that was not shown is"


def test_at_the_it_desk_the_greeting_and_the_problem_are_one_answer() -> None:
    talk = Talk("es-AR", desk=IT_DESK)
    assert len(answers(together(talk, ("hola buenas", "no me anda el wifi")))) == 1


@settings(max_examples=60, deadline=None)
@given(lines=st.lists(st.sampled_from(LINES), min_size=1, max_size=8), cuts=st.sets(st.integers(1, 7)))
def test_wherever_a_burst_is_cut_the_tickets_are_those_of_line_by_line(lines: list[str], cuts: set[int]) -> None:
    plain, burst = Talk(), Talk()
    one_by_one = [plain.say(line) for line in lines]
    at = 0
    written: list[Turn] = []
    for cut in [*sorted(cut for cut in cuts if cut < len(lines)), len(lines)]:
        turns = together(burst, lines[at:cut])
        assert len(answers(turns)) <= max(1, len(answers(one_by_one[at:cut])))
        written += turns
        at = cut
    assert burst.session == plain.session
    assert _tickets(written) == _tickets(one_by_one)


def _tickets(turns: Sequence[Turn]) -> list[TicketOpened]:
    return [record for turn in turns for record in turn.records if isinstance(record, TicketOpened)]
