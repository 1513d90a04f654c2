"""Rules by which the hotel desk understands a message. Their order is significant."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from bot.desks.hotel.understanding.words import HOTEL, INTENTS
from bot.nlu import answers, names, rules
from bot.nlu.message import Found, Message
from bot.nlu.rules import CLEAR, SURE, Said
from core.reading import Expectation, Guess, Reading

ASKED, STATED = 90, 80
_WORDS: Final = (
    "restart", "person", "consult_tickets", "menu", "back", "help", "cancel", "english", "spanish", "farewell", "thanks",
    "greeting", "yes", "no",
)  # fmt: skip
_FREE: Final = frozenset({"comment", "ticket_number"})
"""Slots of flows that serve every desk, whose answer is taken as it is written."""
_DAY = re.compile(r"\b(\d{4}-\d{2}-\d{2})\b")
_ADULTS = re.compile(r"\b(\d{1,2}) (?:adult|person|people|pessoa)")
_NIGHTS = re.compile(r"\b(\d{1,2}) (?:noche|night|noite)")
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}+@[\w-]{1,63}+(?:\.[\w-]{1,63}+){1,4}")


def read(text: str, expects: Expectation) -> Reading:
    """Understand a text."""
    found = Found(Message.of(text, HOTEL), expects)
    said = rules.first(found, _ORDER)
    intent, sure = said or ("", found.confidence)
    return Reading(intent, sure, found.guesses)


def _option(found: Found) -> Said | None:
    return ("", SURE) if rules.chosen(found) else None


def _mark(found: Found) -> Said | None:
    return rules.mark(found) if found.expects.kind == "rating" else None


def _yes_no(found: Found) -> Said | None:
    said = answers.yes_no(found.message) if found.expects.kind == "yes_no" else ""
    return (said, SURE) if said else None


def _everyday(found: Found) -> Said | None:
    return rules.whole(found, *_WORDS)


def _wish(found: Found) -> Said | None:
    """Days, nights and people; and what is wanted with them."""
    plain = found.message.plain
    days = _DAY.findall(plain)
    slots = ("leaves",) if found.asked == "leaves" and len(days) == 1 else ("arrives", "leaves")
    found.guesses |= {name: Guess(day, ASKED, "rules") for name, day in zip(slots, days, strict=False)}
    if nights := _NIGHTS.search(plain):
        found.guesses["nights"] = Guess(int(nights[1]), ASKED, "rules")
    if adults := _ADULTS.search(plain):
        found.guesses["parties"] = Guess([{"adults": int(adults[1]), "ages": []}], ASKED, "rules")
    if email := _EMAIL.search(plain):
        found.guesses["email"] = Guess(email[0], ASKED, "rules")
    meant = next((intent for intent in INTENTS if found.message.has(intent)), "")
    return (meant, CLEAR) if meant or found.guesses else None


def _name(found: Found) -> Said | None:
    name = names.read(found.message.text) if found.asked == "name" else ""
    if not name:
        return None
    found.guesses["name"] = Guess(name, ASKED, "asked")
    return "", CLEAR


def _answer(found: Found) -> Said | None:
    if found.asked not in _FREE or not found.message.tokens:
        return None
    found.guesses[found.asked] = Guess(found.message.text, ASKED, "asked")
    return "", CLEAR


_ORDER: Final[tuple[Callable[[Found], Said | None], ...]] = (
    rules.opt_out,
    _option,
    _mark,
    _yes_no,
    _everyday,
    _wish,
    _name,
    rules.comment,
    _answer,
    rules.polite,
)
