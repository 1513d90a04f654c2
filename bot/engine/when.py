"""When a rule can answer, as data: kinds of event, and what must hold of the draft. A rule whose condition does not hold
is not called.

    kinds("text") & noted(QUIET)        intent("cancel") | guessed("danger")

A condition may be wider than its rule, which then leaves the turn to those after it; never narrower.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from re import Pattern
from typing import Final

from bot.engine.moves import all_given, rests
from bot.script.draft import Draft
from core.errors import Broken
from core.kinds import KINDS
from core.messages import Event
from core.resolution import Resolution
from core.turn import Record

EVERY_KIND: Final = frozenset(KINDS)
Holds = Callable[[Draft], bool]


@dataclass(frozen=True, slots=True)
class When:
    """The kinds of event, and what must hold besides; None when nothing else must."""

    kinds: frozenset[str] = EVERY_KIND
    holds: Holds | None = None

    def __and__(self, other: When) -> When:
        one, two = self.holds, other.holds
        both = (lambda draft: one(draft) and two(draft)) if one and two else one or two
        return When(self.kinds & other.kinds, both)

    def __or__(self, other: When) -> When:
        """Either of two conditions that look at the draft, of any event."""
        one, two = self.holds, other.holds
        if not one or not two or not self.kinds == other.kinds == EVERY_KIND:
            raise Broken("name the kinds beside: kinds(…) & (… | …)")
        return When(holds=lambda draft: one(draft) or two(draft))


@dataclass(frozen=True, slots=True)
class Answers:
    """A rule that answers and names the turn, or leaves it to the rules after it: ""."""

    rule: Callable[[Draft], str]
    when: When


@dataclass(frozen=True, slots=True)
class Prepares:
    """A rule that changes the draft for the rules after it, and answers nothing."""

    rule: Callable[[Draft], None]
    when: When


Rule = Answers | Prepares


class Rules:
    """Rules in their order."""

    def __init__(self, *rules: Rule):
        self.every = rules
        self._of_kind = {kind: tuple(rule for rule in rules if kind in rule.when.kinds) for kind in KINDS}

    def answer(self, draft: Draft) -> str:
        """The name of the turn by the first rule that answers; "" when none does."""
        for rule in self._of_kind[draft.event.kind if draft.event.kind in KINDS else "unreadable"]:
            holds = rule.when.holds
            if (holds is None or holds(draft)) and (trigger := rule.rule(draft)):
                return trigger
        return ""


def other_desk_of(event: Event) -> Mapping[str, str] | None:
    """The desk that its customer belongs to, where that is another one."""
    resolved = event.content.get("resolved")
    return resolved if resolved and resolved.get("by") == Resolution.REJECTED else None


def kinds(*names: str) -> When:
    """Events of these kinds only."""
    return When(_known(names))


def but_kinds(*names: str) -> When:
    """Events of any other kind."""
    return When(EVERY_KIND - _known(names))


def _known(names: tuple[str, ...]) -> frozenset[str]:
    if unknown := set(names) - EVERY_KIND:
        raise Broken(f"no kinds of event: {', '.join(sorted(unknown))}")
    return frozenset(names)


def intent(*names: str) -> When:
    """One of these is what was meant."""
    meant = frozenset(names)
    return When(holds=lambda draft: draft.intent in meant)


def guessed(*names: str) -> When:
    """A value of one of these names was understood."""
    return When(holds=lambda draft: any(name in draft.guesses for name in names))


def noted(*names: str) -> When:
    """The session keeps one of these notes."""
    return When(holds=lambda draft: any(name in draft.notes for name in names))


def lacking(note: str, part: str) -> When:
    """The note of the session has not this part yet."""
    return When(holds=lambda draft: part not in (draft.notes.get(note) or {}))


def setting(name: str, *values: object) -> When:
    """The desk has set this, to one of the values where some are named."""
    if not values:
        return When(holds=lambda draft: bool(getattr(draft.desk_settings, name)))
    return When(holds=lambda draft: getattr(draft.desk_settings, name) in values)


def inside(flow: str) -> When:
    """The conversation stands in this flow."""
    return When(holds=lambda draft: draft.flow == flow)


def written(pattern: Pattern[str]) -> When:
    """The text has something of this form."""
    return When(holds=lambda draft: pattern.search(draft.event.text) is not None)


def kept(record: type[Record]) -> When:
    """The turn writes such a record."""
    return When(holds=lambda draft: any(isinstance(each, record) for each in draft.records))


ALWAYS: Final = When()
CUSTOMER: Final = When(frozenset(name for name, kind in KINDS.items() if kind.origin == "customer"))
"""The customer speaks."""
HELD: Final = When(holds=lambda draft: draft.agent is not None)
"""A member of staff holds the conversation."""
LATE: Final = When(holds=lambda draft: draft.late_s > draft.settings.late_after_s)
"""Said so long ago that an answer needs an apology."""
TURNED_AWAY: Final = When(holds=lambda draft: other_desk_of(draft.event) is not None)
"""The customer belongs to another desk."""
OFF: Final = When(holds=lambda draft: not rests(draft) and draft.off(draft.flow))
"""The flow that the conversation stands in is switched off."""
ASKING: Final = When(holds=lambda draft: draft.asking)
"""The question of the state is put."""
ALL_GIVEN: Final = When(holds=all_given)
"""The question of the state asks for nothing that is not known."""
ANNOUNCING: Final = When(holds=lambda draft: draft.announcing)
BY_ITSELF: Final = When(holds=lambda draft: draft.by_itself)
"""The bot begins by itself."""
