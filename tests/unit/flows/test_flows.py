"""The tables: nothing unreachable, nothing unsaid, nobody stranded."""

from __future__ import annotations

import ast
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from bot import channels, desks
from bot.desks.it.flows import cases
from bot.desks.it.knowledge import DEVICES
from bot.script import phrases
from bot.script.check import problems_of, strandings
from bot.script.flow import Flow, Row, State
from bot.script.forms import Form
from core.errors import Broken

BOT = Path(phrases.__file__).parents[2]


def flow(*states: State, rows: tuple[Row, ...], **more: object) -> Flow:
    module = ModuleType("menu")
    vars(module).update(VERSION=1, FORM=Form(), STATES=states, ROWS=rows, **more)
    return Flow.of(module)


def test_the_flows_are_in_order() -> None:
    assert desks.check() == []


def test_what_serves_every_desk_is_said_in_the_languages_of_all() -> None:
    every = {language for desk in desks.DESKS.values() for language in desk.languages}
    shared = [
        phrases.COMMON,
        phrases.FIRST_AID,
        *(flow.__name__.rpartition(".")[2] for flow in desks.DESKS["any"].flows),
    ]
    assert every == {"es", "en", "pt"}
    assert {flow: {*phrases.LANGUAGES[flow]} for flow in shared} == dict.fromkeys(shared, every)


def test_a_browser_s_language_is_spoken_only_where_the_desk_has_it() -> None:
    assert phrases.preferred("pt-BR,pt;q=0.9", "es-AR", ("es", "en", "pt")) == "pt"
    assert phrases.preferred("pt-BR,pt;q=0.9", "es-AR", ("es", "en")) == "es-AR"
    assert phrases.preferred("en-GB", "es-AR", ("es", "en")) == "en"


@pytest.mark.parametrize("name", desks.FLOWS)
def test_a_flow_is_drawn_with_each_of_its_states(name: str) -> None:
    drawn = desks.draw(name)
    assert drawn.startswith("stateDiagram-v2\n")
    reachable = [state for state in desks.FLOWS[name].states if name != "menu" or state in ("waiting", "rested")]
    assert all(f" {state} " in drawn for state in reachable)


def test_a_broken_flow_is_told_in_every_way_it_is_broken() -> None:
    broken = flow(
        State("waiting", asks="which_equipment", options=("yes", "no", "person", "menu")),
        State("silent"),
        State("lonely", asks="no_such_phrase"),
        State("over", final=True),
        rows=(Row("waiting", "yes", "silent"), Row("over", "yes", "@nowhere")),
        RENAMED={"old": "gone"},
    )
    told = "\n".join(problems_of({"menu": broken}, channels.limits()))
    for expected in (
        "menu.lonely: no row leads here",
        "menu.over: it is final, and yet a row leads away",
        "menu.silent: it asks nothing",
        "menu.silent: no row leads away",
        "@nowhere, which is no flow",
        "old was renamed to gone",
        "lonely lacks the phrase 'no_such_phrase'",
        "menu.waiting: ",
    ):
        assert expected in told


def test_an_offer_that_the_platform_would_refuse_is_told_before_a_deploy(monkeypatch: pytest.MonkeyPatch) -> None:
    modem = replace(DEVICES["router"], short={"es": "Internet, módem y también router", "en": "Internet / modem"})
    monkeypatch.setitem(DEVICES, "router", modem)
    monkeypatch.setattr(cases, "_fitting", cache(cases._fitting.__wrapped__))  # it remembers what devices were called
    told = problems_of({"help_desk": desks.FLOWS["help_desk"]}, channels.limits())
    assert any(why.startswith("es/help_desk.choosing_device: row title '🌐 Internet, módem") for why in told)
    assert not any(why.startswith("en/help_desk.choosing_device") for why in told)


def test_an_offer_of_which_nobody_says_what_it_depends_on_is_told() -> None:
    untried = replace(desks.FLOWS["help_desk"], tried_on={})
    told = problems_of({"help_desk": untried}, channels.limits())
    assert "help_desk.choosing_device: TRIED_ON does not say what 'devices' depends on" in told


def test_a_table_that_names_what_is_not_there_is_refused_at_once() -> None:
    with pytest.raises(Broken, match="no_such_guard"):
        flow(State("waiting"), rows=(Row("waiting", "yes", "waiting", when="no_such_guard"),))


def test_conversations_in_a_state_that_vanished_are_counted() -> None:
    pinned = [("refrigerator", 1, "filling", 3), ("refrigerator", 1, "gone", 7), ("old_flow", 2, "x", 1)]
    pinned.append(("", 0, "", 9))
    told = desks.stranded(pinned)
    assert len(told) == 2 and told[0].startswith("7 in refrigerator.gone") and told[1].startswith("1 in old_flow.x")


def test_a_renamed_state_strands_nobody() -> None:
    renamed = {"refrigerator": replace(desks.FLOWS["refrigerator"], renamed={"gone": "filling"})}
    assert strandings(renamed, [("refrigerator", 1, "gone", 7)]) == []


def test_every_sentence_the_code_says_is_written() -> None:
    tables = {key for table in phrases.TABLES.values() for key in table}
    said = {
        call.args[0].value
        for path in BOT.rglob("*.py")
        if path.parent.name in ("script", "engine", "rules", "flows")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "say"
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }
    assert len(said) > 30 and said <= tables


def test_a_missing_phrase_and_a_missing_value_are_bugs_told_plainly() -> None:
    with pytest.raises(Broken, match="no phrase 'nonsense'"):
        phrases.phrase("es", "menu", "nonsense")
    with pytest.raises(Broken, match="needs 'name'"):
        phrases.phrase("es", "menu", "welcome")


def test_what_a_customer_wrote_is_never_read_as_a_placeholder() -> None:
    assert "{desk}" in phrases.phrase("es", "menu", "understood_problem", problem="{desk}")


def test_a_language_that_lacks_a_key_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    table = {key: text for key, text in phrases.TABLES["en", "menu"].items() if key != "welcome"}
    monkeypatch.setitem(phrases.TABLES, ("en", "menu"), {**table, "understood": "{oh}"})
    assert phrases.gaps() == [
        "menu: the languages disagree about the placeholders of 'understood'",
        "en/menu: no phrase 'welcome'",
    ]


def test_all_conversations_share_one_machine_that_keeps_none_of_them() -> None:
    assert all(each.machine.models == [] for each in desks.FLOWS.values())
