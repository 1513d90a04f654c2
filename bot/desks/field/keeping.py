"""Naming what was kept, so that a mistake is seen at once: “Anoté la dirección …”."""

from __future__ import annotations

from bot.desks.field.understanding import gist
from bot.script.draft import Draft
from bot.script.phrases import phrase

NAMED = ("employee_number", "address", "location", "urgent")
"""Slots that are named besides the problem; a code is shown with its equipment."""


OTHERS = "others"
"""Note, list of code and problem: more equipment that was told at once, each to be reported by itself."""


def name_kept(draft: Draft, key: str) -> bool:
    """Name what this message told, the problem by the sentence `key`. False when it told nothing that has a name."""
    if several(draft):
        return True
    if "problem" in draft.taken:
        draft.say(key, problem=gist.of(str(draft.value("problem"))))
    told = [name for name in NAMED if name in draft.taken and not (name == "location" and "address" in draft.taken)]
    if told:
        draft.say("noted_things", what=", ".join(_named(draft, name) for name in told))
    return bool(told) or "problem" in draft.taken


def summary(draft: Draft) -> str:
    """The problem, and that it is urgent where that was told and is not in its words already."""
    problem, urgent = str(draft.value("problem") or ""), str(draft.value("urgent") or "")
    return f"{problem}; {urgent}" if urgent and urgent.lower() not in problem.lower() else problem


def several(draft: Draft) -> bool:
    """Keep the other equipment that was told at once, and say that each gets a report of its own."""
    told = draft.guesses.pop(OTHERS, None)
    if told is None or draft.value("sap_code") is None:
        return False
    draft.notes[OTHERS] = [each for each in told.value if each[0] != draft.value("sap_code")]
    first = (str(draft.value("sap_code")), str(draft.value("problem") or ""))
    lines = "\n".join(f"❄️ *{code}*: {gist.of(problem) or '—'}" for code, problem in (first, *draft.notes[OTHERS]))
    draft.say("several", count=1 + len(draft.notes[OTHERS]), lines=lines)
    return True


def _named(draft: Draft, slot: str) -> str:
    return phrase(draft.language, draft.before.desk.menu, f"kept_{slot}", value=draft.value(slot))
