"""Running a panel's query: parameters are bound, the reader's desks limit the rows, and results are cached briefly."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from core.clock import Clock
from core.panels.panel_file import Panel
from core.panels.parameters import SHARED, values
from core.rows import Rows
from core.store.asking.viewing import ALL_DESKS, Limits, Question, Viewing
from core.ttl_cache import TtlCache
from dashboard.person import Staff

DESKS = "select desk, name, timezone from report.desks order by name"
DESKS_KEEP_S = 30.0
MOST_ANSWERS = 300


class NotYours(Exception):
    """This desk is not one that the person may see."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The query of a request: its parameters as text, and the desks whose rows count."""

    given: Mapping[str, str]
    desks: frozenset[str]
    """Desks that the person may see and has chosen; `*` is all."""

    @classmethod
    def by(cls, staff: Staff, given: Mapping[str, str]) -> Asked:
        """A chosen desk narrows what the person may see, and never widens it."""
        chosen = given.get("desk", "")
        if chosen and not staff.sees(chosen):
            raise NotYours
        mine = frozenset({ALL_DESKS}) if staff.desks is None else staff.desks
        return cls(given, frozenset({chosen}) if chosen else mine)

    def within(self, desks: frozenset[str]) -> Asked:
        """The same, of these desks only."""
        return Asked(self.given, desks if ALL_DESKS in self.desks else self.desks & desks)


@dataclass(frozen=True, slots=True)
class Answer:
    rows: Rows
    at: datetime


class Asking:
    """All panels of this process are asked here."""

    def __init__(self, viewing: Viewing, clock: Clock, limits: Limits, keep_s: float):
        self._viewing, self._clock, self._limits = viewing, clock, limits
        self._answers: TtlCache[Hashable, Answer] = TtlCache(MOST_ANSWERS, keep_s)
        self._desks: TtlCache[Hashable, Rows] = TtlCache(MOST_ANSWERS, DESKS_KEEP_S)

    def answer(self, panel: Panel, asked: Asked) -> Answer:
        """The rows. Raises BadValue for what was typed, Unanswered for what the database says."""
        question = self._question(panel, asked)
        given = tuple((name, asked.given.get(name, "")) for name in sorted(panel.statement.names))
        length = (*given, asked.given.get("since"), asked.given.get("until"))
        key = (panel.path, panel.source, length, asked.desks)
        return self._answers.get_or_make(key, lambda: self._answer(question))

    def stream(self, panel: Panel, asked: Asked) -> Iterator[Rows]:
        """Every row, a batch at a time."""
        return self._viewing.stream(self._question(panel, asked))

    def range(self, asked: Asked) -> tuple[datetime, datetime]:
        """The time that is looked at."""
        bound = values(SHARED, asked.given, self._clock.now())
        since, until = bound["since"], bound["until"]
        assert isinstance(since, datetime)
        assert isinstance(until, datetime)
        return since, until

    def desks(self, staff: Staff) -> Rows:
        """The desks that the person may see: desk, name, timezone."""
        asked = Asked.by(staff, {})
        question = Question(DESKS, {}, asked.desks)
        return self._desks.get_or_make(asked.desks, lambda: self._viewing.ask_aside(question, self._limits))

    def zone(self, staff: Staff, chosen: str) -> tzinfo:
        """The time zone of the desk, or of all desks when they share one; else UTC."""
        zones = {row[2] for row in self.desks(staff).rows if chosen in ("", row[0])}
        return ZoneInfo(zones.pop()) if len(zones) == 1 else UTC

    def _question(self, panel: Panel, asked: Asked) -> Question:
        return Question(panel.statement.text, values(panel.asked, asked.given, self._clock.now()), asked.desks)

    def _answer(self, question: Question) -> Answer:
        return Answer(self._viewing.ask(question, self._limits), self._clock.now())
