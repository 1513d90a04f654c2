"""The open case: its device, its symptom, and what is known of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import product
from typing import Any

from bot.channels import longest_title
from bot.desks.it import knowledge
from bot.desks.it.knowledge import COMMON, DEVICES, GROUPS, PROBLEMS, SYMPTOMS, VAGUE
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
DIGITS = ("1️⃣", "2️⃣", "3️⃣", "4️⃣", "5️⃣", "6️⃣", "7️⃣", "8️⃣")


def note(standing: Standing) -> dict[str, Any]:
    return dict(standing.notes.get(CASE) or {})


def change(draft: Draft, **what: Any) -> None:
    draft.notes[CASE] = {**note(draft), **what}


def put_aside(draft: Draft) -> None:
    """The problem is left; what was shown and tried for it is remembered."""
    kept = {name: note(draft).get(name, []) for name in ("shown", "tried", "others")}
    draft.notes[CASE] = {**kept, "first": len(kept["shown"])}


def names_another(draft: Draft) -> bool:
    """Whether this event names another device than the one that was told before."""
    told, known = draft.guesses.get("device"), given(draft.before, "device")
    return told is not None and bool(known) and not _overlaps(known, str(told.value))


def is_another(draft: Draft) -> bool:
    """Whether what was just told is of another device than what was being looked at."""
    before = device(draft.before)
    return not before or not device(draft) or not _overlaps(before, device(draft))


# --- which device ---


def given(standing: Standing, slot: str) -> str:
    known = standing.slots.get(slot)
    return str(known.value) if known else ""


def symptom(standing: Standing) -> str:
    """The symptom; for a known device with unknown words, “does not work”."""
    return given(standing, "symptom") or (VAGUE if given(standing, "details") and given(standing, "device") else "")


def device(standing: Standing) -> str:
    """The device that was named, or else the one that what is wrong implies."""
    named, wrong = given(standing, "device"), given(standing, "symptom")
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
    if GROUPS[where].ask and given(standing, "device") and not (found and set(found.devices) == {ANY}):
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
        told = {"device": where, "symptom": wrong, "details": told_more}
        yield {slot: Slot(value, SURE, "rules") for slot, value in told.items() if value}, {}


def every_trial() -> Iterator[Sample]:
    """Every problem, before its steps, with the easy ones tried, and with all of them tried."""
    for known in PROBLEMS.values():
        slots = {"device": known.devices[0], "symptom": known.symptom}
        told = {slot: Slot(value, SURE, "rules") for slot, value in slots.items() if value != ANY}
        for tried in ((), known.basic, known.basic + known.advanced):
            yield told, {CASE: {"shown": list(tried), "tried": list(tried)}}


def device_label(standing: Standing) -> str:
    where = device(standing)
    return text_in(standing.language, knowledge.named(where).label).lower() if where else ""


def symptom_label(standing: Standing) -> str:
    wrong = symptom(standing)
    return text_in(standing.language, SYMPTOMS[wrong].label) if wrong else ""


def labels(standing: Standing) -> str:
    """The device and what is wrong with it; "" when nothing is known."""
    return ": ".join(label for label in (device_label(standing), symptom_label(standing)) if label)


# --- what it comes to ---


def numbered(lines: Sequence[str]) -> str:
    return "\n\n".join(f"{DIGITS[place]} {line}" for place, line in enumerate(lines))
