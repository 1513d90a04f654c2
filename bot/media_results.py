"""What a photo or a voice note turned out to say. It came while the conversation went on, so it may be too late."""

from __future__ import annotations

from bot.draft import Draft
from bot.forms import matching
from bot.moves import rests
from core.reading import Guess

OUTCOMES = ("too_small", "too_large", "blurred", "no_text", "wrong_kind", "timed_out", "failed")
CODE = matching(r"\d{5,10}")


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
    text = str(draft.event.content.get("text") or draft.event.text).strip()
    if len(text) < 2:
        draft.say("voice_empty")
        draft.repeat()
        return "voice"
    draft.say("voice_understood", text=text[:300])
    return ""


def _photo(draft: Draft) -> str:
    content = draft.event.content
    if content.get("purpose") != "code":
        return _drop(draft, "kept as evidence")
    if "sap_code" in draft.slots:
        return _drop(draft, "the code is known by now")
    code = _code(content.get("codes")) if content.get("outcome") == "ok" else None
    if code is None:
        outcome = content.get("outcome")
        draft.say(f"photo_{outcome if outcome in OUTCOMES else 'no_text'}")
        draft.repeat()
        return "photo_unread"
    draft.intent, draft.guesses = "code_read", {"sap_code": Guess(code, 95, "ocr")}
    return ""


def _code(found: object) -> str | None:
    """The first of the codes on the photo that may be one of an equipment."""
    codes = found if isinstance(found, list | tuple) else ()
    return next((code for code in map(CODE, codes) if code), None)


def _drop(draft: Draft, why: str) -> str:
    draft.note = why
    return "media_result"
