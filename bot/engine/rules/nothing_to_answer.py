"""Messages without words: nothing to answer, not needed now, or not readable."""

from __future__ import annotations

from bot.script.draft import Draft
from bot.script.notes import CARD

READABLE = frozenset({"text", "choice", "media_result", "request_welcome"})
NOT_NOW = {"image": "photo_not_needed", "location": "place_not_needed", "audio": "please_type", "sticker": "sticker"}
UNSUPPORTED = {"too_large": "too_large", "invitation": "invitation_not_read"}
"""The sentence for what a channel could not take, by the kind it names."""


def pass_over(draft: Draft) -> str:
    """A reaction, a notice: a turn that says nothing."""
    draft.note = "nothing to answer"
    return draft.event.kind


def _card(draft: Draft) -> tuple[str, str] | None:
    """The name and the number of a contact card; None when it has none to call."""
    cards = draft.event.content.get("contacts")
    first = cards[0] if isinstance(cards, list) and cards and isinstance(cards[0], dict) else {}
    phones, name = first.get("phones"), first.get("name")
    number = phones[0].get("phone") if isinstance(phones, list) and phones and isinstance(phones[0], dict) else None
    called = name.get("formatted_name") if isinstance(name, dict) else None
    return (str(called or number)[:60], str(number)[:30]) if number else None


def _offer_call(draft: Draft, name: str, number: str) -> None:
    draft.notes[CARD] = [name, number]
    draft.say("card_offered", name=name, number=number)
    draft.offer("call_card")


def decline(draft: Draft) -> str:
    """Politely decline content that neither the flow nor the bot can read, and repeat the question."""
    kind = draft.event.kind
    if kind in READABLE or (kind == "location" and "location" in draft.refused):
        return ""
    if kind == "contacts" and (card := _card(draft)):
        _offer_call(draft, *card)
        return kind
    if kind == "audio" and draft.ai_on:
        draft.want_voice()
        draft.say("listening")
    else:
        named = str(draft.event.content.get("unsupported_kind", "")) if kind == "unsupported" else ""
        draft.say(UNSUPPORTED.get(named) or NOT_NOW.get(kind, "cannot_read"))
        draft.repeat()
    return kind
