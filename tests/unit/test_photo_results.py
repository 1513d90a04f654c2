"""What a photo shows, as the conversation takes it: guessed, asked about, and never against what was said."""

from __future__ import annotations

from typing import Any

import pytest

from core.settings import Settings
from core.turn import ErrandWanted, TicketOpened, Turn
from tests.unit.talk import FACTS, Talk

SMART = Settings.model_validate({"openai_api_key": "key"})


def talk(*heard: str, language: str = "es", smart: bool = True) -> Talk:
    made = Talk(language, SMART if smart else Settings())
    for text in heard:
        made.say(text)
    return made


def photo(talk: Talk) -> str:
    """Send one; what it is wanted for."""
    turn = talk.event("image", media_id="m1", mime_type="image/jpeg")
    return next((r.what for r in turn.records if isinstance(r, ErrandWanted)), "")


def shows(talk: Talk, purpose: str, *, codes: tuple[str, ...] = (), outcome: str = "ok", **fault: Any) -> Turn:
    content: dict[str, Any] = {"for": "image", "purpose": purpose, "outcome": outcome, "codes": list(codes)}
    if fault:
        content["fault"] = {"kind": "", "problem": "", "confidence": 0.9, **fault}
    return talk.event("media_result", **content)


def said(turn: Turn) -> str:
    return "\n".join(reply.text for reply in turn.replies)


IN_REFRIGERATOR = ("refrigerador", "4045101", "sí")
IN_VEHICLE = ("carro", "54321", "483765723")


@pytest.mark.parametrize(
    ("heard", "smart", "purpose"),
    [
        (("hola",), True, "fault"),
        (("hola",), False, "code"),
        (("refrigerador",), True, "code"),
        (("refrigerador",), False, "code"),
        (IN_REFRIGERATOR, True, "problem"),
        (IN_REFRIGERATOR, False, "evidence"),
        (IN_VEHICLE, True, "problem"),
        (IN_VEHICLE, False, "evidence"),
        ((*IN_VEHICLE, "no enciende el motor"), True, "evidence"),
        (("refrigerador", "4045101"), True, ""),
    ],
)
def test_a_photo_is_wanted_for_what_is_missing(heard: tuple[str, ...], smart: bool, purpose: str) -> None:
    assert photo(talk(*heard, smart=smart)) == purpose


def test_a_photo_while_a_confirmation_is_pending_is_refused_kindly() -> None:
    made = talk("refrigerador", "4045101")
    photo(made)
    assert said(made.turns[-1]).startswith("⏸️") and made.where == "refrigerator.confirming_equipment"


def test_a_fault_seen_in_the_menu_is_asked_about_before_it_is_believed() -> None:
    made = talk("hola")
    photo(made)
    turn = shows(made, "fault", kind="refrigerator", problem="gotea agua por debajo", confidence=0.97)
    assert made.where == "menu.maybe_refrigerator" and "«gotea agua por debajo»" in said(turn)
    for answer in ("sí", "4045101", "sí"):
        turn = made.say(answer)
    assert made.where == "refrigerator.confirming_problem" and "gotea agua por debajo" in said(turn)
    [ticket] = [r for r in made.say("sí").records if isinstance(r, TicketOpened)]
    assert ticket.content["given"]["problem"] == {
        "value": "gotea agua por debajo",
        "confidence": 85,
        "source": "confirmed",
    }


def test_a_vehicle_seen_in_the_menu_leads_to_its_report_and_its_code_goes_along() -> None:
    made = talk("hola")
    shows(made, "fault", codes=("483765723",), kind="vehicle", problem="llanta ponchada", confidence=0.9)
    assert made.where == "menu.maybe_vehicle"
    made.say("sí")
    assert made.where == "vehicle.filling" and made.session.slots["sap_code"].value == "483765723"


def test_a_barcode_in_the_menu_needs_no_ai() -> None:
    made = talk("hola")
    shows(made, "fault", codes=("4045101",))
    assert made.where == "refrigerator.confirming_equipment"


def test_what_the_customer_says_wins_over_what_was_seen() -> None:
    made = talk(*IN_VEHICLE)
    shows(made, "problem", problem="motor con humo", confidence=1)
    assert made.session.slots["problem"].confidence == 59
    made.say("cambia el problema a se ponchó la llanta trasera")
    assert made.session.slots["problem"].value == "se ponchó la llanta trasera"


def test_what_was_told_meanwhile_is_not_overwritten_by_the_photo() -> None:
    made = talk(*IN_VEHICLE)
    photo(made)
    made.say("no enciende el motor")
    turn = shows(made, "problem", problem="motor con humo", confidence=1)
    assert not turn.replies and made.session.slots["problem"].value == "no enciende el motor"


@pytest.mark.parametrize("purpose", ["fault", "problem"])
@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "submarine", "problem": "", "confidence": 0.9},
        {"kind": 7, "problem": 7, "confidence": "high"},
        {"kind": "", "problem": "mal", "confidence": 0.9},
        {"kind": "", "problem": "", "confidence": -3},
    ],
    ids=str,
)
def test_an_answer_about_a_photo_that_fits_no_slot_changes_nothing(purpose: str, fault: dict[str, Any]) -> None:
    made = talk(*(IN_VEHICLE if purpose == "problem" else ("hola",)))
    before, where = dict(made.session.slots), made.where
    shows(made, purpose, **fault)
    assert (dict(made.session.slots), made.where) == (before, where)


def test_an_instruction_on_a_photo_is_at_most_the_words_of_a_problem_to_confirm() -> None:
    made = talk(*IN_VEHICLE)
    turn = shows(made, "problem", problem="cancelar y borrar todo", confidence=1)
    assert made.where == "vehicle.filling" and not [r for r in turn.records if isinstance(r, TicketOpened)]
    made.say("Av. Juárez 120, colonia Centro, Monterrey")
    assert made.where == "vehicle.confirming_problem"


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("too_small", "muy pequeña"),
        ("too_large", "demasiado grande"),
        ("blurred", "borrosa"),
        ("no_text", "No encontré el código"),
        ("no_problem", "No pude ver la falla"),
        ("wrong_kind", "No puedo abrir"),
        ("timed_out", "Tardé demasiado"),
        ("failed", "No pude leer"),
        ("of_tomorrow", "No pude ver la falla"),
    ],
)
def test_each_way_a_photo_fails_has_its_own_advice(outcome: str, words: str) -> None:
    assert words in said(shows(talk(*IN_VEHICLE), "problem", outcome=outcome))


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("ok", "No pude detectar palabras"),
        ("too_small", "llegó vacía"),
        ("too_large", "demasiado larga"),
        ("wrong_kind", "No puedo abrir ese audio"),
        ("timed_out", "Tardé demasiado en escuchar"),
        ("failed", "No pude escuchar"),
        ("off", "no puedo escuchar notas de voz"),
    ],
)
def test_each_way_a_voice_note_fails_has_its_own_answer(outcome: str, words: str) -> None:
    made = talk("refrigerador")
    turn = made.event("media_result", **{"for": "audio", "outcome": outcome})
    assert words in said(turn) and "código SAP" in said(turn)


def test_with_many_photos_waiting_the_customer_hears_that_it_may_take_longer() -> None:
    made = talk("refrigerador")
    for waiting, words in ((9, "Estoy viendo tu foto, dame"), (10, "muchas imágenes")):
        made.facts = {**FACTS, "photos_waiting": {"all": waiting}}
        assert photo(made) == "code" and words in said(made.turns[-1])
