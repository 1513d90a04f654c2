"""Follow-ups: scheduled messages, which the bot begins by itself when nobody waits for it: a survey, a reminder.

A follow-up about a thing (a ticket, a booking) is the timer `<name>:<thing>`, a row that the turn which decides so sets or
cancels. When it is due, the turn looks anew whether it is still wanted (`bot/engine/rules/follow_ups.py`). One that opens a
flow waits there for an answer, with the timers `<name>_reminder` and `<name>_expiry`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from bot.script import civil_hours
from bot.script.desk_settings import DeskSettings
from bot.script.draft import Draft
from bot.script.phrases.regions import written_as
from core.messages import Template

Content = Mapping[str, Any]
"""Values that the timer was set with, as JSON keeps them."""
REMINDER, EXPIRY = "_reminder", "_expiry"
REMINDED: Final = "reminded"
"""In the note of what is asked about: how many reminders went out."""


def _stands(draft: Draft, content: Content) -> str:
    return ""


def _nothing(draft: Draft, content: Content) -> Mapping[str, object]:
    return {}


@dataclass(frozen=True, slots=True)
class Pace:
    """When, how often and for how long, as the settings of one business say."""

    from_h: int
    to_h: int
    """The hours of its day between which it goes out."""
    apart_h: float = 0.0
    """Hours between two of this name to one customer."""
    reminders: int = 0
    """The cap: after the first, so many more go out while the customer does not answer."""
    reminder_h: float = 0.0
    """Hours between them."""
    expiry_h: float = 72.0
    """Hours until nobody waits for an answer any more."""
    good_for_h: float = 24.0
    """Hours after its moment (`due_at`) in which it still makes sense."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One kind of scheduled message."""

    name: str
    pace: Callable[[DeskSettings], Pace]
    about: str
    """The note that keeps what it is about, while its flow waits for an answer."""
    last_at: str
    """The note of when the last one went out."""
    flow: str = ""
    """The flow that it opens; "" when it only says something."""
    words: str = ""
    """The phrase file of what it says, where it opens no flow: the phrase called like the follow-up."""
    values: Callable[[Draft, Content], Mapping[str, object]] = _nothing
    """The values of that phrase; those of a template are the same, in their order."""
    unwanted: Callable[[Draft, Content], str] = _stands
    """Why it is not wanted any more, by the facts of the moment; "" when it is."""
    due_at: Callable[[Draft, Content], datetime] | None = None
    """Its moment by the facts as they are now, where they may have moved it."""
    outside: Literal["own", "any", "never"] = "own"
    """When the window of the channel is shut: its own template or nothing, else the number's template, or nothing at all."""


def timer_of(name: str, thing: str) -> str:
    """The timer of a follow-up about a thing: each has its own."""
    return f"{name}:{thing}"


def schedule(draft: Draft, follow_up: FollowUp, thing: str, after_s: float, **content: Any) -> None:
    """Send it after so many seconds, at a civil hour. What was scheduled about the same thing is replaced."""
    draft.arm(timer_of(follow_up.name, thing), civil_wait_s(draft, follow_up, after_s), **content)


def schedule_at(draft: Draft, follow_up: FollowUp, thing: str, at: datetime, **content: Any) -> None:
    """Send it at this moment; what is past already is not sent, and no older one about the same thing either."""
    if at <= draft.now:
        cancel(draft, follow_up, thing)
    else:
        schedule(draft, follow_up, thing, (at - draft.now).total_seconds(), **content)


def cancel(draft: Draft, follow_up: FollowUp, thing: str) -> None:
    draft.disarm(timer_of(follow_up.name, thing))


def end(draft: Draft, follow_up: FollowUp) -> None:
    """The customer has answered, or does not want to: nobody reminds, and nothing expires."""
    draft.disarm(follow_up.name + EXPIRY, follow_up.name + REMINDER)
    draft.notes.pop(follow_up.about, None)


def civil_wait_s(draft: Draft, follow_up: FollowUp, after_s: float) -> float:
    pace = follow_up.pace(draft.desk_settings)
    return civil_hours.wait_s(draft.now, after_s, draft.before.desk.timezone, pace.from_h, pace.to_h)


def template_of(draft: Draft, follow_up: FollowUp, content: Content) -> Template | None:
    """Its approved template in the customer's language; None where the business names none."""
    for written in draft.desk_settings.templates:
        purpose, _, named = written.partition("=")
        name, _, language = named.partition("/")
        if purpose == follow_up.name and language.partition("_")[0] == written_as(draft.language):
            return Template(name, language, tuple(str(v) for v in follow_up.values(draft, content).values()))
    return None
