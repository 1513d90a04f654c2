"""Rules shared by desks, and the order in which rules are tried. Pure, deterministic and fast.

The order of a desk's rules is their meaning: the first that says something wins. A rule gets what is known of a
message so far, adds guesses to it, and says an intent with how sure it is; None lets the next rule try.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from math import inf
from typing import Final, TypeVar

from bot.nlu import answers, dangers, opinions, places, ratings
from bot.nlu.message import Found
from core.messages import Event
from core.reading import Expectation, Guess, Reading

SURE, CLEAR, HALF, FAINT = 1.0, 0.9, 0.6, 0.5
Said = tuple[str, float]
"""An intent and how sure we are of it."""
F = TypeVar("F", bound=Found)
ReadText = Callable[[str, Expectation], Reading]
"""How a desk reads words."""


WRITTEN: Final = frozenset({"text", "image", "video", "document", "ticket_told"})
"""Kinds of event in which a customer writes: a caption may tell of danger as well, and a note on the page of a ticket."""
CAPTIONED: Final = frozenset({"image", "video", "document"})
HEARD: Final = frozenset({"text", "choice"})
OPINIONS: Final = {"good": "pleased", "bad": "displeased", "stop": "no_more"}
"""The intents of an answer to “how was it?”."""
EVERYWHERE: Final = frozenset(
    {"person", "start", "menu", "restart", "help", "english", "spanish", "portuguese", "back"}
)
"""Meant whatever was asked. “Stop” and “baja” are no opinion, and so are meant too; “no más” answers the question only."""
POLITE: Final = frozenset({"", "yes", "no", "thanks", "greeting", "farewell", "complaint", "cancel"})
SURELY: Final = 95
MOST_S: Final = 0.25
"""Of processor time: what else the machine does is not counted. The slowest text known takes a hundredth of it."""
OUT_OF_TIME: Final = "out_of_time"
"""Why a reading says nothing."""


def read(event: Event, expectation: Expectation, read_text: ReadText) -> Reading:
    """Read an event by the rules, including signs of danger."""
    reading = _read(event, expectation, read_text)
    if expectation.kind == "opinion" and event.kind in HEARD:
        reading = _opinion(event, expectation, reading)
    danger = danger_in(event, expectation)
    return replace(reading, guesses={**reading.guesses, **danger}) if danger else reading


def danger_in(event: Event, expectation: Expectation) -> dict[str, Guess]:
    """Danger that was told, which counts whatever else is read, and when nothing is."""
    danger = dangers.kind_and_language(event.text, expectation.language) if event.kind in WRITTEN else ""
    return {"danger": Guess(danger, SURELY, "rules")} if danger else {}


def _opinion(event: Event, expectation: Expectation, reading: Reading) -> Reading:
    """An answer to “how was it?”: read alike at every desk. Blame outweighs whatever else the words could mean to a desk,
    praise only what is politeness."""
    opinion = opinions.read(event.text)
    if not opinion or reading.intent in EVERYWHERE or (opinion == "good" and reading.intent not in POLITE):
        return reading
    told = {expectation.slot: Guess(event.text, 90, "asked")} if expectation.slot else {}
    return Reading(OPINIONS[opinion], CLEAR, told, why="opinion")


def _read(event: Event, expectation: Expectation, read_text: ReadText) -> Reading:
    """Its words as the desk reads them; what is no text is read the same for every desk."""
    if event.kind == "text":
        return read_text(event.text, expectation)
    if event.kind == "request_welcome":
        return Reading("greeting", SURE, why="kind")
    if event.kind == "choice" and event.content.get("source") == "template":
        return read_text(event.text, expectation)  # the button of a template carries nothing but its words
    if event.kind == "choice" and event.content.get("id"):
        return Reading("", SURE, {"choice": Guess(event.content["id"], 100, "pressed")}, why="kind")
    spot = places.pin(event.content) if event.kind == "location" else None
    if spot:
        return Reading("", SURE, {"location": spot}, why="kind")
    if event.kind in CAPTIONED and event.text:
        return _caption(read_text(event.text, expectation), event.kind)
    return Reading(source="kind", why=event.kind)


def _caption(reading: Reading, kind: str) -> Reading:
    """Values told beside a photo count; what to do is said by the photo."""
    told = {name: guess for name, guess in reading.guesses.items() if name != "choice"}
    return Reading("", reading.confidence, told, source="kind", why=kind)


def first(found: F, rules: Sequence[Callable[[F], Said | None]]) -> Said | None:
    """The result of the first rule that has one. Raises OutOfTime when the reading takes too long."""
    for rule in rules:
        check_time()
        said = rule(found)
        if said is not None:
            return said
    return None


# --- the time that one reading may take ---


class OutOfTime(Exception):
    """The reading took too long."""


class Deadline:
    def __init__(self, clock: Callable[[], float], seconds: float = MOST_S):
        self._clock = clock
        self._until = clock() + seconds

    def check(self) -> None:
        if self._clock() > self._until:
            raise OutOfTime


_NEVER: Final = Deadline(lambda: 0.0, inf)
_current: ContextVar[Deadline] = ContextVar("deadline", default=_NEVER)


@contextmanager
def within(clock: Callable[[], float]) -> Iterator[None]:
    """Limit the time of all reading inside, whichever desk reads."""
    token = _current.set(Deadline(clock))
    try:
        yield
    finally:
        _current.reset(token)


def check_time() -> None:
    """Raises OutOfTime when the time of this reading is over."""
    _current.get().check()


# --- rules that desks share ---


def opt_out(found: Found) -> Said | None:
    intent = answers.opt_out(found.message)
    return (intent, SURE) if intent else None


def chosen(found: Found) -> bool:
    """Whether an option was typed, by its title or its number; then it is guessed."""
    option = answers.option(found.message, found.expects)
    if option is not None:
        found.guesses["choice"] = Guess(option.id, 100, "typed")
    return option is not None


def mark(found: Found) -> Said | None:
    """A mark from 1 to 5, as a number or in words."""
    given = ratings.read(found.message)
    if given is None:
        return None
    found.guesses["rating"] = Guess(given, 95, "asked")
    return "rating", SURE


def whole(found: Found, *intents: str) -> Said | None:
    """The message is a phrase of one of these, and nothing else that matters."""
    for intent in intents:
        if found.message.has(intent) and answers.covered_by(found.message, intent):
            return intent, SURE
    return None


def decision(found: Found) -> Said | None:
    return whole(found, "yes", "no")


def comment(found: Found) -> Said | None:
    """The comment of a survey, as it was written; also in place of the yes to “any comments?”."""
    words = len(found.message.tokens)
    if found.expects.slot != "comment" or words < (1 if found.asked else 2):
        return None
    found.guesses["comment"] = Guess(found.message.text, 90, "asked")
    return "", CLEAR


def polite(found: Found, longer_than: int = 0) -> Said | None:
    """A greeting before something that was not understood."""
    hit = found.message.hit("greeting")
    return ("greeting", FAINT) if hit and hit.first == 0 and len(found.message.text) > longer_than else None
