"""The open case: device, symptom, steps already shown, and steps tried before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import product
from typing import Any, Literal

from bot.channels import longest_title
from bot.desks.it import knowledge
from bot.desks.it.knowledge import COMMON, DEVICES, GROUPS, PROBLEMS, STEPS, SYMPTOMS, VAGUE
from bot.desks.it.knowledge.entries import ANY, Device, Problem, text_in
from bot.script.draft import Draft
from bot.script.flow import Sample, Standing
from bot.script.forms import SURE
from bot.script.notes import CASE
from core.limits import length
from core.messages import Option
from core.session import Slot

MOST_CHOICES = 9
PERIPHERALS = ("keyboard", "mouse", "printing", "webcam", "audio", "storage")
Level = Literal["basic", "advanced"]
DIGITS = ("1️⃣", "2️⃣", "3️⃣", "4️⃣", "5️⃣", "6️⃣", "7️⃣", "8️⃣")


def note(standing: Standing) -> dict[str, Any]:
    return dict(standing.notes.get(CASE) or {})


def change(draft: Draft, **what: Any) -> None:
    draft.notes[CASE] = {**note(draft), **what}


def put_aside(draft: Draft) -> None:
    """The problem is left; what was tried for it is remembered."""
    draft.notes[CASE] = {"tried": note(draft).get("tried", [])}


# --- which device ---


def _given(standing: Standing, slot: str) -> str:
    known = standing.slots.get(slot)
    return str(known.value) if known else ""


def symptom(standing: Standing) -> str:
    """The symptom; for a known device with unknown words, “does not work”."""
    return _given(standing, "symptom") or (VAGUE if _given(standing, "details") and _given(standing, "device") else "")


def device(standing: Standing) -> str:
    """The device that was named, or else the one that what is wrong implies."""
    named, wrong = _given(standing, "device"), _given(standing, "symptom")
    implied = SYMPTOMS[wrong].implies if wrong else ""
    if named and wrong and implied and knowledge.find(wrong, named) is None and not _overlaps(named, implied):
        return implied
    return named or implied


def _overlaps(one: str, other: str) -> bool:
    return bool(set(knowledge.members(one)) & set(knowledge.members(other)))


def problem(standing: Standing) -> Problem | None:
    """The knowledge entry for the symptom; a device without a matching entry gets the one for “does not work”."""
    where, wrong = device(standing), symptom(standing)
    if not wrong:
        return None
    return knowledge.find(wrong, where or ANY) or (knowledge.find(VAGUE, where) if where else None)


def device_doubtful(draft: Draft) -> bool:
    """The device was only guessed among others like it, and it makes a difference."""
    known = draft.slots.get("device")
    return (
        known is not None
        and not urgent(draft)
        and known.confidence < SURE
        and bool(knowledge.undecided(symptom(draft), knowledge.group_of(str(known.value))))
    )


def device_open(draft: Draft) -> bool:
    return bool(symptom(draft)) and not urgent(draft) and bool(choices(draft))


def urgent(standing: Standing) -> bool:
    """Something burns, or is wet: every second counts."""
    wrong = symptom(standing)
    return bool(wrong) and SYMPTOMS[wrong].urgent


def choices(standing: Standing) -> tuple[str, ...]:
    """The devices to choose among; none when what is known is enough."""
    where, wrong = device(standing), symptom(standing)
    if not where:
        return () if wrong and knowledge.find(wrong, ANY) else _common(wrong)
    if where not in GROUPS:
        return ()
    found = knowledge.find(wrong, where) if wrong else None
    if GROUPS[where].ask and _given(standing, "device") and not (found and set(found.devices) == {ANY}):
        return GROUPS[where].members
    return knowledge.undecided(wrong, where)


def _common(wrong: str) -> tuple[str, ...]:
    known = knowledge.suffering(wrong)
    return known if known and len(known) <= MOST_CHOICES else COMMON


def offered_devices(standing: Standing) -> Sequence[Option]:
    return _options(standing.language, (choices(standing) or COMMON)[:MOST_CHOICES])


def offered_peripherals(standing: Standing) -> Sequence[Option]:
    return _options(standing.language, PERIPHERALS)


def _options(language: str, names: tuple[str, ...]) -> tuple[Option, ...]:
    return _fitting(language, names, longest_title(len(names)))


@cache
def _fitting(language: str, names: tuple[str, ...], most: int) -> tuple[Option, ...]:
    """Each device with its icon; by its short label where the whole one does not fit what is pressed."""
    return tuple(_option(language, name, most) for name in names)


def _option(language: str, name: str, most: int) -> Option:
    known = knowledge.named(name)
    if not isinstance(known, Device):
        return Option(f"device={name}", _title(known.icon, text_in(language, known.label)))
    whole, short = (_title(known.icon, text_in(language, text)) for text in (known.label, known.short))
    return Option(f"device={name}", whole if length(whole) <= most else short, text_in(language, known.about))


def _title(icon: str, label: str) -> str:
    return f"{icon} {label[0].upper()}{label[1:]}"


def every_case() -> Iterator[Sample]:
    """Every device, group and symptom together, with and without further words: what an offer may depend on."""
    for where, wrong, told_more in product((*DEVICES, *GROUPS, ""), (*SYMPTOMS, ""), ("", "x")):
        given = {"device": where, "symptom": wrong, "details": told_more}
        yield {slot: Slot(value, SURE, "rules") for slot, value in given.items() if value}, {}


def every_trial() -> Iterator[Sample]:
    """Every problem, before its steps, with the easy ones shown, and with all of them shown."""
    for known in PROBLEMS.values():
        slots = {"device": known.devices[0], "symptom": known.symptom}
        given = {slot: Slot(value, SURE, "rules") for slot, value in slots.items() if value != ANY}
        for shown, tried in (((), ()), (known.basic, known.basic), (known.advanced, known.basic + known.advanced)):
            yield given, {CASE: {"shown": list(shown), "tried": list(tried)}}


def device_label(standing: Standing) -> str:
    where = device(standing)
    return text_in(standing.language, knowledge.named(where).label).lower() if where else ""


def symptom_label(standing: Standing) -> str:
    wrong = symptom(standing)
    return text_in(standing.language, SYMPTOMS[wrong].label) if wrong else ""


# --- steps ---


def fresh(draft: Draft, level: Level) -> list[str]:
    """The steps of a level that were not tried yet."""
    known = problem(draft)
    tried = note(draft).get("tried", [])
    every = () if known is None else known.basic if level == "basic" else known.advanced
    return [step for step in every if step not in tried]


def show(draft: Draft, steps: Sequence[str]) -> None:
    """These are the steps in hand from now on, and count as tried."""
    tried = note(draft).get("tried", [])
    change(draft, shown=list(steps), tried=[*tried, *steps], helped={})


def shown(standing: Standing) -> list[str]:
    """The steps in hand, leaving out those that a newer knowledge no longer has."""
    return [step for step in note(standing).get("shown", []) if step in STEPS]


def listed(language: str, steps: Sequence[str], *, simply: bool = False) -> str:
    """The steps as a numbered list."""
    texts = [STEPS[step].simple if simply else STEPS[step].plain for step in steps]
    return numbered([text_in(language, text) for text in texts])


def numbered(lines: Sequence[str]) -> str:
    return "\n\n".join(f"{DIGITS[place]} {line}" for place, line in enumerate(lines))
