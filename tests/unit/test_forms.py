"""Slots filled in any order: who wins, what is refused, what is still missing."""

from __future__ import annotations

from typing import Any

import pytest

from bot.script.forms import Field, Form, confirmed, matching, one_of, place, words
from core import ticket_numbers
from core.reading import Guess
from core.session import Slot

FORM = Form(
    fields=(
        Field("code", matching(r"\d{5,10}")),
        Field("problem", words(5, 20)),
        Field("address", words(5, 50), "pin"),
    ),
    extra=(Field("pin", place),),
)


def guess(value: Any, confidence: int = 80) -> Guess:
    return Guess(value, confidence, "rules")


def test_several_slots_are_filled_at_once_and_only_the_rest_is_missing() -> None:
    filled = FORM.fill({}, {"problem": guess("no enfría"), "code": guess("4045101")})
    missing = FORM.missing(filled.slots)
    assert filled.taken == ("problem", "code") and missing is not None and missing.slot == "address"


def test_one_slot_does_as_well_as_another() -> None:
    filled = FORM.fill({}, {"pin": guess({"latitude": 1, "longitude": 2})})
    known = {**filled.slots, **FORM.fill({}, {"problem": guess("no enfría"), "code": guess("4045101")}).slots}
    assert FORM.missing(known) is None


@pytest.mark.parametrize(
    ("known", "new", "kept"), [(90, 80, "11111"), (80, 90, "22222"), (80, 80, "22222"), (100, 95, "11111")]
)
def test_the_surer_value_wins_and_the_newer_wins_a_tie(known: int, new: int, kept: str) -> None:
    slots = {"code": Slot("11111", known, "ocr")}
    assert FORM.fill(slots, {"code": guess("22222", new)}).slots["code"].value == kept


def test_the_answer_to_the_question_that_was_asked_wins_over_anything() -> None:
    slots = {"code": Slot("11111", 100)}
    assert FORM.fill(slots, {"code": guess("22222", 10)}, asked="code").slots["code"].value == "22222"


def test_a_correction_wins_over_what_was_confirmed() -> None:
    slots = {"code": confirmed(Slot("11111", 95, "ocr"))}
    assert FORM.fill(slots, {"code": guess("22222")}, correcting=True).slots["code"] == Slot("22222", 80, "rules")


def test_a_value_that_fails_its_check_is_refused_and_changes_nothing() -> None:
    filled = FORM.fill({"code": Slot("11111")}, {"code": guess("123", 100)}, asked="code")
    assert filled.refused == ("code",) and filled.slots["code"].value == "11111" and filled.taken == ()


def test_a_slot_of_another_form_is_left_alone() -> None:
    assert FORM.fill({}, {"rating": guess(5)}).slots == {}


def test_saying_the_same_again_takes_nothing() -> None:
    assert FORM.fill({"code": Slot("11111", 80)}, {"code": guess("11111", 80)}).taken == ()


def test_a_negative_or_boundless_confidence_is_bounded() -> None:
    slots = FORM.fill({}, {"code": guess("11111", -5), "problem": guess("no enfría", 900)}).slots
    assert (slots["code"].confidence, slots["problem"].confidence) == (0, 100)


def test_what_was_only_guessed_is_to_be_confirmed() -> None:
    assert FORM.guessed({"problem": Slot("no enfría", 40), "code": Slot("11111", 60)}) == ("problem",)


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        "",
        [],
        {"latitude": 91, "longitude": 0},
        {"latitude": 1, "longitude": 181},
        {"latitude": "1", "longitude": 2},
        {"latitude": True, "longitude": 2},
        {"latitude": float("nan"), "longitude": 2},
        {"latitude": 0, "longitude": 0},
    ],
)
def test_a_place_outside_the_world_is_none(wrong: Any) -> None:
    assert place(wrong) is None


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("tkt-1a2b3c4d", "TKT-1A2B3C4D"),
        ("1A2B3C4D", "TKT-1A2B3C4D"),
        ("TKT-ABCDEFAB", "TKT-ABCDEFAB"),
        ("abcdefab", None),
        ("TCK-20260101-ABCDEF", "TCK-20260101-ABCDEF"),
        ("STI-20260101-0001", "STI-20260101-0001"),
        ("TKT-12", None),
        (12345678, None),
    ],
)
def test_ticket_numbers_are_read_in_every_product_s_form(written: Any, number: str | None) -> None:
    assert ticket_numbers.read(written) == number


def test_codes_forgive_spaces_and_texts_are_cut_to_what_is_stored() -> None:
    assert matching(r"\d{5,10}")("404 51-01") == "4045101" and matching(r"\d{5,10}")(4045101) is None
    assert words(5, 20)("  no   enfría  " + "x" * 50) == "no enfría " + "x" * 10 and words(5, 20)("no") is None
    assert one_of(1, 2)(True) is None and one_of(1, 2)(2) == 2
