"""Customers of the field desk as they write: first sentences, odd input, and what a ticket costs in replies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median
from typing import Any

import pytest
import yaml

from bot import desks
from bot.engine import bursts
from core.turn import TicketAdded, TicketChanged, TicketOpened, Turn
from tests.unit.talk import FACTS, Talk

PAID_MOST = 3
"""So many replies, each of which is paid, a ticket may cost in the middle of all conversations."""


@pytest.fixture
def talk() -> Talk:
    """A customer without earlier reports."""
    fresh = Talk()
    fresh.facts = {**FACTS, "tickets": {"mine": []}}
    return fresh


def said(turn: Turn) -> str:
    return "\n".join(reply.text for reply in turn.replies)


def opened(talk: Talk) -> list[TicketOpened]:
    return [record for turn in talk.turns for record in turn.records if isinstance(record, TicketOpened)]


FIRST = {
    "refrigerator.confirming_equipment": (
        "Buen día, necesito ayuda con mi refrigerador que no enfría, el código es 4045101",
        "gracias de antemano, mi refri 4045101 no enfría",
        "mi refri 4045101 ya no enfría y no quiero que se me eche a perder la carne",
        "por favor que alguien venga a revisar mi refri 4045101, no enfria",
        "el refri 4045101 ya no quiere prender",
        "la puerta del refri no cierra bien, 4045101",
        "hola, no sirve el foco del refri 4045101",
        "ya no sirve el refrigerador 4045101",
        "ayuda mi refri se descompuso 4045101",
        "necesito que me ayuden, el refrigerador 4045102 tira agua",
        "quisiera reportar que el enfriador numero 4045103 no esta enfriando bien",
        "nesecito reportar un refri q no enfria bn el sap es 4045104",
        "Hola, buenas tardes. Le escribo de Tienda Doña Lupita, el refrigerador 4045110 dejó de enfriar desde ayer, "
        "¿me pueden ayudar por favor?",
    ),
    "refrigerator.filling": (
        "el refri se apagó solo y ya no prendió",
        "se descompuso el refri, ya no jaló",
        "ya no prende la luz del refri",
        "hola necesito un tecnico para mi refri",
        "el refi no enfira",
    ),
    "refrigerator.choosing_equipment": ("Hola, soy Lupita de Abarrotes La Esquina",),
    "vehicle.filling": (
        "el camion ya no frenó bien",
        "me podria ayudar con un reporte de una camioneta que no arranca",
        "🚗💥",
    ),
    "menu.maybe_vehicle": ("me quede sin gasolina",),
}
DANGERS = (
    "me robaron la camioneta",
    "el vehiculo se esta incendiando",
    "hay una fuga de gas en el refrigerador, huele muy fuerte",
    "se me cayó el refri encima y me lastimé el pie",
)


@pytest.mark.parametrize(("where", "line"), [(where, line) for where, lines in FIRST.items() for line in lines])
def test_a_first_sentence_leads_straight_to_its_report(talk: Talk, where: str, line: str) -> None:
    turn = talk.say(line)
    assert talk.where == where, said(turn)
    assert "código SAP" not in said(turn) or "4045" not in line


@pytest.mark.parametrize("line", DANGERS)
def test_a_first_sentence_of_danger_opens_an_urgent_ticket(talk: Talk, line: str) -> None:
    assert "911" in said(talk.say(line))
    assert [ticket.priority for ticket in opened(talk)] == ["urgent"]


# --- odd input ---


def test_six_lines_in_two_languages_get_one_answer(talk: Talk) -> None:
    lines = ("hi", "hola", "my fridge is not cooling", "ya no enfria pues", "the code is 4045101", "me urge")
    [answer] = [reply for turn in bursts.one_answer([talk.say(line) for line in lines]) for reply in turn.replies]
    assert "4045101" in answer.text and answer.text.count("?") == 1
    talk.say("yes")
    assert opened(talk)[0].summary == "is not cooling; ya no enfria pues; me urge"


def test_a_caption_of_1024_characters_is_whole_in_the_ticket_and_short_in_what_is_said(talk: Talk) -> None:
    caption = " ".join(f"no enfria y gotea agua, miren {n}" for n in range(60))[:1024]
    talk.say("refrigerador")
    talk.event("image", spoken=caption, media_id="m", mime_type="image/jpeg")
    talk.say("4045101")
    turn = talk.say("sí")
    assert opened(talk)[0].summary == " ".join(caption.split())
    assert len(said(turn)) < 400 and "no enfria" in said(turn)


def test_a_long_dictation_is_summed_up_in_a_line_and_kept_whole(talk: Talk) -> None:
    told = (
        "bueno mire señorita le hablo porque el refrigerador que nos trajeron el año pasado el grandote que esta junto a la "
        "puerta fijese que desde el domingo ya no enfria como antes y yo le decia a mi esposo que le moviera al termostato "
        "pero el dice que no y luego en la noche empezo a hacer un ruido muy feo como de licuadora y amanecio todo mojado el "
        "piso porque tira agua por abajo y la gente viene buscando su refresco bien frio y nomas no"
    )
    noted = said(talk.say(told))
    assert "Anoté: «ya no enfria · un ruido muy feo · tira agua por abajo»" in noted and "termostato" not in noted
    for line in ("4045101", "sí"):
        turn = talk.say(line)
    assert "termostato" in opened(talk)[0].summary and "termostato" not in said(turn)


def test_a_loss_told_apart_is_urgent_and_in_the_ticket(talk: Talk) -> None:
    for line in ("mi refri 4045101 no enfria", "y se me echan a perder las paletas", "sí"):
        talk.say(line)
    assert opened(talk)[0].summary == "no enfria; y se me echan a perder las paletas"


def test_a_number_to_call_is_taken_in_the_words_of_the_place(talk: Talk) -> None:
    turn = talk.say("me pueden hablar al 33 1234 5678? casi no se usar esto")
    assert "Anoté el *33 1234 5678*" in said(turn) and turn.after.notes["callback"] == "33 1234 5678"


def test_who_asks_for_the_number_is_told_of_it_and_the_plates_do_as_well(talk: Talk) -> None:
    for line in ("la camioneta no arranca, estoy en Av. Constitución 300 Monterrey", "soy el empleado 88213"):
        talk.say(line)
    assert "dime las placas" in said(talk.say("donde viene ese numero? en las placas?")) and not opened(talk)
    talk.say("las placas son NLX-45-92")
    assert opened(talk)[0].content["given"]["no_code"]["value"] == "las placas son NLX-45-92"


def test_the_number_that_was_taken_for_another_is_moved_at_a_word(talk: Talk) -> None:
    for line in ("88771", "es un tsuru que no frena", "el empleado es ese numero que te di"):
        turn = talk.say(line)
    assert "Anoté el empleado *88771*" in said(turn)
    talk.say("sí")
    assert talk.session.asked == "sap_code" and talk.session.slots["employee_number"].value == "88771"


def test_of_two_pins_the_second_counts(talk: Talk) -> None:
    talk.event("location", latitude=25.68, longitude=-100.31)
    talk.event("location", latitude=25.7, longitude=-100.32)
    for line in ("la camioneta no arranca", "54321"):
        talk.say(line)
    assert talk.session.slots["location"].value == {"latitude": 25.7, "longitude": -100.32}
    assert talk.session.asked == "sap_code"


def test_of_three_codes_the_unknown_one_gets_a_report_without_equipment(talk: Talk) -> None:
    for line in ("el 4045101 no enfria, el 4045102 tira agua y el 9999999 hace ruido", "sí", "sí"):
        turn = talk.say(line)
    assert "No encontré el código *9999999*" in said(turn)
    talk.say("pues ese dice")
    assert [(each.summary, each.content["equipment"].get("code")) for each in opened(talk)] == [
        ("no enfria", "4045101"),
        ("tira agua", "4045102"),
        ("hace ruido", None),
    ]


def test_cancel_right_after_the_yes_asks_about_that_ticket(talk: Talk) -> None:
    for line in ("mi refri 4045101 no enfria", "sí", "cancela"):
        turn = talk.say(line)
    assert f"¿Cancelo tu reporte *{opened(talk)[0].number}*?" in said(turn) and not turn.records
    assert isinstance(talk.say("sí").records[0], TicketChanged)


@pytest.mark.parametrize("line", ["gracias", "🙏", "mil gracias joven"])
def test_a_courtesy_is_no_answer_to_a_yes_or_no(talk: Talk, line: str) -> None:
    talk.say("mi refri 4045101 no enfria")
    turn = talk.say(line)
    assert "¿Es el VR-20 (4045101)" in said(turn) and "🤔" not in said(turn) and not opened(talk)


def test_an_emoji_is_no_description_but_no_wrong_one_either(talk: Talk) -> None:
    for line in ("refrigerador", "4045101", "sí", "😭"):
        turn = talk.say(line)
    assert "Cuéntame un poquito más" in said(turn) and "❌" not in said(turn)
    talk.say("no enfría")
    assert opened(talk)[0].summary == "no enfría"


def test_the_code_that_is_shown_and_named_again_takes_nothing_back(talk: Talk) -> None:
    talk.say("el 4045101 no enfria y el 4045109 tira agua")
    talk.say("sí")
    assert "¿Es el VR-20 (4045109)" in said(talk.say("y el otro? el 4045109"))
    talk.say("sí")
    assert [each.summary for each in opened(talk)] == ["no enfria", "tira agua"]


def test_among_ones_reports_a_code_finds_its_report_or_begins_one(talk: Talk) -> None:
    for line in ("mi refri 4045101 no enfria", "sí", "mis reportes"):
        talk.say(line)
    assert opened(talk)[0].number in said(talk.say("4045101"))
    talk.say("mis reportes")
    turn = talk.say("4045102")
    assert talk.where == "refrigerator.confirming_equipment" and "🤔" not in said(turn)


def test_who_asks_for_the_technician_before_the_report_is_done_is_told_so(talk: Talk) -> None:
    talk.say("mi refri 4045101 no enfria")
    assert "todavía no está hecho" in said(talk.say("¿el técnico viene hoy?"))


def test_a_voice_note_without_a_model_is_asked_for_in_words_once_each(talk: Talk) -> None:
    talk.say("refrigerador")
    turn = talk.event("audio", media_id="m")
    assert said(turn).count("¿Me lo escribes, por favor?") == 1 and not turn.records
    assert talk.session.asked == "sap_code"


def test_what_is_told_of_a_ticket_that_staff_work_on_is_added_and_a_cancel_goes_to_people(talk: Talk) -> None:
    for line in ("mi refri 4045101 no enfria", "sí"):
        talk.say(line)
    [ticket] = opened(talk)
    talk.tickets[ticket.number]["status"] = "in_progress"
    assert talk.say("también hace ruido").records == (TicketAdded(ticket.number, "también hace ruido"),)
    turn = talk.say("cancela el reporte")
    assert "avisé al equipo" in said(turn) and not any(isinstance(each, TicketChanged) for each in turn.records)


# --- what a ticket costs ---


def conversations() -> Iterator[Sequence[dict[str, Any]]]:
    for path in sorted(desks.folders()["field"].glob("transcripts/*.yaml")):
        yield yaml.safe_load(path.read_text(encoding="utf-8"))["lines"]


def paid(lines: Sequence[dict[str, Any]]) -> int | None:
    """The replies up to the first report; None where there is none."""
    replies = 0
    for line in lines:
        replies += "we" in line
        ticket = (line.get("wrote") or {}).get("ticket_opened")
        if ticket and ticket["kind"] in ("refrigerator", "vehicle"):
            return replies
    return None


ANSWERS = {
    "sap_code": "4045101",
    "problem": "no enfría",
    "employee_number": "54321",
    "address": "Av. Juárez 120, Centro",
    "": "sí",
}


def finished(line: str) -> int:
    """The replies from a first sentence to the ticket, of a customer who answers what is asked."""
    talk = Talk()
    talk.facts = {**FACTS, "tickets": {"mine": []}}
    turns = [talk.say(line)]
    while not opened(talk):
        confirms = "confirm" in talk.session.state or "maybe" in talk.session.state
        turns.append(
            talk.say("1" if "choosing" in talk.session.state else ANSWERS["" if confirms else talk.session.asked])
        )
        assert len(turns) < 9, talk.where
    return sum(len(turn.replies) for turn in turns)


def test_a_ticket_costs_three_replies_in_the_middle_of_all_conversations() -> None:
    counted = [count for lines in conversations() if (count := paid(lines)) is not None]
    counted += [finished(line) for lines in FIRST.values() for line in lines]
    assert len(counted) >= 70
    assert median(counted) <= PAID_MOST, sorted(counted)
