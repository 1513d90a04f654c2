"""Danger is heard in any language, and what only sounds like it is not: `bench/dangers.py` measures it."""

from __future__ import annotations

import tomllib

import pytest

from bench.dangers import SETS, everyday, labelled, missed, score
from bot.nlu import dangers

KNOWN = [*labelled("tuned"), *labelled("seen")]


def test_the_goals_of_the_measure_are_reached() -> None:
    assert missed() == []


def test_there_is_enough_to_judge_by() -> None:
    everything = score([*KNOWN, *labelled("held_out"), *everyday()])
    assert everything.told >= 300 and everything.ordinary >= 600
    assert score(labelled("held_out")).told >= 70


@pytest.mark.parametrize("language", dangers.LANGUAGES)
def test_each_kind_is_told_in_each_language(language: str) -> None:
    tables = [tomllib.loads((SETS / f"{name}.toml").read_text("utf-8")) for name in ("tuned", "seen")]
    told = {kind for table in tables for written in table[language] for kind in written.split()}
    assert told >= {*dangers.KINDS}


def test_a_text_of_any_length_is_read_quickly_and_a_danger_at_its_end_found() -> None:
    assert dangers.read("hola " * 300 + "hay heridos") == "injured"
    assert dangers.read("no hay " * 100_000) == ""


@pytest.mark.parametrize(
    "text",
    [
        "mi hijo no quedó encerrado en el refrigerador",
        "en la película un niño queda encerrado en el congelador",
        "jajaja nos quedamos tirados en la carretera hace un mes",
        "no estoy en la carretera, el camión está parado en el patio",
    ],
)
def test_words_that_tell_a_danger_together_tell_none_when_denied_or_past_or_played(text: str) -> None:
    assert dangers.read(text) == ""
