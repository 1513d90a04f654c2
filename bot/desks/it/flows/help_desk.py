"""The IT help desk: what is needed, of which device, and where that leads: to steps, to a guide, or to a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.desks.it import knowledge
from bot.desks.it.flows import cases, helping
from bot.script.draft import Draft
from bot.script.flow import Row, Standing, State
from bot.script.forms import confirmed
from bot.script.notes import CASE, VISITOR
from core.messages import Option
from core.session import Slot

VERSION = 1
ALSO = helping

QUICK = ("symptom=no_power", "symptom=no_internet", "symptom=slow", "symptom=freezes", "peripherals", "symptom=virus")

STATES = (
    State("problem", asks="tell_problem", expects="slot", slot="problem", options=(*QUICK, "question")),
    State("choosing_need", asks="problem_or_question", shows="device", expects="choice", options=("need=problem", "need=howto")),
    State("choosing_device", asks="which_device", expects="choice", slot="device", offers="devices"),
    State("choosing_peripheral", asks="which_device", expects="choice", slot="device", offers="peripherals"),
    State("confirming_device", asks="is_it_this", shows="device", expects="yes_no", slot="device", options=("yes", "no")),
    State("describing", asks="what_happens", shows="device", expects="slot", slot="details"),
    State("rested", final=True),
    State("cancelled", final=True),
    State("timed_out", final=True),
    State("closed", final=True),
)  # fmt: skip

ASKING = "problem choosing_need choosing_device choosing_peripheral confirming_device describing"
TOLD = "begin told trouble howto need_told"
ANYTHING = (
    f"{TOLD} greeting yes no person close menu restart back rephrase help thanks farewell cancel consult_tickets "
    "photo frustrated solved persists step_help simpler more_tests peripherals question enable_image accept decline "
    "no_name confirm_ticket"
)

# fmt: off
ROWS = (
    # in                   on                      goes to             when                 doing
    Row("problem",         ANYTHING,               "@reception",       "stranger"),
    Row("problem",         "yes no thanks farewell accept solved", "rested", "just_woken",  "say_farewell"),

    Row(ASKING,            "consult_tickets",      "@tickets"),
    Row(ASKING,            TOLD,                   "@guide",           "wants_guide",       "soften"),
    Row(ASKING,            TOLD,                   "confirming_device", "device_doubtful",  "soften understand"),
    Row(ASKING,            TOLD,                   "choosing_device",  "device_open",       "soften understand"),
    Row(ASKING,            TOLD,                   "@diagnosis",       "diagnosable",       "soften"),
    Row(ASKING,            TOLD,                   "choosing_need",    "need_unclear",      "soften"),
    Row(ASKING,            TOLD,                   "describing",       "device_known",      "soften"),
    Row(ASKING,            "told trouble need_told", "problem",        "problem_wished",    "soften"),
    Row("problem",         "told",                 "problem",          "introduced",        "meet"),
    Row("problem",         "begin greeting menu restart back", "problem", "",               "greet"),

    Row("problem choosing_device", "peripherals",  "choosing_peripheral"),
    Row("problem",         "question",             "@guide",           "",                  "note_question"),
    Row("confirming_device", "yes accept",         "@diagnosis",       "",                  "accept_device"),
    Row("confirming_device", "no decline",         "choosing_device",  "",                  "widen_device"),
    Row("choosing_need",   "question",             "@guide",           "",                  "note_question"),

    Row(ASKING,            "menu restart back rephrase no", "problem", "",                  "begin_anew"),
    Row(ASKING,            "person confirm_ticket", "@escalation"),
    Row(ASKING,            "more_tests persists step_help simpler", "@escalation", "in_hand"),
    Row(ASKING,            "close farewell cancel", "closed",          "",                  "say_farewell end_visit"),
    Row(ASKING,            "solved",               "closed",           "",                  "congratulate end_visit"),
    Row("problem",         "frustrated",           "problem",          "",                  "soften offer_person"),
    Row("describing",      "frustrated",           "describing",       "",                  "soften offer_person"),
    Row("problem describing", "enable_image",      "problem",          "nothing_known",     "invite_photo"),
    Row("describing",      "enable_image",         "describing",       "",                  "invite_photo"),
    Row(ASKING,            "photo",                "problem",          "nothing_known",     "look_at_photo"),
    Row("describing",      "photo",                "describing",       "",                  "look_at_photo"),
    Row("choosing_device", "photo",                "choosing_device",  "",                  "look_at_photo"),
)
# fmt: on


# --- guards ---


def just_woken(draft: Draft) -> bool:
    """A last word after everything was said."""
    return draft.woken and not draft.taken


def wants_guide(draft: Draft) -> bool:
    return draft.value("need") == "howto" and not draft.value("symptom")


def device_doubtful(draft: Draft) -> bool:
    return cases.device_doubtful(draft)


def device_open(draft: Draft) -> bool:
    return cases.device_open(draft)


def diagnosable(draft: Draft) -> bool:
    return cases.problem(draft) is not None


def need_unclear(draft: Draft) -> bool:
    return "device" in draft.slots and "need" not in draft.slots


def device_known(draft: Draft) -> bool:
    return "device" in draft.slots


def problem_wished(draft: Draft) -> bool:
    return "need" in draft.slots


def introduced(draft: Draft) -> bool:
    return "name" in draft.taken


def nothing_known(draft: Draft) -> bool:
    return not cases.device(draft)


def in_hand(draft: Draft) -> bool:
    return bool(cases.note(draft).get("shown"))


# --- effects ---


def greet(draft: Draft) -> None:
    if draft.woken and not draft.said:
        key = "what_is_up" if "onda" in draft.event.text.lower() else f"hello_{helping.part_of_day(draft)}"
        draft.say(key, name=helping.name_of(draft))
        if VISITOR not in draft.before.notes:
            draft.say("i_am", desk=draft.before.desk.name)
    elif draft.intent in ("menu", "restart", "back"):
        draft.forget(*draft.slots)


def meet(draft: Draft) -> None:
    """A name that was told by itself is used from now on."""
    name = draft.value("name")
    helping.remember(draft, name=name)
    draft.use_up("name")
    draft.say("nice_to_meet", name=name)


def understand(draft: Draft) -> None:
    if cases.symptom(draft) and not draft.said:
        draft.say("understood", symptom=cases.symptom_label(draft))


def note_question(draft: Draft) -> None:
    draft.slots["need"] = Slot("howto", 100, "pressed")


def accept_device(draft: Draft) -> None:
    draft.slots["device"] = confirmed(draft.slots["device"])


def widen_device(draft: Draft) -> None:
    """Not that one: all of its group are offered."""
    group = knowledge.group_of(cases.device(draft))
    draft.slots["device"] = Slot(group, 100, "confirmed")


def congratulate(draft: Draft) -> None:
    draft.say("solved", name=helping.name_of(draft))


def end_visit(draft: Draft) -> None:
    helping.end_case(draft)
    draft.notes.pop(CASE, None)


# --- what is offered and shown ---

TRIED_ON = {"devices": cases.every_case, "peripherals": cases.every_case}


def devices(standing: Standing) -> Sequence[Option]:
    return cases.offered_devices(standing)


def peripherals(standing: Standing) -> Sequence[Option]:
    return cases.offered_peripherals(standing)


def device(draft: Draft) -> Mapping[str, object]:
    return {"device": cases.device_label(draft)}
