"""The reception of the IT help desk: the privacy notice, the language, and a name.

Anything told meanwhile is kept: a customer who begins with a problem is not asked for it again.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.desks.it import settings
from bot.desks.it.flows import helping
from bot.script.draft import Draft
from bot.script.flow import Row, State
from bot.script.notes import VISITOR

VERSION = 1
ALSO = helping
MOST_TRIES = 5
AWAITED = "person_awaited"
"""A note: a person was asked for, and comes as soon as it is known who asks."""

STATES = (
    State("consenting", asks="privacy", shows="policy", expects="yes_no", options=("accept", "decline")),
    State("choosing_language", asks="language", expects="choice", options=("spanish_ar", "spanish_419", "english")),
    State("naming", asks="your_name", expects="slot", slot="name", options=("no_name",)),
    State("declined", final=True),
)

ALL = "consenting choosing_language naming"
ELSEWHERE = "menu restart back rephrase more_tests persists simpler step_help need_told enable_image confirm_ticket"
NO_NAME = "not_a_name told howto trouble yes no accept greeting"
SPANISH, LATIN = "spanish spanish_ar", "spanish_419"

# fmt: off
ROWS = (
    # in                     on                     goes to              when                 doing
    Row("consenting",        "begin",               "naming",            "agreed",            "keep_told"),
    Row("consenting",        "begin",               "consenting",        "asks_for_person",   "welcome tell_contact"),
    Row("consenting",        "begin",               "consenting",        "",                  "welcome keep_told"),
    Row("consenting",        "yes accept",          "choosing_language", "",                  "note_consent"),
    Row("consenting",        "no decline close",    "declined",          "",                  "let_go"),
    Row("consenting",        "trouble howto told",  "consenting",        "",                  "keep_told consent_first"),
    Row("consenting",        "photo",               "consenting",        "",                  "consent_first"),

    Row("choosing_language", SPANISH,               "naming",            "",                  "speak_like_here"),
    Row("choosing_language", LATIN,                 "naming",            "",                  "speak_neutral"),
    Row("choosing_language", "english",             "naming",            "",                  "speak_english"),
    Row("choosing_language", "trouble howto told",  "choosing_language", "",                  "keep_told note_told"),

    Row("naming",            "begin told",          "@escalation",       "named person_awaited", "greet_by_name pass_on"),
    Row("naming",            "no_name decline",     "@escalation",       "person_awaited",    "go_on_unnamed pass_on"),
    Row("naming",            "begin told",          "@menu",             "named",             "greet_by_name"),
    Row("naming",            "no_name decline",     "@menu",             "",                  "go_on_unnamed"),
    Row("naming",            NO_NAME,               "@menu",             "tried_enough",      "call_them_user"),
    Row("naming",            NO_NAME,               "naming",            "",                  "refuse_name"),

    Row("choosing_language naming", "close farewell", "declined",        "",                  "say_farewell"),
    Row("consenting",        "farewell",            "declined",          "",                  "say_farewell"),
    Row(ALL,                 "person",              "consenting",        "not_agreed",        "tell_contact"),
    Row("choosing_language", "person",              "choosing_language", "",                  "soon_a_person"),
    Row("naming",            "person",              "naming",            "",                  "soon_a_person"),
    Row("consenting",        f"greeting frustrated solved {ELSEWHERE}", "consenting"),
    Row("choosing_language", f"greeting frustrated solved {ELSEWHERE}", "choosing_language"),
    Row("naming",            f"frustrated solved {ELSEWHERE}", "naming"),
)
# fmt: on


# --- guards ---


def agreed(draft: Draft) -> bool:
    return "consent_at" in helping.visitor(draft)


def asks_for_person(draft: Draft) -> bool:
    return draft.intent == "person"


def not_agreed(draft: Draft) -> bool:
    return not agreed(draft)


def named(draft: Draft) -> bool:
    return "name" in draft.slots


def person_awaited(draft: Draft) -> bool:
    return bool(draft.notes.get(AWAITED))


def tried_enough(draft: Draft) -> bool:
    return int(helping.visitor(draft).get("tries", 0)) + 1 >= MOST_TRIES


# --- effects ---


def welcome(draft: Draft) -> None:
    draft.say(f"good_{helping.part_of_day(draft)}", desk=draft.before.desk.name)
    note_told(draft)


def keep_told(draft: Draft) -> None:
    """A name that was said along with a problem is known; it is not asked for again."""
    if "name" in draft.slots and agreed(draft):
        helping.remember(draft, name=draft.value("name"))


def note_told(draft: Draft) -> None:
    if {"symptom", "device", "topic"} & set(draft.taken):
        draft.say("kept_for_later")


def consent_first(draft: Draft) -> None:
    draft.say("kept_until_agreed" if draft.taken else "agree_first")


def note_consent(draft: Draft) -> None:
    helping.remember(draft, consent_at=draft.now.isoformat())


def let_go(draft: Draft) -> None:
    draft.notes.pop(VISITOR, None)
    draft.forget(*draft.slots)
    draft.say("declined", contact=_contact(draft))


def tell_contact(draft: Draft) -> None:
    _await_person(draft)
    draft.say("person_before_consent", contact=_contact(draft))


def soon_a_person(draft: Draft) -> None:
    _await_person(draft)
    draft.say("person_after_name")


def _await_person(draft: Draft) -> None:
    draft.notes[AWAITED] = True


def pass_on(draft: Draft) -> None:
    """Continue with the request that the visitor made before the reception."""
    draft.notes.pop(AWAITED)
    draft.intent = "person"


def speak_like_here(draft: Draft) -> None:
    own = draft.before.desk.language
    draft.language = own if own.startswith("es") and own != "es-419" else "es-AR"


def speak_neutral(draft: Draft) -> None:
    draft.language = "es-419"


def speak_english(draft: Draft) -> None:
    draft.language = "en"


def greet_by_name(draft: Draft) -> None:
    name = draft.value("name")
    helping.remember(draft, name=name)
    draft.use_up("name")
    draft.say("nice_to_meet", name=name)


def go_on_unnamed(draft: Draft) -> None:
    helping.remember(draft, name="")
    draft.say("no_name_needed")


def call_them_user(draft: Draft) -> None:
    helping.remember(draft, name=_USER[draft.language[:2]])
    draft.say("go_on_without")


_USER = {"es": "Usuario", "en": "User"}


def refuse_name(draft: Draft) -> None:
    helping.remember(draft, tries=int(helping.visitor(draft).get("tries", 0)) + 1)
    draft.say("kept_but_name" if "problem" in draft.slots and draft.taken else "not_a_name")


def _contact(draft: Draft) -> str:
    return settings.of(draft).contact


# --- what the questions show ---


def policy(draft: Draft) -> Mapping[str, object]:
    return {"policy": settings.of(draft).policy}
