"""Equipment without a code: found by the words of a shop, an address or a model, or by what was reported before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from bot.channels import longest_title
from bot.desks.field import alike
from bot.script.draft import Draft
from bot.script.flow import Sample, Standing
from bot.script.phrases import title
from core.messages import Option
from core.session import Slot

Equipment = Mapping[str, Any]
FOUND: Final = "found"
"""A note: the equipment that was offered."""
REFUSED: Final = "refused_code"
"""A note: a code that nobody knows was told before."""
MOST: Final = 8
DESCRIBED: Final = 5
"""So many words say more of a vehicle than that its code is not known."""


def code_missing(draft: Draft) -> bool:
    return "sap_code" not in draft.slots and "no_code" not in draft.slots


def equipment_found(draft: Draft) -> bool:
    """Something fits what was said, and was not offered already."""
    found = by_words(draft)
    return bool(found) and [each["code"] for each in found] != [each["code"] for each in draft.notes.get(FOUND, ())]


def reported_before(draft: Draft) -> bool:
    """Equipment of earlier reports, for a customer who does not find the code, or was not understood before."""
    lost = draft.intent == "help" or (draft.misses >= 1 and not any(c.isdigit() for c in draft.event.text))
    return lost and FOUND not in draft.notes and bool(by_reports(draft))


def tried_twice(draft: Draft) -> bool:
    lost = draft.misses >= 1 and not any(c.isdigit() for c in draft.event.text)
    return lost or draft.misses > 1 or REFUSED in draft.notes


def described(draft: Draft) -> bool:
    return len(draft.event.text.split()) >= DESCRIBED


def by_words(draft: Draft) -> list[Equipment]:
    """Equipment whose shop was named, or which has several words in common with the message."""
    words = alike.words_of(draft.event.text)
    return list(draft.fact("equipment_like", " ".join(sorted(words))) or ())[:MOST] if words else []


def by_reports(draft: Draft) -> list[Equipment]:
    """Equipment of earlier reports, the newest first."""
    found: dict[str, Equipment] = {}
    for ticket in draft.fact("tickets", "mine") or ():
        content = ticket.get("content") or {}
        known, given = content.get("equipment") or {}, (content.get("given") or {}).get("sap_code") or {}
        code = known.get("code") or given.get("value")
        if code and ticket.get("kind") == "refrigerator":
            found.setdefault(str(code), {**known, "code": str(code)})
    return list(found.values())[:MOST]


def one_named(draft: Draft) -> bool:
    """One of those that are offered, and no other, was named by its brand or its model."""
    return _named_one(draft) is not None


def _named_one(draft: Draft) -> Equipment | None:
    said = alike.words_of(draft.event.text)
    fits = [each for each in draft.notes.get(FOUND, ()) if said & alike.words_of(_kind_of(each))]
    return fits[0] if len(fits) == 1 else None


def _kind_of(equipment: Equipment) -> str:
    return f"{equipment.get('brand') or ''} {equipment.get('model') or ''}".strip()


# --- effects ---


def pick_named(draft: Draft) -> None:
    named = _named_one(draft)
    if named:
        draft.slots["sap_code"] = Slot(str(named["code"]), 80, "told")


def offer_found(draft: Draft) -> None:
    draft.notes[FOUND] = [dict(each) for each in by_words(draft)]


def offer_reported(draft: Draft) -> None:
    draft.notes[FOUND] = [dict(each) for each in by_reports(draft)]


def none_of_these(draft: Draft) -> None:
    draft.say("another_code")


def let_go_of_code(draft: Draft) -> None:
    """The report goes on without a code; what was said instead goes along."""
    told = draft.value("sap_code") or draft.event.text
    draft.forget("sap_code")
    draft.slots["no_code"] = Slot(" ".join(str(told).split())[:200], 60, "told")
    draft.say("without_code")


def refused_before(draft: Draft) -> bool:
    return REFUSED in draft.notes


# --- what is offered ---


def found(standing: Standing) -> list[Option]:
    """The equipment that was found, and none of it."""
    every = standing.notes.get(FOUND, ())
    most = longest_title(len(every) + 1)
    return [*(_option(each, most) for each in every), Option("no", title(standing.language, "refrigerator", "none"))]


def _option(equipment: Equipment, most: int) -> Option:
    code, model = str(equipment["code"]), str(equipment.get("model") or "")
    named = f"{model[: most - len(code) - 1]} {code}".strip()
    where = " · ".join(str(equipment[part]) for part in ("client", "place") if equipment.get(part))
    return Option(f"sap_code={code}", named, where[:72])


def lines(draft: Draft) -> Mapping[str, object]:
    """A line for each, as people know them."""
    every = draft.notes.get(FOUND, ())
    told = [" · ".join([_kind_of(each), *(str(each[p]) for p in ("client", "place") if each.get(p))]) for each in every]
    return {"lines": "\n".join(f"❄️ {line[:80]}" for line in told)}


def every_find() -> Iterator[Sample]:
    """As many as may be found, with the longest words."""
    long = {"model": "x" * 60, "client": "x" * 80, "place": "x" * 80}
    for many in range(1, MOST + 1):
        yield {}, {FOUND: [{**long, "code": f"{1234567890 + each}"} for each in range(many)]}
