"""What a photo or a voice note turned out to say. It came while the conversation went on, so it may be too late."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.desks.field import sap_codes
from bot.engine.moves import rests
from bot.script.draft import Draft
from bot.script.forms import matching
from core.reading import Guess

UNREAD = ("too_small", "too_large", "blurred", "no_text", "no_problem", "wrong_kind", "timed_out", "failed")
UNHEARD = ("too_small", "too_large", "wrong_kind", "timed_out", "failed")
CODE = matching(r"\d{5,10}")
GUESSED, LIKELY = 59, 69
"""A photo is never certain: what it shows of a problem is confirmed, and of the kind of equipment asked."""


def receive(draft: Draft) -> str:
    """Take what was found as if the customer had typed it; "" lets the rules that follow answer."""
    if draft.event.kind != "media_result":
        return ""
    if rests(draft):
        return _drop(draft, "nobody waits for it")
    if draft.event.content.get("for") == "audio":
        return _voice(draft)
    return _photo(draft)


def _voice(draft: Draft) -> str:
    content = draft.event.content
    text = str(content.get("text") or draft.event.text).strip()
    if len(text) < 2:
        draft.say(_why_unheard(content.get("outcome")))
        draft.repeat()
        return "voice"
    draft.say("voice_understood", text=text[:300])
    return ""


def _why_unheard(outcome: object) -> str:
    if outcome == "off":
        return "please_type"
    return f"voice_{outcome}" if outcome in UNHEARD else "voice_empty"


def _photo(draft: Draft) -> str:
    content = draft.event.content
    if content.get("purpose") == "screen":
        return _screen(draft, content)
    wanted = WANTED.get(str(content.get("purpose")))
    if wanted is None:
        return _drop(draft, "kept as evidence")
    missing = [slot for slot in wanted if slot not in draft.slots]
    if not missing:
        return _drop(draft, "it is known by now")
    found = _found(draft, content) if content.get("outcome") == "ok" else {}
    guesses = {slot: guess for slot, guess in found.items() if slot in missing}
    if not guesses:
        draft.say(_why_unread(content))
        draft.repeat()
        return "photo_unread"
    vehicle = "equipment_kind" in guesses and guesses["equipment_kind"].value == "vehicle"
    draft.intent = "code_read" if "sap_code" in guesses and not vehicle else ""
    draft.guesses = guesses
    return ""


def _screen(draft: Draft, content: Mapping[str, Any]) -> str:
    """What it shows was read as if it had been written; where nobody could tell, the customer is asked for words."""
    text = str(content.get("text") or "").strip()
    if content.get("outcome") != "ok" or not text:
        draft.say(_why_unread(content))
        draft.repeat()
        return "photo_unread"
    draft.say("photo_understood", text=text[:300])
    return ""


def _why_unread(content: Mapping[str, Any]) -> str:
    outcome = content.get("outcome")
    if outcome in UNREAD:
        return f"photo_{outcome}"
    return "photo_no_problem" if content.get("purpose") == "problem" else "photo_no_text"


def _found(draft: Draft, content: Mapping[str, Any]) -> dict[str, Guess]:
    """Everything it shows, as guesses that pass the same checks as what is typed."""
    found = {}
    code = _code(draft, content.get("codes"))
    if code is not None:
        found["sap_code"] = Guess(code, 95, "ocr")
    fault = content.get("fault")
    fault = fault if isinstance(fault, Mapping) else {}
    sure = _percent(fault.get("confidence"))
    if fault.get("kind") in ("refrigerator", "vehicle"):
        found["equipment_kind"] = Guess(fault["kind"], min(LIKELY, sure), "vision")
    if isinstance(fault.get("problem"), str) and fault["problem"]:
        found["problem"] = Guess(fault["problem"], min(GUESSED, sure), "vision")
    return found


def _percent(confidence: object) -> int:
    return round(100 * confidence) if isinstance(confidence, int | float) and 0 <= confidence <= 1 else 0


def _code(draft: Draft, found: object) -> str | None:
    """The first of the codes on the photo that may be one of an equipment of this desk."""
    texts = found if isinstance(found, list | tuple) else ()
    return next((code for code in map(CODE, texts) if code and sap_codes.fits(draft, "sap_code", code)), None)


WANTED = {
    "code": ("sap_code",),
    "problem": ("problem",),
    "fault": ("equipment_kind", "sap_code", "problem"),
}
"""What a photo was looked into for. The kind of equipment is no slot: it is always worth knowing in the menu."""


def _drop(draft: Draft, why: str) -> str:
    draft.note = why
    return "media_result"
