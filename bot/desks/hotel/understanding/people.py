"""The people of a stay, as guests tell them: those of each room, with the age of each child. What is not plain is `unsure`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from bot.desks.hotel.house.port import Party
from bot.desks.hotel.understanding import ages
from bot.desks.hotel.understanding.dates.words import language_of
from bot.desks.hotel.understanding.marks import OTHER, Mark, pieces, scanned
from bot.nlu.lexicon import Lexicon, tagged

MOST: Final = 10
"""More people than this are for reception."""
_LEXICON: Final = Lexicon(tagged(__package__, "people"))
FALSE_FRIENDS: Final = frozenset({"dos"})
"""Numbers of one language that are small words of Portuguese."""
_PLUS: Final = ("and", "plus")


@dataclass(frozen=True, slots=True)
class People:
    """The people of each room, or what must be asked for: `people`, `adults`, `ages`, `total`, `split`; `many` is for reception, all in one."""

    parties: tuple[Party, ...] | None = None
    unsure: str = ""

    def __bool__(self) -> bool:
        return self != People()


@dataclass(slots=True)
class Told:
    """The counts so far."""

    adults: int = 0
    people: list[int] = field(default_factory=list)
    children: int = 0
    ages: list[int] = field(default_factory=list)
    partners: int = 0
    me: bool = False
    alone: bool = False
    rooms: int = 0
    each: bool = False
    singles: int = 0
    kinds: int = 0
    added: bool = False
    """Whether children were told besides a number of people: “4 personas y 2 niños”."""
    vague: bool = False

    @property
    def anything(self) -> bool:
        counted = self.adults or self.people or self.children or self.partners or self.rooms > 1
        return bool(counted or self.alone or self.vague or self.kinds + self.singles > 1)


def read(text: str, language: str = "es", *, asked: bool = False, most: int = MOST) -> People:
    """The people in a text; `asked`: a number alone is how many they are."""
    marks = _marks(text, language)
    told = _counted(marks, asked)
    if asked and len(marks) == 1 and marks[0].many:
        told.people.append(marks[0].many)
    if told.partners and not (asked or told.me or told.adults or told.people or told.children):
        return People()  # “mi papá se desmayó” counts nobody
    return _judged(told, most) if told.anything else People()


def _marks(text: str, language: str) -> list[Mark]:
    told = pieces(text)
    foreign = FALSE_FRIENDS if language_of(told, language) == "pt" else frozenset()
    kept = [replace(piece, tags=OTHER, word="") if piece.word in foreign else piece for piece in told]
    return _without_corrected(list(scanned(kept, _LEXICON)))


def _without_corrected(marks: list[Mark]) -> list[Mark]:
    """“son 3 en vez de 2”: what was said before does not count."""
    at = next((at for at, mark in enumerate(marks) if mark.has("instead")), len(marks))
    return marks[:at]


def _counted(marks: Sequence[Mark], asked: bool) -> Told:
    told = Told()
    at = 0
    while at < len(marks):
        mark, many = marks[at], _many(marks, at)
        if mark.has("children", "babies"):
            at = _children(marks, at, many, told)
            continue
        if mark.has("years") and ages.before(marks, at) is not None:
            _aged(marks, at, told)
        elif mark.has("rooms", "kind", "single"):
            _rooms(marks, at, many, told)
        else:
            _grown(marks, at, many, told, asked)
        at += 1
    return told


def _many(marks: Sequence[Mark], at: int) -> int | None:
    """How many of what stands here: the number before it, or behind its colon."""
    before = marks[at - 1].many if at and not marks[at - 1].has("ordinal") else None
    if _colon(marks, at) and (before is None or (at > 1 and marks[at - 2].word == ":")):
        return marks[at + 2].number
    return before


def _colon(marks: Sequence[Mark], at: int) -> bool:
    """“niños: 2”."""
    return at + 2 < len(marks) and marks[at + 1].word == ":" and marks[at + 2].number is not None


def _grown(marks: Sequence[Mark], at: int, many: int | None, told: Told, asked: bool) -> None:
    mark = marks[at]
    told.vague = told.vague or (mark.has("people", "adults") and _is_range(marks, at))
    if mark.has("partner"):
        told.partners += 1
        told.me = told.me or (at > 0 and marks[at - 1].has("and", "of"))
    elif mark.has("adults"):
        told.adults += many or 0
        told.vague = told.vague or (asked and not (many or (at and marks[at - 1].has("people", "adults"))))
    elif mark.has("couple"):
        told.adults += 2 * (many or 1)
    elif mark.has("people") and many and (asked or not marks[at - 1].has("one") or _before(marks, at - 1, "counting")):
        told.people.append(many)
    elif mark.has("counting") and at + 1 < len(marks) and _counts_people(marks, at + 1):
        told.people.append(marks[at + 1].number or 0)
    told.vague = told.vague or mark.has("family", "parents")
    told.me = told.me or mark.has("me")
    told.alone = told.alone or mark.has("alone")
    told.each = told.each or mark.has("each")


def _counts_people(marks: Sequence[Mark], at: int) -> bool:
    """Whether this number counts nothing else: “para dos”, not “para 2 noches”."""
    number = marks[at].number
    behind = marks[at + 1] if at + 1 < len(marks) else None
    other = behind is not None and behind.has(*ages.COUNTED, "years", "months", "to", "dash", "hour")
    of_month = behind is not None and behind.has("of") and at + 2 < len(marks) and marks[at + 2].has("unit")
    return number is not None and 0 < number < 100 and not marks[at].has("ordinal") and not other and not of_month


def _children(marks: Sequence[Mark], at: int, many: int | None, told: Told) -> int:
    """Count the children who stand here, with their ages. The mark behind them."""
    if at and marks[at - 1].has("years") and ages.before(marks, at - 1) is not None:
        return at + 1  # “a 5 year old boy” is counted already
    if at and marks[at - 1].has("none"):
        return at + 1
    found = ages.after(marks, at + 3 if _colon(marks, at) else at + 1)
    if not (many or found.ages) and _is_one_baby(marks, at):
        many = 1
    if not (many or found.ages):
        told.vague = told.vague or _before(marks, at, *_PLUS)
        return at + 1
    many = 2 if not many and marks[at].has("twins") else many
    count = many or len(found.ages) or 1
    small = tuple(0 for _ in range(min(count, 99))) if marks[at].has("babies") and not found.ages else ()
    told.added = told.added or _is_added(marks, at)
    told.children += count
    told.ages += found.ages or small
    return max(found.last, at + 1)


def _is_one_baby(marks: Sequence[Mark], at: int) -> bool:
    """“casal com bebê”."""
    return marks[at].has("babies") and not marks[at].word.endswith("s") and _before(marks, at, *_PLUS)


def _is_range(marks: Sequence[Mark], at: int) -> bool:
    """“de 4 a 6 personas”, “4 o 5 adultos”."""
    return at > 2 and marks[at - 2].has("to", "or", "dash") and None not in (marks[at - 1].number, marks[at - 3].number)


def _before(marks: Sequence[Mark], at: int, *tags: str) -> bool:
    """Whether one of the two marks before this one is such."""
    return any(mark.has(*tags) for mark in marks[max(0, at - 2) : at])


def _is_added(marks: Sequence[Mark], at: int) -> bool:
    """“dos personas y un nene”: they come on top, where “with” may as well mean among them."""
    joins = [mark for mark in marks[max(0, at - 2) : at] if mark.has(*_PLUS)]
    return bool(joins) and not any(mark.word in ("con", "with", "com") for mark in joins)


def _aged(marks: Sequence[Mark], at: int, told: Told) -> None:
    told.children += 1
    told.ages.append(ages.before(marks, at) or 0)
    told.added = True


def _rooms(marks: Sequence[Mark], at: int, many: int | None, told: Told) -> None:
    if marks[at].has("kind"):
        told.kinds += many or 0
    elif marks[at].has("single"):
        told.singles += many or 0
    else:
        told.rooms = max(told.rooms, many or 0)
        told.each = told.each or (at + 1 < len(marks) and marks[at + 1].word == "de" and (many or 0) > 1)


# --- what it comes to ---


def _judged(told: Told, most: int) -> People:
    grown = [age for age in told.ages if age >= ages.GROWN]
    young = tuple(age for age in told.ages if age < ages.GROWN)
    adults, why = _adults(told)
    adults += len(grown)
    rooms = max(told.rooms, told.kinds + told.singles)
    if adults + len(young) > most or rooms > most:
        why = "many"
    if not why and len(told.ages) != told.children:
        why = "ages"
    if why:
        return People((Party(adults, young),) if why == "many" and adults > 0 else None, why)
    return _roomed(told, adults, young, rooms, most)


def _adults(told: Told) -> tuple[int, str]:
    """How many adults there are, or why that is not plain."""
    if told.vague:
        return 0, "people"
    with_me = told.adults + told.partners + told.me
    if told.partners and not told.me:
        return 0, "adults"
    if not told.people:
        return _uncounted(told, with_me)
    if len(set(told.people)) > 1:
        return 0, "total"
    people = told.people[0]
    if with_me:
        return with_me, "" if people in (with_me + told.children, with_me * (not told.children)) else "total"
    if told.children and not told.added:
        return 0, "total"
    return people, ""


def _uncounted(told: Told, adults: int) -> tuple[int, str]:
    """The adults where no number of people was told."""
    if told.alone and adults <= 1:
        return 1, ""
    if adults:
        return adults, ""
    if told.children:
        return 0, "adults"
    only_singles = told.singles > 1 and not told.kinds and told.rooms in (0, told.singles)
    return (told.singles, "") if only_singles else (0, "people")


def _roomed(told: Told, adults: int, young: tuple[int, ...], rooms: int, most: int) -> People:
    """The people in their rooms: an equal share each, and nothing is shared out that is not equal."""
    if rooms < 2:
        return People((Party(adults, young),))
    if told.each and not young:
        parties = tuple(Party(adults) for _ in range(rooms))
        return People(parties) if adults * rooms <= most else People(None, "many")
    if young or adults % rooms:
        return People(None, "split")
    return People(tuple(Party(adults // rooms) for _ in range(rooms)))
