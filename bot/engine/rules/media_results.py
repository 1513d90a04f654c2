"""Results of photos and voice notes. The conversation went on meanwhile, so a result may come too late."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.desks import serving
from bot.engine.moves import advance, rests
from bot.script.draft import Draft
from bot.script.purposes import EVIDENCE, Purpose

UNREAD = ("too_small", "too_large", "blurred", "no_text", "no_problem", "wrong_kind", "timed_out", "failed")
UNHEARD = ("too_small", "too_large", "wrong_kind", "timed_out", "failed")


def receive(draft: Draft) -> str:
    """Take what was found as if the customer had typed it; "" lets the rules that follow answer."""
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
    purpose = serving(draft.before.desk).photos.get(str(content.get("purpose")), EVIDENCE)
    if purpose.tells:
        return "photo_told" if advance(draft, purpose.tells) else _drop(draft, "no flow waits for it")
    if purpose.written:
        return _written(draft, content, purpose)
    if not purpose.fills:
        return _drop(draft, "kept as evidence")
    missing = [slot for slot in purpose.fills if slot not in draft.slots]
    if not missing:
        return _drop(draft, "it is known by now")
    found = purpose.guesses(draft, content) if content.get("outcome") == "ok" else {}
    guesses = {slot: guess for slot, guess in found.items() if slot in missing}
    if not guesses:
        return _unread(draft, content, purpose)
    draft.intent = purpose.intent(guesses)
    draft.guesses = guesses
    return ""


def _written(draft: Draft, content: Mapping[str, Any], purpose: Purpose) -> str:
    """Read the photo's text as if the customer had written it; without one, ask for words."""
    text = str(content.get("text") or "").strip()
    if content.get("outcome") != "ok" or not text:
        return _unread(draft, content, purpose)
    draft.say("photo_understood", text=text[:300])
    return ""


def _unread(draft: Draft, content: Mapping[str, Any], purpose: Purpose) -> str:
    outcome = content.get("outcome")
    draft.say(f"photo_{outcome if outcome in (*UNREAD, purpose.nothing) else purpose.nothing}")
    draft.repeat()
    return "photo_unread"


def _drop(draft: Draft, why: str) -> str:
    draft.note = why
    return "media_result"
