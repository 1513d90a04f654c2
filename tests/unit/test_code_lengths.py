"""How long a code is, is the business of the desk."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.desks.field.settings import FieldSettings
from bot.script.desk_settings import problems_of
from tests.unit.talk import Talk


def talk(language: str = "es", **settings: int) -> Talk:
    made = Talk(language)
    made.session = replace(made.session, desk=replace(made.session.desk, settings=settings))
    made.say("refrigerador" if language == "es" else "refrigerator")
    return made


@pytest.mark.parametrize(
    ("code", "taken"), [("40451", False), ("4045101", True), ("40451010", False), ("4045101000", False)]
)
def test_a_desk_whose_codes_have_seven_digits_takes_no_others(code: str, taken: bool) -> None:
    made = talk(sap_digits_least=7, sap_digits_most=7)
    turn = made.say(code)
    assert (made.where == "refrigerator.confirming_equipment") is taken
    assert ("exactamente 7 números" in turn.replies[-1].text) is not taken


def test_without_a_setting_codes_have_five_to_ten_digits() -> None:
    made = talk()
    assert "de 5 a 10 números" in made.say("4045").replies[-1].text
    assert "No encontré el código *40451*" in made.say("40451").replies[-1].text


def test_settings_that_make_no_sense_are_told_with_the_nearest_name() -> None:
    told = problems_of(FieldSettings, {"sap_digits_least": 0, "sap_digits_most": 99, "sap_digit_least": 5})
    assert told[0] == "sap_digit_least: no such setting; did you mean sap_digits_least?"
    assert [line.partition(":")[0] for line in told[1:]] == ["sap_digits_least", "sap_digits_most"]


def test_a_code_on_a_photo_must_have_the_length_too() -> None:
    made = talk(sap_digits_least=7, sap_digits_most=7)
    made.event("media_result", **{"for": "image", "purpose": "code", "outcome": "ok", "codes": ["55500", "4045101"]})
    assert made.session.slots["sap_code"].value == "4045101"
