"""A turn: everything that was decided in answer to one event, as one value.

`core/store/path/commit.py` is the only reader that writes. Several turns of one conversation that follow each other may
be written together: people write in bursts, and get one answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple

from core.messages import Event, Media, Outbound, Place
from core.own_files import OwnFile
from core.reading import Reading
from core.session import Session


@dataclass(frozen=True, slots=True)
class TimerSet:
    """Ring at `due_at`; with `rest_s`, only once nothing was heard from the customer for that long."""

    name: str
    due_at: datetime
    rest_s: float | None = None
    content: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TimerCancelled:
    name: str


@dataclass(frozen=True, slots=True)
class TicketOpened:
    """A record for staff: a failure report, a help-desk ticket, …"""

    number: str
    kind: str
    summary: str
    content: Mapping[str, Any] = field(default_factory=dict)
    priority: Literal["normal", "urgent"] = "normal"


@dataclass(frozen=True, slots=True)
class TicketChanged:
    """A ticket of this conversation has another status, or somebody else of staff looks after it."""

    number: str
    what: Literal["status", "assignee"]
    before: str
    after: str
    by: str
    note: str = ""
    """A note for the customer."""


@dataclass(frozen=True, slots=True)
class TicketAdded:
    """The customer has told something more about a ticket of this conversation."""

    number: str
    text: str


@dataclass(frozen=True, slots=True)
class SurveyAnswer:
    """One rating of one question about one ticket; a second one for the same question is not counted."""

    ticket: str
    question: int
    rating: int


@dataclass(frozen=True, slots=True)
class SurveyFinished:
    """How the survey about a ticket ended; `comment` is what the customer added."""

    ticket: str
    status: Literal["completed", "rejected", "expired"]
    comment: str = ""


@dataclass(frozen=True, slots=True)
class ErrandWanted:
    """Slow work that a service does outside the turn; its result comes back as an event of the conversation."""

    service: str
    what: str
    key: str
    """The idempotency key: of one conversation and service, what has this key is done once."""
    content: Mapping[str, Any] = field(default_factory=dict)
    within_s: float = 60.0
    """After so many seconds no further try begins, and the conversation hears how it stands."""


@dataclass(frozen=True, slots=True)
class HoldKept:
    """The hold goes on: prolonged (twice at most), or while somebody looks at what the customer sent."""

    key: str
    for_s: float
    looked_at: bool = False


@dataclass(frozen=True, slots=True)
class HoldReleased:
    """The customer does not want any more what is held."""

    key: str


@dataclass(frozen=True, slots=True)
class SaidAgain:
    """A send that nobody knows to have arrived is given up: what it said is said again in this turn."""

    outbound: int


@dataclass(frozen=True, slots=True)
class FileSaid:
    """A picture of ours that one of the turn's replies shows: its bytes are kept with the conversation."""

    file: OwnFile


@dataclass(frozen=True, slots=True)
class OptOutSet:
    """The person wants nothing from us by ourselves (`out`), or wants it again: on every number of the portfolio."""

    out: bool


Record = (
    TicketOpened
    | TicketChanged
    | TicketAdded
    | SurveyAnswer
    | SurveyFinished
    | ErrandWanted
    | HoldKept
    | HoldReleased
    | SaidAgain
    | FileSaid
    | OptOutSet
)
TimerChange = TimerSet | TimerCancelled


class Sentence(NamedTuple):
    """One thing said before the question, and the name of its phrase."""

    key: str
    text: str
    link: tuple[str, str] | None = None
    """The title of a button beneath it, and the address that it opens."""
    picture: Media | None = None
    """A picture that the sentence is the caption of: a message of its own."""
    place: Place | None = None
    """A place on the map, in a message of its own."""


@dataclass(frozen=True, slots=True)
class Turn:
    """`after` is `before` one version later; everything else is written with it or not at all."""

    event: Event
    before: Session
    after: Session
    trigger: str
    reading: Reading | None = None
    replies: tuple[Outbound, ...] = ()
    records: tuple[Record, ...] = ()
    timers: tuple[TimerChange, ...] = ()
    buried: str = ""
    """The event could not take effect, and why: it becomes a dead letter, and this turn says so to the customer."""
    note: str = ""
    """Why, when the states alone do not tell: "stale timer", "session could not be read"…"""
    said: tuple[Sentence, ...] = ()
    question: Outbound | None = None
    """Of what the replies are made, so that several turns can be answered by one; nothing of it is written."""

    @property
    def conversation_id(self) -> int:
        return self.before.conversation_id

    @property
    def wants_errands(self) -> bool:
        return any(isinstance(record, ErrandWanted) for record in self.records)
