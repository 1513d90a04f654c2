"""Steps to try: the easy ones, then harder ones; none is shown twice. Help with a step, more simply, or a person."""

from __future__ import annotations

from collections.abc import Sequence

from bot.desks.it.flows import cases, helping
from bot.desks.it.knowledge import STEPS
from bot.desks.it.knowledge.entries import text_in
from bot.script.draft import Draft
from bot.script.flow import Row, Standing, State
from bot.script.phrases import title
from core.messages import Option

VERSION = 1
ALSO = helping
ASKED_TWICE = 2

OUTCOMES = ("solved", "persists", "step_help")

STATES = (
    State("basic", asks="did_it_work", expects="choice", options=OUTCOMES),
    State("advanced", asks="did_it_work", expects="choice", options=OUTCOMES),
    State("helping", asks="which_step", expects="choice", offers="kinds_of_help"),
    State("stuck", asks="shall_a_person_help", expects="yes_no", options=("yes", "no")),
    State("leaving", asks="before_you_go", expects="yes_no", options=("person", "close")),
    State("fixed", final=True),
    State("left", final=True),
)

TRYING = "basic advanced helping"
OPEN = f"{TRYING} stuck leaving"
HELPS = "help_1 help_2 help_3 help_4 step_help"

# fmt: off
ROWS = (
    # in             on                       goes to        when              doing
    Row("basic",     "begin",                 "advanced",    "wants_more",     "show_advanced"),
    Row("basic",     "begin",                 "basic",       "basic_left",     "show_basic"),
    Row("basic",     "begin",                 "advanced",    "advanced_left",  "show_advanced"),
    Row("basic",     "begin",                 "@escalation"),

    Row(OPEN,        "solved",                "fixed",       "",               "congratulate"),
    Row("basic advanced", "yes",              "fixed",       "",               "congratulate"),
    Row(TRYING,      "person",                "@escalation"),
    Row("stuck leaving", "person yes",        "@escalation", "",               "ask_for_person"),

    Row("basic",     HELPS,                   "stuck",       "helped_before",  "explain"),
    Row("advanced",  HELPS,                   "stuck",       "helped_before",  "explain"),
    Row("helping",   HELPS,                   "stuck",       "helped_before",  "explain"),
    Row("basic",     HELPS,                   "basic",       "step_named",     "explain"),
    Row("advanced",  HELPS,                   "advanced",    "step_named",     "explain"),
    Row("helping",   HELPS,                   "basic",       "step_named",     "explain"),
    Row("basic advanced", "step_help help",   "helping"),
    Row(TRYING,      "simpler",               "stuck",       "simplified",     "soften"),
    Row("basic helping", "simpler",           "basic",       "",               "say_simply"),
    Row("advanced",  "simpler",               "advanced",    "",               "say_simply"),

    Row(TRYING,      "more_tests",            "advanced",    "advanced_left",  "show_advanced"),
    Row(TRYING,      "persists no more_tests", "@escalation"),
    Row("stuck",     "no persists",           "basic",       "",               "go_on"),
    Row(TRYING,      "frustrated",            "stuck",       "",               "soften"),

    Row(TRYING,      "told trouble",          "@menu",       "another_problem", "turn_to_new"),
    Row(TRYING,      "told trouble",          "@escalation", "same_problem"),
    Row("basic helping", "told trouble",      "basic",       "",               "note"),
    Row("advanced",  "told trouble",          "advanced",    "",               "note"),
    Row(TRYING,      "howto",                 "@menu",       "",               "turn_to_new"),
    Row("stuck leaving", "told trouble howto", "@menu",      "another_problem", "turn_to_new"),
    Row(OPEN,        "rephrase menu restart back", "@menu",  "",               "begin_anew"),
    Row(TRYING,      "close farewell cancel", "leaving"),
    Row("stuck",     "close farewell cancel", "left",        "",               "say_farewell"),
    Row("leaving",   "close farewell cancel no thanks", "left", "",            "say_farewell"),
    Row("basic",     "photo",                 "basic",       "",               "look_at_photo"),
    Row("advanced",  "photo",                 "advanced",    "",               "look_at_photo"),
    Row("basic",     "enable_image",          "basic",       "",               "invite_photo"),
    Row("advanced",  "enable_image",          "advanced",    "",               "invite_photo"),
)
# fmt: on


# --- guards ---


def wants_more(draft: Draft) -> bool:
    return draft.intent == "more_tests" and advanced_left(draft)


def basic_left(draft: Draft) -> bool:
    return bool(cases.fresh(draft, "basic"))


def advanced_left(draft: Draft) -> bool:
    return bool(cases.fresh(draft, "advanced"))


def step_named(draft: Draft) -> bool:
    return _step(draft) != ""


def helped_before(draft: Draft) -> bool:
    """The second time that the same step needs help."""
    step = _step(draft)
    return bool(step) and int(cases.note(draft).get("helped", {}).get(step, 0)) + 1 >= ASKED_TWICE


def same_problem(draft: Draft) -> bool:
    """The customer repeats the problem: it is not solved yet."""
    return "symptom" in draft.guesses


def simplified(draft: Draft) -> bool:
    return bool(cases.note(draft).get("simply"))


def _step(draft: Draft) -> str:
    """The step that was asked about; "" when none was named."""
    shown, guess = cases.shown(draft), draft.guesses.get("step")
    number = int(guess.value) if guess else int(draft.intent[-1]) if draft.intent.startswith("help_") else 0
    return shown[number - 1] if 0 < number <= len(shown) else ""


# --- effects ---


def show_basic(draft: Draft) -> None:
    wrong = cases.symptom_label(draft)
    if "device" in draft.slots:
        draft.say("let_us_try", device=cases.device_label(draft), symptom=wrong)
    else:
        draft.say("let_us_try_any", symptom=wrong)
    _show(draft, "basic")


def show_advanced(draft: Draft) -> None:
    draft.say("let_us_try_more")
    _show(draft, "advanced")


def _show(draft: Draft, level: cases.Level) -> None:
    steps = cases.fresh(draft, level)
    cases.show(draft, steps)
    cases.change(draft, simply=False)
    draft.say("steps", steps=cases.listed(draft.language, steps))


def explain(draft: Draft) -> None:
    step = _step(draft)
    helped = dict(cases.note(draft).get("helped", {}))
    helped[step] = int(helped.get(step, 0)) + 1
    cases.change(draft, helped=helped)
    number = cases.shown(draft).index(step) + 1
    known = STEPS[step]
    text = known.help if helped[step] < ASKED_TWICE else known.simple
    draft.say("about_step", number=number, help=text_in(draft.language, text))


def note(draft: Draft) -> None:
    """A word aside: the brand, the system. The steps go on."""
    draft.say("noted")


def say_simply(draft: Draft) -> None:
    helping.soften(draft)
    cases.change(draft, simply=True)
    draft.say("more_simply", steps=cases.listed(draft.language, cases.shown(draft), simply=True))


def go_on(draft: Draft) -> None:
    draft.say("go_on_then", steps=cases.listed(draft.language, cases.shown(draft), simply=True))


def congratulate(draft: Draft) -> None:
    draft.say("solved", name=helping.name_of(draft))
    draft.forget(*draft.slots)


def ask_for_person(draft: Draft) -> None:
    draft.intent = "person"


# --- what is offered ---

TRIED_ON = {"kinds_of_help": cases.every_trial}


def kinds_of_help(standing: Standing) -> Sequence[Option]:
    names = [f"help_{n}" for n in range(1, len(cases.shown(standing)) + 1)]
    return [
        Option(name, title(standing.language, "diagnosis", name))
        for name in (*names, "simpler", "solved", "persists", "person", "rephrase")
    ]
