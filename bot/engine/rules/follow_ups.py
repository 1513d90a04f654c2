"""Follow-ups that are due: said, put off, or left out, by the facts of the moment; and reminders while nobody answers.

A follow-up is explained in `bot/script/follow_ups.py`; a desk lists its own in `Desk.follow_ups`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.desks import follow_up_of
from bot.engine.moves import advance, flow_of, go, rests
from bot.engine.rules import announcing, cancelling, opt_out
from bot.script.draft import Draft
from bot.script.follow_ups import (
    EXPIRY,
    REMINDED,
    REMINDER,
    FollowUp,
    civil_wait_s,
    schedule,
    template_of,
)
from bot.script.phrases import phrase
from core.turn import Sentence

POSTPONED_S = 3600.0
OWN = frozenset({"name", "set_at_version"})
"""The parts of a timer's event that tell of the timer itself."""
Ring = Callable[[Draft, FollowUp], None]


def ring_of(draft: Draft, timer: str) -> Callable[[Draft], None] | None:
    """The effect of a due timer of a follow-up; None for any other timer."""
    for ending, ring in ((REMINDER, _remind), (EXPIRY, _expire), ("", _due)):
        found = follow_up_of(draft.before.desk, timer.removesuffix(ending)) if timer.endswith(ending) else None
        if found is not None and (found.flow or not ending):
            return _ringing(ring, found)
    return None


def waits(draft: Draft, timer: str) -> bool:
    """Whether this timer waits for an answer to a follow-up."""
    return timer.endswith((REMINDER, EXPIRY)) and ring_of(draft, timer) is not None


def _ringing(ring: Ring, follow_up: FollowUp) -> Callable[[Draft], None]:
    return lambda draft: ring(draft, follow_up)


def _due(draft: Draft, follow_up: FollowUp) -> None:
    """Say it, unless it is not wanted any more, moved, too late, or the customer is busy."""
    content = {name: value for name, value in draft.event.content.items() if name not in OWN}
    if why := follow_up.unwanted(draft, content):
        draft.note = why
    elif opt_out.stands(draft):
        draft.note = "not wanted"
    elif late_s := _moved(draft, follow_up, content):
        _move(draft, follow_up, content, late_s)
    elif wait_s := _not_now_s(draft, follow_up):
        draft.note = "busy: postponed"
        schedule(draft, follow_up, _thing(draft), wait_s, **content)
    else:
        _send(draft, follow_up, content)


def _thing(draft: Draft) -> str:
    return str(draft.event.content.get("name")).partition(":")[2]


def _moved(draft: Draft, follow_up: FollowUp, content: Mapping[str, Any]) -> float:
    """Seconds until its moment by today's facts (more than 0), or since it was too late (less); 0 when it is now."""
    if follow_up.due_at is None:
        return 0.0
    since_s = (draft.now - follow_up.due_at(draft, content)).total_seconds()
    good_s = 3600.0 * follow_up.pace(draft.desk_settings).good_for_h
    return -since_s if since_s < 0 else min(0.0, good_s - since_s)


def _move(draft: Draft, follow_up: FollowUp, content: Mapping[str, Any], late_s: float) -> None:
    draft.note = "moved" if late_s > 0 else "too late"
    if late_s > 0:
        schedule(draft, follow_up, _thing(draft), late_s, **content)


def _not_now_s(draft: Draft, follow_up: FollowUp) -> float:
    """How long to wait before saying it: 0 when now is a good moment."""
    said_at = draft.notes.get(follow_up.last_at)
    cooling_s = 3600.0 * follow_up.pace(draft.desk_settings).apart_h
    since_s = (draft.now - datetime.fromisoformat(said_at)).total_seconds() if said_at else cooling_s
    if since_s < cooling_s:
        return cooling_s - since_s
    return POSTPONED_S if _is_busy(draft, follow_up) else civil_wait_s(draft, follow_up, 0.0)


def _is_busy(draft: Draft, follow_up: FollowUp) -> bool:
    """Whether staff hold the conversation, or something is under way in it. A mere sentence disturbs no flow that waits
    for days."""
    if draft.agent is not None or (follow_up.flow and draft.off(follow_up.flow)):
        return True
    waits = not follow_up.flow and not rests(draft) and flow_of(draft).patient
    return not rests(draft) and draft.flow != cancelling.FLOW and not waits


def _send(draft: Draft, follow_up: FollowUp, content: Mapping[str, Any]) -> None:
    if not _may_go(draft, follow_up, content):
        draft.note = announcing.UNSAID
        return
    draft.notes[follow_up.last_at] = draft.now.isoformat()
    if not follow_up.flow:
        values = follow_up.values(draft, content)
        draft.said.append(Sentence(follow_up.name, phrase(draft.language, follow_up.words, follow_up.name, **values)))
        return
    pace = follow_up.pace(draft.desk_settings)
    draft.notes[follow_up.about] = content
    go(draft, follow_up.flow)
    advance(draft, "begin")
    draft.arm(follow_up.name + EXPIRY, 3600.0 * pace.expiry_h)
    if pace.reminders:
        draft.arm(follow_up.name + REMINDER, civil_wait_s(draft, follow_up, 3600.0 * pace.reminder_h))


def _may_go(draft: Draft, follow_up: FollowUp, content: Mapping[str, Any]) -> bool:
    """Whether the window is open, or a template may go instead."""
    if not announcing.is_shut(draft):
        return True
    if follow_up.outside != "never":
        draft.template = template_of(draft, follow_up, content)
    return draft.template is not None or follow_up.outside == "any"


def _remind(draft: Draft, follow_up: FollowUp) -> None:
    """Remind a customer who has not answered, as often as its pace says."""
    if draft.flow != follow_up.flow or rests(draft):
        draft.note = "no longer wanted"
        return
    about = draft.notes.get(follow_up.about) or {}
    pace, reminded = follow_up.pace(draft.desk_settings), int(about.get(REMINDED, 0)) + 1
    if reminded < pace.reminders:
        draft.notes[follow_up.about] = {**about, REMINDED: reminded}
        draft.arm(follow_up.name + REMINDER, civil_wait_s(draft, follow_up, 3600.0 * pace.reminder_h))
    if draft.agent is not None:
        draft.note = "no longer wanted"
    elif not _may_go(draft, follow_up, about):
        draft.note = announcing.UNSAID
    else:
        draft.say("reminder")
        draft.repeat()


def _expire(draft: Draft, follow_up: FollowUp) -> None:
    if draft.flow == follow_up.flow and not rests(draft):
        advance(draft, "expire")
