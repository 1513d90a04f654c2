"""Requests that were made: what is still to be asked, and the ticket of each."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import Any, Final

from bot.desks.hotel import settings
from bot.desks.hotel.flows import own
from bot.desks.hotel.understanding.words import WANTED
from bot.script import hours
from bot.script.draft import Draft
from bot.script.notes import VISITOR
from bot.script.phrases import phrase
from core.session import Slot
from core.turn import TicketOpened

WORDS: Final = "hotel_request"
"""The file of phrases."""
IN_A_ROOM: Final = frozenset({"towels", "cleaning", "maintenance", "room_service", "wake_up"})
"""Requests for which reception must know the room."""
IN_WORDS: Final = frozenset({"maintenance", "room_service", "lost"})
"""Requests of which the word alone says too little."""
AT_AN_HOUR: Final = frozenset({"wake_up"})
VAGUE: Final = re.compile(
    r"(?i)\b(?:algo|something|alguma coisa|room service|servi[cç][io]o? .{0,9}(?:habitaci[oó]n|quarto)|hambre|hungry|fome)\b"
)
"""Words that order no dish."""
FEWEST_WORDS: Final = 3
LONGEST: Final = 300
EVERY_DAY: Final = (1, 2, 3, 4, 5, 6, 7)
_ROOM = re.compile(r"[0-9]{1,4}[A-Z]?")


def wanted(value: Any) -> str | None:
    """A check for what is wanted: words of the list, with spaces between."""
    names = value.split() if isinstance(value, str) else []
    return " ".join(dict.fromkeys(names)) if names and set(names) <= {*WANTED} else None


def room(value: Any) -> str | None:
    """A check for the number of a room."""
    return value.upper() if isinstance(value, str) and _ROOM.fullmatch(value.upper()) else None


# --- guards ---


def nothing_wanted(draft: Draft) -> bool:
    return not _all(draft)


def only_a_closed_kitchen(draft: Draft) -> bool:
    return _all(draft) == ["room_service"] and _kitchen_opens(draft) is not None


def detail_missing(draft: Draft) -> bool:
    """The thing was named, and nothing of it told: a button, a word, “something to eat”."""
    names = {*_all(draft)}
    if not IN_WORDS & names or draft.value("detail"):
        return False
    return not _in_words(draft) or ("room_service" in names and VAGUE.search(draft.event.text) is not None)


def hour_missing(draft: Draft) -> bool:
    return bool(AT_AN_HOUR & {*_all(draft)}) and not draft.value("hour")


def room_missing(draft: Draft) -> bool:
    return bool(IN_A_ROOM & {*_all(draft)}) and not _room(draft)


def asked_before(draft: Draft) -> bool:
    """A guest who does not know the number is not asked for it again: reception finds out."""
    return draft.misses > 0


def _all(draft: Draft) -> list[str]:
    return str(draft.value("wanted") or "").split()


def _room(draft: Draft) -> str:
    """The room that was told now, or in this session before."""
    return str(draft.value("room_number") or (draft.notes.get(VISITOR) or {}).get("room") or "")


def _in_words(draft: Draft) -> bool:
    return "wanted" in draft.guesses and draft.event.kind == "text" and len(draft.event.text.split()) >= FEWEST_WORDS


def _kitchen_opens(draft: Draft) -> datetime | None:
    """The moment at which room service is brought again; None while it is."""
    set_up, local = settings.of(draft), draft.local_now
    opens_at = hours.open_from(local, set_up.kitchen_opens, set_up.kitchen_closes, EVERY_DAY)
    return opens_at if opens_at and opens_at > local else None


# --- effects ---


def say_kitchen_closed(draft: Draft) -> None:
    set_up = settings.of(draft)
    draft.say("kitchen_closed", opens=set_up.kitchen_opens, closes=set_up.kitchen_closes)


def put_kitchen_off(draft: Draft) -> None:
    """Room service of which the kitchen is closed is left out of what is wanted besides."""
    names = _all(draft)
    if "room_service" in names and _kitchen_opens(draft) is not None:
        say_kitchen_closed(draft)
        kept = draft.slots["wanted"]
        draft.slots["wanted"] = Slot(
            " ".join(each for each in names if each != "room_service"), kept.confidence, kept.source
        )


def keep_words(draft: Draft) -> None:
    """The guest's own words go on the ticket."""
    if _in_words(draft) and not draft.value("detail"):
        draft.slots["detail"] = Slot(draft.event.text.strip()[:LONGEST], 100, "told")


def open_tickets(draft: Draft) -> None:
    """A ticket each, and their numbers."""
    numbers = {name: draft.ticket_number(name) for name in _all(draft)}
    for name, number in numbers.items():
        draft.keep(TicketOpened(number, name, _summary(draft, name), _content(draft)))
    lines = "\n".join(_line(draft, name, number) for name, number in numbers.items())
    draft.say("noted_one" if len(numbers) == 1 else "noted_many", lines=lines)
    if _room(draft):
        draft.notes[VISITOR] = {**(draft.notes.get(VISITOR) or {}), "room": _room(draft)}
    at = _wake_up_at(draft)
    if at is not None:
        draft.say("wakes_you", when=hours.moment(draft, at))


def say_left(draft: Draft) -> None:
    draft.say("nothing_asked")


def forget_all(draft: Draft) -> None:
    """The room stays known for the next request, as a note."""
    draft.forget("wanted", "detail", "hour", "room_number")


# --- the ticket ---


def _line(draft: Draft, name: str, number: str) -> str:
    what, where = phrase(draft.language, WORDS, f"thing_{name}"), _room(draft)
    place = phrase(draft.language, WORDS, "in_room", room=where) if where and name in IN_A_ROOM else ""
    return phrase(draft.language, WORDS, "line", what=what, place=place, number=number)


def _summary(draft: Draft, name: str) -> str:
    """For reception, in the language of the desk."""
    language = draft.before.desk.language
    where, at = _room(draft), draft.value("hour") if name in (*AT_AN_HOUR, "taxi") else ""
    parts = (
        phrase(language, WORDS, f"thing_{name}"),
        phrase(language, WORDS, "room_is", room=where) if where else phrase(language, WORDS, "room_unknown"),
        str(at or ""),
        f"«{draft.value('detail')}»" if draft.value("detail") else "",
    )
    return " · ".join(part for part in parts if part)[:LONGEST]


def _content(draft: Draft) -> dict[str, Any]:
    """The values that were given, the room, and the booking of the guest where there is one."""
    found = own.standing(draft)
    return {"given": draft.given(), "room": _room(draft), **({"booking": found[0].reference} if found else {})}


def _wake_up_at(draft: Draft) -> datetime | None:
    """The next time that the clock of the house shows the hour."""
    if "wake_up" not in _all(draft) or not draft.value("hour"):
        return None
    local = draft.local_now
    at = datetime.combine(local.date(), time.fromisoformat(draft.value("hour")), local.tzinfo)
    return at if at > local else at + timedelta(days=1)
