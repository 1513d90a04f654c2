"""Rules by which the hotel desk understands a message. Their order is significant."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time
from typing import Final

from bot.desks.hotel.house import numbers
from bot.desks.hotel.understanding import hours, requests, rooms, which, wishes
from bot.desks.hotel.understanding.words import HOTEL, INTENTS, NOT_NAMES, REQUEST, TOGETHER
from bot.nlu import answers, names, rules
from bot.nlu.message import Found, Message
from bot.nlu.rules import CLEAR, SURE, Said
from core.reading import Expectation, Guess, Reading

ASKED, STATED = 90, 80
SHORT: Final = 3
_WORDS: Final = (
    "restart", "person", "consult_tickets", "menu", "back", "help", "cancel", "portuguese", "english", "spanish", "farewell",
    "thanks", "greeting", "yes", "no",
)  # fmt: skip
_FREE: Final = frozenset({"comment", "ticket_number", "detail"})
"""Slots whose answer is taken as it is written."""
_WISHING: Final = frozenset({"", "rooms", "book", "room_types", "change_booking"})
"""Intents beside which days and people are told for a stay; what a complaint tells of last week is none."""
_HOURLY: Final = frozenset({"late_checkout", "late_arrival", "transfer", "request"})
_MATTERS: Final[dict[str, hours.Matter]] = {"late_checkout": "leaving", "late_arrival": "arriving"}
_EVENING, _MORNING = time(20), time(6)
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


def _which(found: Found) -> Said | None:
    """One of the offers, or other days; anything of a stay in more words than “the first one” goes before."""
    if len(found.message.words) > SHORT and wishes.found_in(found.message, found.expects).keys() - {"unsure"}:
        return None
    said = which.read(found)
    if not said:
        return None
    return (said, SURE) if said == which.OTHER_DAYS else ("", CLEAR)


def _yes_no(found: Found) -> Said | None:
    """Yes or no; “no, mejor hasta el 7” tells something else."""
    said = answers.yes_no(found.message) if found.expects.kind == "yes_no" else ""
    if said and wishes.found_in(found.message, found.expects):
        return None
    return (said, SURE) if said else None


def _name(found: Found) -> Said | None:
    name = names.read(found.message.text, NOT_NAMES) if found.asked == "name" else ""
    if not name:
        return None
    found.guesses["name"] = Guess(name, ASKED, "asked")
    return "", CLEAR


def _everyday(found: Found) -> Said | None:
    """Everyday words and nothing else, but for those that a booking makes something else of."""
    if found.asked == "parties" and found.message.has("person") and wishes.found_in(found.message, found.expects):
        return None  # “una persona” is a guest here
    return None if _intent(found) else rules.whole(found, *_WORDS)


def _own(found: Found) -> Said | None:
    """The wish of a guest, with all that was told besides."""
    intent, _, wanted = _intent(found).partition(":")
    if wanted:
        _room_number(found)
        every = requests.wanted(found.message, _together) or [wanted]
        found.guesses["wanted"] = Guess(" ".join(every), STATED, "rules")
    if intent in _WISHING:
        found.guesses |= wishes.found_in(found.message, found.expects, moved=intent == "change_booking")
        _choices(found)
    if intent in _HOURLY or found.asked == "hour":
        _hour(found, _MATTERS.get(intent, ""))
    _contact(found)
    return (intent, CLEAR) if intent or found.guesses else None


def _trip(found: Found) -> Said | None:
    """At what time and how they come, as it is written."""
    if found.asked != "trip" or not found.message.tokens or _intent(found) not in ("", "transfer"):
        return None
    found.guesses["trip"] = Guess(found.message.text, ASKED, "asked")
    return "", CLEAR


def _intent(found: Found) -> str:
    """The most telling of what was said; "" when nothing was."""
    message = found.message
    meant = next((intent for intent in INTENTS if message.has(intent) or _together(message, intent)), "")
    if meant in ("book", "my_booking") and message.has("cancel"):
        return "cancel_booking"  # “quiero cancelar” and a booking, whatever else it sounds like
    if meant in ("", "rooms", "location"):
        return _by_the_hour(message) or meant
    return meant


def _together(message: Message, intent: str) -> bool:
    classes = TOGETHER.get(intent, ())
    return bool(classes) and all(message.has(name) for name in classes)


def _by_the_hour(message: Message) -> str:
    """“podemos dejarla a las 14”, “llegamos a las 23”: the hour alone says that it is late."""
    leaving = hours.read(message.text, "leaving") if message.has("+leave") else None
    if leaving is not None and leaving > time(hours.NOON):
        return "late_checkout"
    arriving = hours.read(message.text, "arriving") if message.has("+arrive") else None
    if arriving is not None and (arriving >= _EVENING or arriving <= _MORNING):
        return "late_arrival"
    return ""


def _choices(found: Found) -> None:
    """The kind of room, and breakfast."""
    kinds = rooms.kinds(found.message.text)
    if kinds:
        found.guesses["kind"] = Guess(" ".join(kinds), STATED, "rules")
    for tag, wanted in (("breakfast_no", False), ("breakfast_yes", True)):
        if found.message.has(tag):
            found.guesses["breakfast"] = Guess(wanted, STATED, "rules")
            return


def _hour(found: Found, matter: hours.Matter) -> None:
    hour = hours.read(found.message.text, matter)
    if hour is None and found.asked == "hour":
        hour = hours.read(f"a las {found.message.text}", matter)
    if hour is not None:
        found.guesses["hour"] = Guess(f"{hour:%H:%M}", ASKED, "rules")


def _room_number(found: Found) -> Said | None:
    """The number of the room in which something is wanted."""
    number = requests.room(found.message.plain, asked=found.asked == "room_number")
    if not number:
        return None
    found.guesses["room_number"] = Guess(number, ASKED, "rules")
    return "", CLEAR


def _room_asked(found: Found) -> Said | None:
    """“habitación 12” is an answer where the room was asked for, and else a wish for one."""
    return _room_number(found) if found.asked == "room_number" and not _intent(found).startswith(REQUEST) else None


def _contact(found: Found) -> None:
    """An e-mail address, and the number of a booking."""
    if email := _EMAIL.search(found.message.plain):
        found.guesses["email"] = Guess(email[0], ASKED, "rules")
    if number := numbers.find(found.message.plain, asked=found.asked == "reference"):
        found.guesses["reference"] = Guess(number, ASKED, "rules")


def _answer(found: Found) -> Said | None:
    if found.asked not in _FREE or not found.message.tokens:
        return None
    found.guesses[found.asked] = Guess(found.message.text, ASKED, "asked")
    return "", CLEAR


_ORDER: Final[tuple[Callable[[Found], Said | None], ...]] = (
    rules.opt_out,
    _option,
    _mark,
    _which,
    _yes_no,
    _everyday,
    _name,
    _trip,
    _room_asked,
    _own,
    rules.comment,
    _answer,
    rules.polite,
)
