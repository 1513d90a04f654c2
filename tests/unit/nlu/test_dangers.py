"""Danger is heard in any language, and what only sounds like it is not."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from bot.nlu import dangers

LABELLED: dict[str, Any] = tomllib.loads((Path(__file__).parents[2] / "dangers.toml").read_text("utf-8"))
TOLD = [(text, kinds) for language in LABELLED.values() for text, kinds in language["told"]]
NOT = [text for language in LABELLED.values() for text in language["not"]]


def test_every_danger_is_found_and_called_by_its_kind() -> None:
    assert [(text, dangers.read(text)) for text, kinds in TOLD if dangers.read(text) not in kinds.split()] == []


def test_what_only_sounds_like_danger_is_none() -> None:
    assert [(text, dangers.read(text)) for text in NOT if dangers.read(text)] == []


def test_there_is_enough_to_judge_by() -> None:
    assert len(TOLD) >= 70 and len(NOT) >= 60


@pytest.mark.parametrize("kind", dangers.KINDS)
def test_each_kind_is_told_in_each_language(kind: str) -> None:
    for language in LABELLED.values():
        assert any(kind in kinds.split() for _, kinds in language["told"])


def test_a_text_of_any_length_is_read_quickly_and_a_danger_at_its_end_found() -> None:
    assert dangers.read("hola " * 300 + "hay heridos") == "injured"
    assert dangers.read("no hay " * 100_000) == ""
