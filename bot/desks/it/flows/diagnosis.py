"""Steps to try, one at a time, none of them twice: whether it helped, in other words, as it is done on another system.

After the last one, or when somebody asks for a person, a technician gets what was tried.
"""

from __future__ import annotations

from bot.desks.it.flows import cases, helping, steps
from bot.desks.it.knowledge import STEPS, SYSTEMS
from bot.desks.it.knowledge.entries import text_in
from bot.script.draft import Draft
from bot.script.flow import Row, State
from bot.script.forms import SURE
from core.reading import Guess

VERSION = 2
ALSO = helping
RENAMED = {"basic": "trying", "advanced": "trying", "helping": "trying"}

STATES = (
    State("trying", asks="did_it_work", expects="choice", options=("solved", "persists", "simpler")),
    State("advised", asks="shall_a_technician_see_it", expects="yes_no", options=("yes", "close")),
    State("stuck", asks="shall_a_person_help", expects="yes_no", options=("yes", "no")),
    State("leaving", asks="before_you_go", expects="yes_no", options=("person", "close")),
    State("fixed", final=True),
    State("left", final=True),
)

OPEN = "trying advised stuck leaving"
UNCLEAR = "simpler step_help help"
FAILED = "persists no more_tests"
FEWEST_WORDS, LONGEST = 3, 800
MOST_NOTES = 2
"""So many lines that nobody understands are only noted; then help is offered."""

# fmt: off
ROWS = (
    # in             on                       goes to        when              doing
    Row("trying",    "begin",                 "advised",     "urgent step_left", "advise"),
    Row("trying",    "begin",                 "trying",      "step_left",      "begin_trying"),
    Row("trying",    "begin",                 "@escalation"),

    Row(OPEN,        "solved",                "fixed",       "",               "congratulate"),
    Row("trying",    "yes",                   "fixed",       "",               "congratulate"),
    Row("trying",    "person",                "@escalation"),
    Row("advised stuck leaving", "person yes", "@escalation", "",              "ask_for_person"),

    Row("trying",    UNCLEAR,                 "stuck",       "explained_before", "soften"),
    Row("trying",    UNCLEAR,                 "trying",      "",               "soften explain"),
    Row("trying",    FAILED,                  "trying",      "step_left",      "try_next"),
    Row("trying",    FAILED,                  "@escalation", "",               "note_failure"),
    Row("stuck",     "no persists more_tests", "trying",     "step_left",      "try_next"),
    Row("stuck",     "no persists more_tests", "@escalation", "",              "note_failure"),
    Row("trying",    "frustrated",            "stuck",       "",               "soften"),

    Row("trying",    "told trouble",          "@menu",       "another_problem", "turn_to_new"),
    Row("trying",    "told trouble",          "trying",      "same_problem step_left", "try_next"),
    Row("trying",    "told trouble",          "@escalation", "same_problem",   "note_failure"),
    Row("trying",    "told trouble",          "trying",      "done_otherwise", "say_as_done_there"),
    Row("trying",    "told trouble",          "trying",      "does_not_fit step_left", "fit"),
    Row("trying",    "told trouble",          "@escalation", "does_not_fit"),
    Row("trying",    "told trouble",          "trying",      "",               "note"),
    Row("trying",    "unclear",               "trying",      "tells_more",     "keep_words"),
    Row("trying",    "howto",                 "@menu",       "",               "turn_to_new"),
    Row("advised stuck leaving", "told trouble howto", "@menu", "another_problem", "turn_to_new"),
    Row("advised",   "told trouble persists unclear help simpler", "advised", "", "advise_again"),
    Row("advised",   "photo",                 "advised",     "",               "look_at_photo"),
    Row(OPEN,        "rephrase menu restart back", "@menu",  "",               "begin_anew"),
    Row("trying",    "close farewell cancel", "leaving"),
    Row("advised",   "close farewell cancel no thanks", "left", "",            "say_farewell"),
    Row("stuck",     "close farewell cancel", "left",        "",               "say_farewell"),
    Row("leaving",   "close farewell cancel no thanks", "left", "",            "say_farewell"),
    Row("trying",    "photo",                 "trying",      "",               "look_at_photo"),
    Row("trying",    "enable_image",          "trying",      "",               "invite_photo"),
)
# fmt: on


# --- guards ---


def urgent(draft: Draft) -> bool:
    return cases.urgent(draft)


def step_left(draft: Draft) -> bool:
    return steps.following(draft) != ""


def explained_before(draft: Draft) -> bool:
    return _asked_about(draft) in cases.note(draft).get("helped", {})


def same_problem(draft: Draft) -> bool:
    """The customer repeats the problem, and asks nothing: it is not solved yet."""
    return "symptom" in draft.guesses and not draft.answers


def done_otherwise(draft: Draft) -> bool:
    """The step in hand is done in another way on the system that was just told."""
    known = steps.on_system(draft, steps.in_hand(draft)) if steps.in_hand(draft) else None
    return "system" in draft.taken and known is not None and known is not STEPS[known.id]


def does_not_fit(draft: Draft) -> bool:
    """The step in hand is none of the device or the system that was just told."""
    return bool({"system", "device"} & {*draft.taken}) and steps.in_hand(draft) not in steps.path(draft)


def tells_more(draft: Draft) -> bool:
    """Words that nobody knows may matter to the technician."""
    told = draft.event.kind == "text" and len(draft.event.text.split()) >= FEWEST_WORDS
    return told and not draft.said and draft.misses < MOST_NOTES


def _asked_about(draft: Draft) -> str:
    """The step that was asked about: by its number, or else the one in hand."""
    guess, shown = draft.guesses.get("step"), steps.of_case(draft)
    number = int(guess.value) if guess else 0
    return shown[number - 1] if 0 < number <= len(shown) else steps.in_hand(draft)


# --- effects ---


def begin_trying(draft: Draft) -> None:
    wrong = cases.symptom_label(draft)
    if draft.woken and not (draft.said or draft.answers):
        draft.say("hello_there", name=helping.name_of(draft))
    if "device" in draft.slots:
        draft.say("let_us_try", device=cases.device_label(draft), symptom=wrong)
    else:
        draft.say("let_us_try_any", symptom=wrong)
    _show_next(draft)


def advise(draft: Draft) -> None:
    """All of it at once: every second counts."""
    draft.said.clear()
    while step := steps.following(draft):
        steps.take(draft, step)
        draft.say("step", step=steps.said(draft, step))


def advise_again(draft: Draft) -> None:
    """Say once more what matters most; anything told meanwhile is a part of the case."""
    first = STEPS[steps.of_case(draft)[0]]
    draft.say("step", step=text_in(draft.language, first.plain))


def try_next(draft: Draft) -> None:
    steps.failed(draft)
    helping.soften(draft)
    draft.say("something_else")
    _show_next(draft)


def fit(draft: Draft) -> None:
    draft.say("then_rather")
    _show_next(draft)


def say_as_done_there(draft: Draft) -> None:
    draft.say("done_there", system=text_in(draft.language, SYSTEMS[cases.given(draft, "system")].label))
    draft.say("step", step=steps.said(draft, steps.in_hand(draft)))


def _show_next(draft: Draft) -> None:
    """The next step, together with any warning before it."""
    while step := steps.following(draft):
        steps.take(draft, step)
        draft.say("step", step=steps.said(draft, step))
        if not STEPS[step].warns:
            return


def note_failure(draft: Draft) -> None:
    steps.failed(draft)


def explain(draft: Draft) -> None:
    """In other words, with what helps; a second time, somebody is offered instead."""
    step = _asked_about(draft)
    cases.change(draft, helped={**cases.note(draft).get("helped", {}), step: 1})
    known = steps.on_system(draft, step) or STEPS[step]
    simple, more = (text_in(draft.language, text) for text in (known.simple, known.help))
    draft.say("in_other_words", number=steps.digit(draft, step), simple=simple, help=more)


def note(draft: Draft) -> None:
    """A word aside: the brand. The step stands."""
    if not draft.answers:
        draft.say("noted")


def keep_words(draft: Draft) -> None:
    guess = Guess(draft.event.text[:LONGEST], SURE, "told aside")
    draft.slots = helping.FORM.fill(draft.slots, {"problem": guess}).slots
    draft.say("noted")


def congratulate(draft: Draft) -> None:
    draft.say("solved", name=helping.name_of(draft))
    helping.end_case(draft)


def ask_for_person(draft: Draft) -> None:
    draft.intent = "person"
