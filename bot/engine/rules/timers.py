"""Timers: the effect of a due timer, and the timers that a waiting conversation needs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.engine.moves import advance, flow_of, go, rest, rests
from bot.engine.rules import cancelling, flows_off, opt_out, staff
from bot.script.draft import Draft
from bot.script.notes import SURVEY, SURVEYED_AT, VISITOR

WARN, CLOSE = "inactivity_warn", "inactivity_close"
INVITATION, REMINDER, EXPIRY = "survey", "survey_reminder", "survey_expiry"
SESSION = "session_end"
FLOW = "survey"
"""The flow that asks about a resolved ticket."""
WAITING = (WARN, CLOSE, REMINDER, EXPIRY)
"""Timers that wait for the customer to go on."""
POSTPONED_S = 3600.0


def ring(draft: Draft) -> str:
    """Answer a timer, unless something newer has replaced it."""
    name = str(draft.event.content.get("name"))
    if _what(name) not in RINGS or not _armed(draft, name):
        draft.note = "stale timer"
        return "timer"
    draft.armed.pop(name, None)
    draft.by_itself = True
    if draft.person_wanted and name in (WARN, CLOSE):
        draft.note = "waits for a person: not hurried"
        return name
    if flows_off.inside(draft) and _what(name) in WAITING:
        return _put_off(draft, name)
    RINGS[_what(name)](draft)
    return _what(name)


def _put_off(draft: Draft, name: str) -> str:
    """Do not hurry a customer who could not continue: restart the inactivity timer, extend a survey."""
    draft.note = "in maintenance: postponed"
    if name not in (WARN, CLOSE):
        draft.arm(name, POSTPONED_S)
    return name


def survey_of(ticket: str) -> str:
    """The timer that asks about this ticket: each has its own."""
    return f"{INVITATION}:{ticket}"


def civil_wait_s(draft: Draft, wait_s: float) -> float:
    """The wait, made longer until it ends at an hour at which people may be written to."""
    at = (draft.now + timedelta(seconds=wait_s)).astimezone(ZoneInfo(draft.before.desk.timezone))
    from_h, to_h = draft.desk_settings.survey_from_h, draft.desk_settings.survey_to_h
    if from_h <= at.hour < to_h:
        return wait_s
    day = at if at.hour < from_h else at + timedelta(days=1)
    return (day.replace(hour=from_h, minute=0, second=0, microsecond=0) - draft.now).total_seconds()


def watch(draft: Draft) -> None:
    """A conversation that waits for its customer is warned in time; any other is left in peace. While the customer
    waits for a person, it is not the customer who is late.

    A desk whose sessions live for hours (`session_h`) warns nobody: when the hours are over, its session ends in
    silence, and what was kept for it goes.
    """
    if session_h := draft.desk_settings.session_h:
        if SESSION not in draft.armed:
            draft.arm(SESSION, 3600.0 * session_h, rest_s=3600.0 * session_h)
        return
    if draft.agent is not None or draft.person_wanted or rests(draft) or flow_of(draft).patient:
        draft.disarm(WARN, CLOSE)
        return
    if draft.from_customer:
        draft.disarm(CLOSE)
    if WARN not in draft.armed and CLOSE not in draft.armed:
        draft.arm(WARN, draft.settings.inactivity_warn_s, rest_s=draft.settings.inactivity_warn_s)


def _what(name: str) -> str:
    """A timer's purpose, without its object."""
    return name.partition(":")[0]


def _armed(draft: Draft, name: str) -> bool:
    return name in draft.armed and draft.armed[name] == draft.event.content.get("set_at_version")


def _warn(draft: Draft) -> None:
    draft.announce()
    draft.say("still_there")
    draft.arm(CLOSE, draft.settings.inactivity_close_s)


def _close(draft: Draft) -> None:
    draft.announce()
    draft.say("timed_out")
    rest(draft, "timed_out")


def _end_session(draft: Draft) -> None:
    """End an idle session silently. It continues while staff hold it or a person is wanted."""
    draft.note = "session over"
    draft.asking = False
    if draft.agent is not None or draft.person_wanted:
        return
    draft.notes.pop(VISITOR, None)
    rest(draft, "timed_out")
    draft.asking = False


def _survey(draft: Draft) -> None:
    """Invite, unless the customer is busy, was asked a moment ago, or wants nothing from us by ourselves."""
    ticket = str(draft.event.content.get("ticket") or "")
    if not ticket or opt_out.stands(draft):
        draft.note = "not wanted" if ticket else "a survey about no ticket"
    elif wait_s := _not_now_s(draft):
        draft.note = "busy: postponed"
        draft.arm(survey_of(ticket), civil_wait_s(draft, wait_s), ticket=ticket)
    else:
        _invite(draft, ticket)


def _not_now_s(draft: Draft) -> float:
    """How long to wait before asking: 0 when now is a good moment."""
    asked_at = draft.notes.get(SURVEYED_AT)
    cooling_s = 3600.0 * draft.desk_settings.survey_cooldown_h
    since_s = (draft.now - datetime.fromisoformat(asked_at)).total_seconds() if asked_at else cooling_s
    if since_s < cooling_s:
        return cooling_s - since_s
    under_way = not rests(draft) and draft.flow != cancelling.FLOW
    busy = draft.agent is not None or under_way or draft.off(INVITATION)
    return POSTPONED_S if busy else civil_wait_s(draft, 0.0)


def _invite(draft: Draft, ticket: str) -> None:
    draft.notes[SURVEY] = {"ticket": ticket}
    draft.notes[SURVEYED_AT] = draft.now.isoformat()
    go(draft, INVITATION)
    advance(draft, "begin")
    draft.arm(EXPIRY, 3600.0 * draft.desk_settings.survey_expiry_h)
    if draft.desk_settings.survey_reminder_h:
        draft.arm(REMINDER, civil_wait_s(draft, 3600.0 * draft.desk_settings.survey_reminder_h))


def _remind(draft: Draft) -> None:
    """Send one reminder to a customer who has not finished the survey."""
    if draft.flow == FLOW and not rests(draft) and draft.agent is None:
        draft.say("reminder")
        draft.repeat()
    else:
        draft.note = "no longer wanted"


def _expire(draft: Draft) -> None:
    if draft.flow == INVITATION and not rests(draft):
        advance(draft, "expire")


RINGS: dict[str, Callable[[Draft], None]] = {
    WARN: _warn,
    CLOSE: _close,
    INVITATION: _survey,
    REMINDER: _remind,
    EXPIRY: _expire,
    staff.LEASE: staff.end_lease,
    SESSION: _end_session,
}
