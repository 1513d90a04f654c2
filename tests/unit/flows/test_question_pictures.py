"""Pictures of questions: all of them, in every language, with what can be pressed; and nothing in them is markup."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import __main__ as program
from bot.desks import FLOWS
from bot.script import pictures
from core.limits import Limits


def test_every_question_is_drawn_in_every_language(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert program.main(["flows", "check", "--offline", "--pictures", str(tmp_path)]) == 0
    assert {path.name for path in tmp_path.iterdir()} >= {"es.html", "es-AR.html", "en.html", "look.css", "wall.svg"}
    spanish = (tmp_path / "es.html").read_text(encoding="utf-8")
    for flow in FLOWS.values():
        for state in flow.states.values():
            assert not state.asks or f"{flow.name}.{state.name}" in spanish
    assert "<strong>código SAP</strong>" in spanish and "📍" in spanish and 'class="rows"' in spanish
    assert 'class="wrong"' not in spanish and f"{spanish.count('<figure>')} pictures" in capsys.readouterr().out


def test_what_a_channel_would_refuse_is_marked() -> None:
    page = pictures.pages({"menu": FLOWS["menu"]}, Limits(buttons=3, button_title=3))["es"]
    assert "✗ button title" in page


def test_what_a_phrase_holds_is_text() -> None:
    assert pictures.formatted("*<b>* & _x_ ~y~ 2 * 3") == "<strong>&lt;b&gt;</strong> &amp; <em>x</em> <s>y</s> 2 * 3"
