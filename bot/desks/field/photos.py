"""Photos of equipment: the code on a label, the fault that can be seen, or both."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal

from pydantic import Field

from bot.desks.field import sap_codes
from bot.nlu import fold
from bot.script.draft import Draft
from bot.script.forms import matching
from bot.script.purposes import NO_INSTRUCTION, POOR, TEXT, Answer, Purpose, Question, Shown
from core.reading import Guess

LONGEST_TEXT = 500
LONGEST_PROBLEM = 160
LONGEST_CODE = 40
MOST_CODES = 10
USUAL_LENGTH = 7
SURE_ENOUGH = 0.5
"""A code read with less confidence is not offered to anybody."""
CODE_READ, GUESSED, LIKELY = 95, 59, 69
"""A photo is never certain: what it shows of a problem is confirmed, and of the kind of equipment asked."""
_CODE = re.compile(r"(?<![0-9])[0-9]{5,10}(?![0-9])")
_A_CODE = matching(r"\d{5,10}")
_CODES: Final = "codes: the equipment numbers printed on it (5 to 10 digits, most often 7) exactly as printed; never \
complete or invent one."
_LABEL_TASK: Final = f"""You look at one photo that a customer sent, of the label on a commercial refrigerator or a \
vehicle. {_CODES} text: other printed words that matter, short. {NO_INSTRUCTION} legible: whether the label can be \
read. confidence, of the numbers, is from 0 to 1. Answer with the JSON object only."""
_FAULT_TASK: Final = f"""You look at one photo that a customer sent to report a fault. equipment_kind: "refrigerator" \
for a commercial refrigerator, cooler or freezer, "vehicle" for a car, van or truck, null for anything else. problem: \
the fault that can be seen, in one short plain sentence of at most 15 words in the language "{{language}}", as the \
customer would say it; null when none can be seen. {_CODES} {NO_INSTRUCTION} legible: whether the photo is good enough \
to tell. confidence, of kind and problem, is from 0 to 1. Answer with the JSON object only."""
_CODES_TYPE: Final = {"type": "array", "items": {"type": "string"}}


def codes_in(texts: Iterable[str]) -> list[str]:
    """Groups of five to ten digits, the usual seven before others, in the order they stand."""
    found = dict.fromkeys(group for text in texts for group in _CODE.findall(text))
    return sorted(found, key=lambda code: len(code) != USUAL_LENGTH)[:MOST_CODES]


class _WithCodes(Answer):
    codes: list[str] = Field(default_factory=list, max_length=MOST_CODES)

    @property
    def sure_codes(self) -> tuple[str, ...]:
        """The codes that may be offered to the customer, who confirms what they stand for."""
        sure = self.codes if self.confidence > SURE_ENOUGH else []
        return tuple(codes_in(code[:LONGEST_CODE] for code in sure))


class Label(_WithCodes):
    """The AI's reading of a label."""

    text: str | None = None

    @property
    def words(self) -> str:
        return fold.clean(self.text or "")[:LONGEST_TEXT]

    def shown(self) -> Shown:
        if self.sure_codes:
            return Shown(codes=self.sure_codes, text=self.words)
        return Shown("blurred" if self.poor else "no_text", text=self.words)


class Fault(_WithCodes):
    """The AI's description of a fault. The customer confirms it; nothing of it is certain."""

    equipment_kind: Literal["refrigerator", "vehicle"] | None = None
    problem: str | None = None

    @property
    def kind(self) -> str:
        return self.equipment_kind or "" if self.confidence >= POOR else ""

    @property
    def words(self) -> str:
        """The problem in words that fit where a customer's own would stand."""
        return " ".join(fold.clean(self.problem or "").split())[:LONGEST_PROBLEM] if self.confidence >= POOR else ""

    def shown(self) -> Shown:
        if not (self.sure_codes or self.kind or self.words):
            return Shown("blurred" if self.poor else "no_problem")
        fault = {"kind": self.kind, "problem": self.words, "confidence": self.confidence}
        return Shown(codes=self.sure_codes, more={"fault": fault})


def guesses(draft: Draft, result: Mapping[str, Any]) -> dict[str, Guess]:
    """Everything that a result tells, as guesses that pass the same checks as what is typed."""
    code = _code(draft, result.get("codes"))
    read = {"sap_code": Guess(code, CODE_READ, "ocr")} if code is not None else {}
    fault = result.get("fault")
    return {**read, **(_seen(fault) if isinstance(fault, Mapping) else {})}


def _code(draft: Draft, found: object) -> str | None:
    """The first of the codes on the photo that may be one of an equipment of this desk."""
    texts = found if isinstance(found, list | tuple) else ()
    return next((code for code in map(_A_CODE, texts) if code and sap_codes.fits(draft, "sap_code", code)), None)


def _seen(fault: Mapping[str, Any]) -> dict[str, Guess]:
    found, sure = {}, _percent(fault.get("confidence"))
    if fault.get("kind") in ("refrigerator", "vehicle"):
        found["equipment_kind"] = Guess(fault["kind"], min(LIKELY, sure), "vision")
    if isinstance(fault.get("problem"), str) and fault["problem"]:
        found["problem"] = Guess(fault["problem"], min(GUESSED, sure), "vision")
    return found


def _percent(confidence: object) -> int:
    return round(100 * confidence) if isinstance(confidence, int | float) and 0 <= confidence <= 1 else 0


def intent(guesses: Mapping[str, Guess]) -> str:
    """A code alone means a refrigerator, unless a vehicle can be seen."""
    vehicle = "equipment_kind" in guesses and guesses["equipment_kind"].value == "vehicle"
    return "code_read" if "sap_code" in guesses and not vehicle else ""


_FAULT = Question(
    "fault",
    _FAULT_TASK,
    Fault,
    {
        "equipment_kind": {"type": ["string", "null"], "enum": ["refrigerator", "vehicle", None]},
        "problem": TEXT,
        "codes": _CODES_TYPE,
    },
)
PHOTOS: Final = {
    "code": Purpose(
        codes=codes_in,
        asks=Question("label", _LABEL_TASK, Label, {"codes": _CODES_TYPE, "text": TEXT}),
        fills=("sap_code",),
        guesses=guesses,
        intent=intent,
    ),
    "problem": Purpose(asks=_FAULT, fills=("problem",), guesses=guesses, intent=intent, nothing="no_problem"),
    "fault": Purpose(
        codes=codes_in,
        asks=_FAULT,
        fills=("equipment_kind", "sap_code", "problem"),  # the kind is no slot: it is always worth knowing in the menu
        guesses=guesses,
        intent=intent,
    ),
}
