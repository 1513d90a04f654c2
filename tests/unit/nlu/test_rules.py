"""What the rules promise beyond the labelled utterances: events that are no text, options, hostile input, sureness."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import desks
from core.messages import Event, Option
from core.reading import Expectation, Guess, Reading
from core.session import Desk, Session

SESSION = Session(7, Desk("field-service", "Field service", "es", "America/Mexico_City", "menu"))
MENU = Expectation(
    "choice", options=(Option("fridge", "❄️ Refrigerador"), Option("truck", "🚗 Vehículo"), Option("no", "Cancelar"))
)


def read(text: str, expectation: Expectation | None = None) -> Reading:
    return desks.read(Event("1", "text", text=text), replace(expectation or Expectation(), desk="field"))


def read_kind(kind: str, **content: Any) -> Reading:
    return desks.read(Event("1", kind, content=content), Expectation(desk="field"))


@pytest.mark.parametrize("typed", ["Refrigerador", "refrigerador", "❄️ Refrigerador", "1", "1."])
def test_an_option_can_be_typed_by_title_or_number(typed: str) -> None:
    assert read(typed, MENU).guesses["choice"] == Guess("fridge", 100, "typed")


def test_the_sign_before_a_title_need_not_be_typed_and_is_no_answer_by_itself() -> None:
    offered = Expectation("choice", options=(Option("book", "✅ Sí, reservar"), Option("drop", "❌ No la quiero")))
    assert read("sí, reservar", offered).guesses["choice"].value == "book"
    assert read("No la quiero", offered).guesses["choice"].value == "drop"
    assert read("✅", replace(offered, options=(Option("other", "✅"),))).guesses.get("choice") is None


@pytest.mark.parametrize("typed", ["0", "4", "11111111111111111111", "otra cosa"])
def test_what_is_no_option_chooses_nothing(typed: str) -> None:
    assert "choice" not in read(typed, MENU).guesses


def test_a_number_is_no_choice_where_no_list_stands_or_where_it_is_a_mark() -> None:
    assert "choice" not in read("1", Expectation("slot", "sap_code")).guesses
    assert "choice" not in read("1", Expectation("rating", "rating", options=MENU.options)).guesses


def test_a_pressed_option_is_its_id() -> None:
    assert read_kind("choice", id="yes", title="Sí").guesses["choice"] == Guess("yes", 100, "pressed")


def test_a_pin_on_this_world_is_a_location() -> None:
    reading = read_kind("location", latitude=25.65141234, longitude=-100.2895)
    assert reading.guesses["location"] == Guess({"latitude": 25.651412, "longitude": -100.2895}, 95, "pin")


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(91, 0), (0, 181), (0, 0), (float("nan"), 1), (float("inf"), 1), ("25", "-100"), (None, None), (True, True)],
)
def test_a_pin_outside_the_world_is_nothing(latitude: Any, longitude: Any) -> None:
    assert read_kind("location", latitude=latitude, longitude=longitude).guesses == {}


@pytest.mark.parametrize("kind", ["image", "audio", "sticker", "contacts", "reaction", "timer", "unsupported"])
def test_other_kinds_are_read_as_nothing(kind: str) -> None:
    reading = read_kind(kind)
    assert (reading.intent, reading.guesses, reading.source) == ("", {}, "kind")


@pytest.mark.parametrize(
    ("text", "slot", "name", "confidence", "source"),
    [
        ("código 4045101", "", "sap_code", 95, "rules"),
        ("4045101", "", "sap_code", 95, "rules"),
        ("8112345678", "", "sap_code", 50, "inferred"),
        ("empleado 54321", "", "employee_number", 90, "rules"),
        ("4045101", "sap_code", "sap_code", 95, "asked"),
        ("54321", "employee_number", "employee_number", 95, "asked"),
        ("TKT-1A2B3C4D", "", "ticket_number", 95, "rules"),
        ("estoy en calle Morelos 45, centro", "", "address", 70, "rules"),
        ("por la plaza de armas", "address", "address", 85, "asked"),
        ("algo suena raro ahí atrás", "problem", "problem", 90, "asked"),
        ("mi refri tiene algo raro que nunca había visto", "", "problem", 40, "inferred"),
        ("25.6514,-100.2895", "", "location", 95, "rules"),
    ],
)
def test_sureness_tells_how_a_value_was_found(text: str, slot: str, name: str, confidence: int, source: str) -> None:
    guess = read(text, Expectation("slot", slot) if slot else Expectation()).guesses[name]
    assert (guess.confidence, guess.source) == (confidence, source)


def test_the_words_before_a_number_beat_what_was_asked() -> None:
    guesses = read("SAP 4045101", Expectation("slot", "employee_number")).guesses
    assert set(guesses) == {"sap_code"}


@pytest.mark.parametrize("text", ["frío", "problema", "error", "Término raro", "tengo un problema con mi jefe"])
def test_a_word_that_says_little_is_not_over_read(text: str) -> None:
    assert read(text) == Reading()


@pytest.mark.parametrize(
    ("text", "kind", "intent"),
    [
        ("no", "yes_no", "no"),
        ("ok", "rating", "rating"),
        ("ok", "yes_no", "yes"),
        ("bueno", "rating", "rating"),
        ("no", "", "no"),
    ],
)
def test_the_standing_question_is_asked_before_the_words(text: str, kind: Any, intent: str) -> None:
    assert read(text, Expectation(kind)).intent == intent


def test_invisible_characters_and_fancy_letters_do_not_hide_a_word() -> None:
    assert read("m\u200be\u2060nu").intent == "menu"
    assert read("𝐦𝐞𝐧𝐮").intent == "menu"
    assert read("ｍｅｎｕ").intent == "menu"


@pytest.mark.parametrize("text", ["", " ", "\x00", "\ud800", "😀" * 500, "a" * 60_000, "1 " * 30_000, "<b>" * 20_000])
def test_nothing_a_customer_sends_breaks_reading(text: str) -> None:
    assert read(text).intent == ""


@given(
    st.text(max_size=200),
    st.sampled_from(["", "sap_code", "employee_number", "problem", "address", "comment", "ticket_number"]),
)
def test_any_text_under_any_question_is_read_and_codes_are_always_valid(text: str, slot: str) -> None:
    guesses = read(text, Expectation("slot", slot) if slot else Expectation()).guesses
    assert all(0 <= guess.confidence <= 100 for guess in guesses.values())
    if "sap_code" in guesses:
        assert guesses["sap_code"].value.isascii() and guesses["sap_code"].value.isdigit()
        assert 5 <= len(guesses["sap_code"].value) <= 10
    if "employee_number" in guesses:
        assert 3 <= len(guesses["employee_number"].value) <= 20
