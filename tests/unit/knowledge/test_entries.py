"""Every entry of the knowledge is whole: nothing names what is not there, and no step harms without saying so."""

from __future__ import annotations

import re
from collections import Counter
from itertools import product

import pytest

from bot.desks.it import knowledge
from bot.desks.it.knowledge import DEVICES, GROUPS, GUIDES, PROBLEMS, STEPS, SYMPTOMS
from bot.desks.it.knowledge.entries import ANY, SYSTEMS, Guide, Problem, Step, text_in
from bot.desks.it.knowledge.loading import groups, problems, steps
from bot.nlu.lexicon import expand
from bot.script.phrases.regions import vos
from core.errors import Broken
from tests.cases import Cases

LANGUAGES = ("es-AR", "es-419", "en")
LONGEST = 420
RISKY = re.compile(
    r"\b(formatea\w*|borr(?:a|as|ar|es|ás|arlos)\b|desinstal\w+|restablec\w+|delet\w+|erase\w*|uninstall\w*)\b",
    re.IGNORECASE,
)
HARMLESS = {
    "bt_forget": "only a connection is forgotten",
    "kb_device_manager": "Windows installs it again, and says so",
    "ms_device_manager": "Windows installs it again, and says so",
    "nb_kb_driver": "Windows installs it again, and says so",
    "snd_driver": "Windows installs it again, and says so",
    "cam_driver": "Windows installs it again, and says so",
    "nb_battery_driver": "Windows installs it again, and says so",
    "usb_controllers": "Windows puts it back, and says so",
    "tv_forget_wifi": "the network is entered again at once",
    "pw_other_signin": "only the password is set anew",
    "rd_uninstall": "it removes what a fraudster had installed",
    "ms_pair": "only a connection is forgotten",
    "lost_bin": "it looks where deleted files are, and deletes none",
    "upd_cache": "a folder is renamed, and it says that nothing is deleted",
}
WARNED = {
    "data": re.compile(r"pierd|perd|copia|copi|borra solo|lost|lose|backup|back .*up|copy|format", re.IGNORECASE),
    "person": re.compile(r"⚠️"),
}


def in_language(case: tuple[Step | Guide, str]) -> str:
    return f"{case[0].id}-{case[1]}"


def test_a_step_is_said_plainly_simply_and_with_help(each: Cases) -> None:
    def check(case: tuple[Step, str]) -> None:
        step, language = case
        said = [text_in(language, text) for text in (step.plain, step.simple, step.help)]
        assert len(set(said)) == 3
        assert all(sentence.strip() == sentence and "~" not in sentence for sentence in said)
        assert all(len(sentence) <= LONGEST for sentence in said)
        assert all(sentence[-1] in ".?!:)" or sentence.endswith("*") for sentence in said), said
        assert all(sentence.count("*") % 2 == 0 for sentence in said)

    each(list(product(STEPS.values(), LANGUAGES)), check, in_language)


def test_what_may_lose_data_or_hurt_somebody_says_so(each: Cases) -> None:
    def check(step: Step) -> None:
        risky = any(RISKY.search(text) for text in (*step.plain.values(), *step.simple.values()))
        assert not risky or step.care or step.id in HARMLESS, step
        if step.care:
            assert all(WARNED[step.care].search(text) for text in (*step.plain.values(), *step.simple.values())), step

    each(STEPS.values(), check, lambda step: step.id)


def test_what_is_called_harmless_is_there() -> None:
    assert HARMLESS.keys() <= STEPS.keys()


def test_a_problem_has_known_steps_and_none_twice(each: Cases) -> None:
    def check(problem: Problem) -> None:
        every = [*problem.basic, *problem.advanced]
        assert set(every) <= STEPS.keys()
        assert len(set(every)) == len(every)
        assert 1 <= len(problem.basic) <= 4
        assert len(problem.advanced) <= 4
        assert problem.symptom in SYMPTOMS
        assert set(problem.devices) <= DEVICES.keys() | GROUPS.keys() | {ANY}

    each(PROBLEMS.values(), check, lambda problem: problem.id)


def test_there_are_hundreds_of_problems_by_device() -> None:
    assert len(PROBLEMS) >= 60
    assert sum(len(knowledge.members(d)) if d != ANY else 1 for p in PROBLEMS.values() for d in p.devices) >= 200


def test_no_two_problems_claim_the_same_symptom_of_the_same_device() -> None:
    claims = Counter((p.symptom, device) for p in PROBLEMS.values() for device in p.devices)
    assert [claim for claim, times in claims.items() if times > 1] == []


def test_every_step_and_every_symptom_is_used() -> None:
    used = {step for problem in PROBLEMS.values() for step in (*problem.basic, *problem.advanced)}
    assert STEPS.keys() == used
    assert {problem.symptom for problem in PROBLEMS.values()} == SYMPTOMS.keys()


def test_every_device_has_something_to_do_when_it_does_not_work() -> None:
    lacking = [device for device in DEVICES if knowledge.find(knowledge.VAGUE, device) is None]
    assert lacking == []


def test_what_a_symptom_implies_is_a_device_it_is_known_of(each: Cases) -> None:
    def check(symptom: str) -> None:
        implied = SYMPTOMS[symptom].implies
        if implied:
            assert any(knowledge.find(symptom, member) for member in knowledge.members(implied))

    each(SYMPTOMS, check)


def test_a_guide_has_five_to_eight_steps(each: Cases) -> None:
    def check(case: tuple[Guide, str]) -> None:
        guide, language = case
        systems = SYSTEMS if guide.by_system else (ANY,)
        for system in systems:
            said = guide.sentences(language, system, "HP")
            assert 5 <= len(said) <= 8
            assert len(set(said)) == len(said)
            assert all("~" not in step and "{" not in step and len(step) <= LONGEST for step in said)

    each(list(product(GUIDES.values(), LANGUAGES)), check, in_language)


FAMILIES = {
    "keyboard": 50,
    "mouse": 40,
    "internet": 60,
    "printer": 50,
    "windows": 100,
    "hardware": 100,
    "software": 80,
    "network": 80,
    "security": 40,
    "advanced": 200,
    "general": 200,
}


@pytest.mark.parametrize(("family", "least"), FAMILIES.items())
def test_a_family_knows_enough_ways_to_say_it(family: str, least: int) -> None:
    known = {
        phrase
        for symptom in SYMPTOMS.values()
        if symptom.family == family
        for patterns in symptom.says.values()
        for pattern in patterns
        for phrase in expand(pattern)
    }
    assert least <= len(known) <= 60_000


def test_the_wired_keyboard_gets_other_steps_than_that_of_a_laptop() -> None:
    wired = knowledge.find(knowledge.VAGUE, "keyboard_usb")
    built_in = knowledge.find(knowledge.VAGUE, "keyboard_notebook")
    assert wired is not None and built_in is not None
    assert "kb_replug" in wired.basic
    assert not {"kb_replug", "kb_cable_look", "kb_other_pc"} & {*built_in.basic, *built_in.advanced}


def test_which_member_is_asked_only_where_it_makes_a_difference() -> None:
    assert knowledge.undecided("not_working", "keyboard") == (
        "keyboard_usb",
        "keyboard_wireless",
        "keyboard_notebook",
    )
    assert knowledge.undecided("paper_jam", "printing") == ()


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("revisa", "revisá"),
        ("conéctalo", "conectalo"),
        ("prueba", "probá"),
        ("ábrelo", "abrilo"),
        ("tienes", "tenés"),
        ("toques", "toques"),
        ("préndelas", "prendelas"),
    ],
)
def test_a_command_is_said_with_vos(word: str, said: str) -> None:
    assert vos(word) == said


def test_a_verb_that_changes_and_is_not_listed_is_refused() -> None:
    with pytest.raises(Broken):
        vos("calienta")


def test_what_is_not_whole_is_refused() -> None:
    step = {"es": ["uno", "dos", "tres"], "en": ["one", "two"]}
    with pytest.raises(Broken, match="three sentences"):
        steps({"any": {"steps": {"broken": step}}})
    with pytest.raises(Broken, match="twice"):
        entry = {"symptom": "slow", "devices": ["*"], "basic": [], "advanced": []}
        problems({"one": {"problems": {"same": entry}}, "two": {"problems": {"same": entry}}})
    with pytest.raises(Broken, match="must be said in"):
        groups({"devices": {}, "groups": {"odd": {"label": {"es": "raro"}, "icon": "?", "words": []}}})


AT_A_COMPUTER = re.compile(
    r"Windows|Win \+|Administrador de (?:tareas|dispositivos)|Task Manager|Device Manager|\bcmd\b"
)
NO_COMPUTERS = ("smart_tv", "samsung_tv", "fire_tv", "chromecast", "router")
OF_ANYTHING = "no_power on_and_off restarts slow freezes heat noise no_wifi no_internet not_working spill"


@pytest.mark.parametrize("device", NO_COMPUTERS)
@pytest.mark.parametrize("symptom", OF_ANYTHING.split())
def test_what_is_no_computer_is_not_looked_for_in_windows(device: str, symptom: str) -> None:
    problem = knowledge.find(symptom, device)
    assert problem is not None
    said = [text for step in problem.basic for text in STEPS[step].plain.values()]
    assert not [text for text in said if AT_A_COMPUTER.search(text)]


def test_what_is_urgent_is_known_of_any_device() -> None:
    urgent = [symptom.id for symptom in SYMPTOMS.values() if symptom.urgent]
    assert set(urgent) == {"burning", "spill"}
    assert all(knowledge.find(symptom, ANY) for symptom in urgent)
    assert all(STEPS[knowledge.find(symptom, ANY).basic[0]].care == "person" for symptom in urgent)  # type: ignore[union-attr]  # found above
