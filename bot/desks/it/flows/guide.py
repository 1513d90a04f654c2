"""How to install, connect or set something up: for the right operating system, with help by step."""

from __future__ import annotations

from bot.desks.it import knowledge
from bot.desks.it.flows import cases, helping
from bot.desks.it.knowledge import GENERIC_GUIDE, GUIDES
from bot.desks.it.knowledge.entries import Guide, text_in
from bot.script.draft import Draft
from bot.script.flow import Row, State
from bot.script.phrases import phrase

VERSION = 1
ALSO = helping

STATES = (
    State("asking_topic", asks="what_to_do", expects="slot", slot="details"),
    State("choosing_system", asks="which_system", expects="choice", options=("system=windows", "system=macos", "system=linux")),
    State("guiding", asks="did_it_work", expects="choice", options=("solved", "persists", "person")),
    State("done", final=True),
    State("left", final=True),
)  # fmt: skip

ALL = "asking_topic choosing_system guiding"

# fmt: off
ROWS = (
    # in               on                        goes to            when                doing
    Row(ALL,           "told trouble",           "@menu",           "another_problem",  "turn_to_new"),
    Row("asking_topic", "begin told howto trouble need_told", "asking_topic", "topic_unknown"),
    Row("asking_topic", "begin told howto trouble need_told", "choosing_system", "system_unknown"),
    Row("asking_topic", "begin told howto trouble need_told", "guiding", "",            "show_guide"),
    Row("choosing_system", "told howto trouble", "choosing_system", "system_unknown"),
    Row("choosing_system", "told howto trouble", "guiding",         "",                 "show_guide"),
    Row("guiding",     "howto",                  "asking_topic",    "topic_unknown"),
    Row("guiding",     "howto",                  "choosing_system", "system_unknown"),
    Row("guiding",     "howto",                  "guiding",         "another_question", "show_guide"),

    Row("guiding",     "told trouble",           "guiding",         "",                 "show_guide"),

    Row("guiding",     "step_help",              "guiding",         "step_named",       "explain"),
    Row("guiding",     "step_help simpler help", "guiding",         "",                 "which_step"),
    Row(ALL,           "solved",                 "done",            "",                 "congratulate"),
    Row("guiding",     "yes thanks",             "done",            "",                 "congratulate"),
    Row("guiding",     "persists no more_tests", "@escalation"),
    Row(ALL,           "person",                 "@escalation"),
    Row(ALL,           "rephrase menu restart back", "@menu",       "",                 "begin_anew"),
    Row(ALL,           "close farewell cancel",  "left",            "",                 "say_farewell"),
    Row("asking_topic choosing_system", "frustrated", "asking_topic", "",               "soften offer_person"),
    Row("guiding",     "frustrated",             "@escalation",     "",                 "soften"),
    Row("asking_topic", "photo",                 "asking_topic",    "",                 "look_at_photo"),
    Row("guiding",     "photo",                  "guiding",         "",                 "look_at_photo"),
    Row("asking_topic", "enable_image",          "asking_topic",    "",                 "invite_photo"),
)
# fmt: on


# --- guards ---


def topic_unknown(draft: Draft) -> bool:
    return _guide(draft) is None


def system_unknown(draft: Draft) -> bool:
    guide = _guide(draft)
    return guide is not None and guide.by_system and "system" not in draft.slots


def step_named(draft: Draft) -> bool:
    return 0 < _number(draft) <= len(_steps(draft))


def _guide(draft: Draft) -> Guide | None:
    """The guide to what was asked; the one that fits everything when nothing else does."""
    device = draft.value("device")
    topic = draft.value("topic") or (knowledge.guide_for(str(device)) if device else "")
    if not topic and (device or draft.value("details") or draft.value("problem")):
        topic = GENERIC_GUIDE
    return GUIDES[topic] if topic else None


def _steps(draft: Draft) -> tuple[str, ...]:
    guide = _guide(draft)
    if guide is None:
        return ()
    brand = draft.value("brand") or phrase(draft.language, "guide", "the_maker")
    return guide.sentences(draft.language, str(draft.value("system") or ""), brand)


def _number(draft: Draft) -> int:
    guess = draft.guesses.get("step")
    return int(guess.value) if guess else 0


# --- effects ---


def show_guide(draft: Draft) -> None:
    guide = _guide(draft) or GUIDES[GENERIC_GUIDE]
    cases.change(draft, guide=guide.id)
    draft.said.clear()
    draft.say("here_is_how", topic=text_in(draft.language, guide.label), steps=cases.numbered(_steps(draft)))


def explain(draft: Draft) -> None:
    number = _number(draft)
    draft.say("about_guide_step", number=number, step=_steps(draft)[number - 1])


def which_step(draft: Draft) -> None:
    draft.say("name_the_step")


def congratulate(draft: Draft) -> None:
    draft.say("solved", name=helping.name_of(draft))
    helping.end_case(draft)
