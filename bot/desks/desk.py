"""A desk: everything a business may bring. What is not on this page, a desk cannot change.

`bot/desks/<name>/__init__.py` says `DESK = Desk(...)`; its phrases are found in `phrases/<language>/<flow>.toml`
beside it, its panels in `panels/*.sql`. Desks are found by folder, and never import each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from bot.errands.service import ServiceOf
from bot.nlu.rules import ReadText
from bot.nlu.subject import Subject
from bot.script.catalogue.kind import Column
from bot.script.desk_settings import DeskSettings
from bot.script.draft import Draft
from bot.script.facts import Fact
from bot.script.faq import Faq
from bot.script.follow_ups import FollowUp
from bot.script.purposes import Purposes
from core.bookable import Bookable


def _anything(draft: Draft, slot: str, value: object) -> bool:
    return True


def _nothing(draft: Draft) -> Mapping[str, object]:
    return {}


def _unheeded(draft: Draft) -> str:
    draft.note = "no flow waits for this result"
    return "errand"


@dataclass(frozen=True, slots=True)
class Desk:
    """One business. Only `name`, `flows` and `languages` are needed by a desk whose flows serve every desk."""

    name: str
    """The name of its folder."""
    flows: tuple[ModuleType, ...]
    """Its conversation scripts; the first is the menu, where a conversation begins and comes back to."""
    languages: tuple[str, ...]
    """Its phrases are whole in these languages, and need not be in others."""
    title: str = ""
    """Its name for staff, above its panels; its folder's name without it."""
    read: ReadText | None = None
    """Its words and rules: what a text means. Without it, the desk has no menu: its flows serve every desk."""
    subject: Subject | None = None
    """The subject of questions to the AI; None: the AI is not asked."""
    interrupts: frozenset[str] = frozenset()
    """Intents before which a shared flow (tickets, survey) steps aside: its customers came for these."""
    settings: type[DeskSettings] = DeskSettings
    """Its settings: typed, each with help; checked when a desk is put in place."""
    told_by: frozenset[str] = frozenset()
    """Guesses that are no slot of a form, and yet tell the flow something."""
    alike: tuple[str, ...] = ()
    """Slots whose values look alike, so that a correction may mean either."""
    fits: Callable[[Draft, str, object], bool] = _anything
    """Whether a value found for a slot may be one of this desk's."""
    about: Callable[[Draft, Mapping[str, Any]], str] | None = None
    """Whether what was just told is about this ticket: "same" when it seems so, "other", or "" when it does not say."""
    shows: Callable[[Draft], Mapping[str, object]] = _nothing
    """Values that any hint of this desk may show."""
    photos: Purposes = field(default_factory=dict)
    """Purposes of photos, by name. `evidence`, which is only kept, every desk knows."""
    faq: Faq = field(default_factory=Faq)
    """Questions that it answers at any time."""
    asks_staff: bool = False
    """A question that it cannot answer goes to staff as a ticket of the kind `question`; else a person is offered."""
    catalogue: Mapping[str, tuple[Column, ...]] = field(default_factory=dict)
    """Its lists of things, by kind, and the columns of each: what `turno catalogue` and `turno desk apply` take."""
    facts: Mapping[str, Fact] = field(default_factory=dict)
    """The facts that its steps may ask for, by name: out of its catalogue, or of a service outside."""
    services: Mapping[str, ServiceOf] = field(default_factory=dict)
    """Services outside that do errands for it, by name: a booking system, a map."""
    follow_ups: tuple[FollowUp, ...] = ()
    """Scheduled messages that the bot begins by itself: a survey, a reminder."""
    bookable: Bookable | None = None
    """Its units, where it holds and books them: the window then has a page of its bookings."""
    late_result: Callable[[Draft], str] = _unheeded
    """Answers the result of an errand that no flow waits for any more, and names the turn."""
    mentions: frozenset[str] = frozenset()
    """Slots whose last three values are kept for the session, whatever becomes of the case; with them the last five intents."""
    case_notes: frozenset[str] = frozenset()
    """Notes that belong to what is under way, and are dropped when it ends."""

    @property
    def named(self) -> str:
        """Its name for staff."""
        return self.title or self.name.replace("_", " ").capitalize()
