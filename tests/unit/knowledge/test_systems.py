"""Steps as they are done on each operating system: whole, and none of another system's."""

from __future__ import annotations

import re
from itertools import product

import pytest

from bot.desks.it import knowledge
from bot.desks.it.knowledge import PROBLEMS, STEPS, SYSTEMS, loading
from bot.desks.it.knowledge.entries import ANY, Step, text_in
from core.errors import Broken
from tests.cases import Cases
from tests.unit.knowledge.test_entries import HARMLESS, LONGEST, RISKY, WARNED

LANGUAGES = ("es-AR", "es-419", "en")
OF_WINDOWS = re.compile(
    r"Windows(?!\)|:|;)|\bWin \+|Administrador de (?:tareas|dispositivos)|Task Manager|Device Manager|\bcmd\b|ipconfig|services\.msc|"
    r"Panel de control|Control Panel|Este equipo|This PC|\bC:|main\.cpl|\bregedit\b"
)
EITHER = {
    "port_who": "it tells the way of every system",
    "db_service": "it is about a server of either kind",
    "rd_id": "the other machine may have Windows",
    "rd_permission": "the other machine may have Windows",
    "sv_disk": "the server may have Windows",
    "frz_wait_kill": "the process is called so",
}
EVERYDAY = (
    "no_internet no_wifi vpn mail_fails password slow freezes no_print not_working no_sound mic_fails camera_fails "
    "app_wont_open files_lost virus storage_full call_fails"
).split()
FEWEST = 3


@pytest.mark.parametrize("system", SYSTEMS)
def test_no_step_speaks_of_another_system(system: str, each: Cases) -> None:
    def check(step: Step) -> None:
        known = knowledge.step_on(step.id, system)
        said = [] if known is None else [*known.plain.values(), *known.simple.values(), *known.help.values()]
        assert step.id in EITHER or not [text for text in said if OF_WINDOWS.search(text)]

    each(STEPS.values(), check, lambda step: step.id)


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_way_of_doing_a_step_is_whole_and_warns_like_the_step(system: str, each: Cases) -> None:
    def check(case: tuple[Step, str]) -> None:
        step, language = case
        said = [text_in(language, text) for text in (step.plain, step.simple, step.help)]
        assert all(
            sentence.strip() == sentence and "~" not in sentence and len(sentence) <= LONGEST for sentence in said
        )
        assert all(sentence[-1] in ".?!:)" or sentence.endswith("*") for sentence in said), said
        assert all(sentence.count("*") % 2 == 0 for sentence in said)
        risky = any(RISKY.search(text) for text in (*step.plain.values(), *step.simple.values()))
        assert not risky or step.care or step.id in HARMLESS
        if step.care:
            assert all(WARNED[step.care].search(text) for text in (*step.plain.values(), *step.simple.values()))

    each(list(product(SYSTEMS[system].steps.values(), LANGUAGES)), check, lambda case: f"{case[0].id}-{case[1]}")


@pytest.mark.parametrize("symptom", EVERYDAY)
def test_a_mac_is_helped_with_what_happens_every_day(symptom: str) -> None:
    problem = next(
        p for p in PROBLEMS.values() if p.symptom == symptom and {"computer", ANY, "printing", "audio"} & {*p.devices}
    )
    assert len([step for step in (*problem.basic, *problem.advanced) if knowledge.step_on(step, "macos")]) >= FEWEST


def test_where_nothing_is_told_otherwise_the_step_is_the_same() -> None:
    assert knowledge.step_on("check_outlet", "macos") is knowledge.step_on("check_outlet", "") is STEPS["check_outlet"]
    assert knowledge.step_on("kb_device_manager", "macos") is None
    assert knowledge.step_on("kb_device_manager", "windows") is STEPS["kb_device_manager"]


def test_a_system_that_tells_of_steps_that_are_not_there_is_refused() -> None:
    label = {"es": "otro", "en": "other"}
    for table in ({"label": label, "without": "no_such_step", "steps": {}}, {"label": label, "without": "", "steps": {"x": {"es": ["a", "b", "c"], "en": ["a", "b", "c"]}}}):  # fmt: skip
        with pytest.raises(Broken, match="cannot tell of"):
            loading.system("other", table, STEPS)
