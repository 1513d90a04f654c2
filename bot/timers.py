"""Our own clock: what to do when a timer rings, and which timers a waiting conversation needs."""

from __future__ import annotations

from collections.abc import Callable

from bot import takeover
from bot.draft import Draft
from bot.moves import advance, flow_of, go, rest, rests

WARN, CLOSE = "inactivity_warn", "inactivity_close"
SURVEY, EXPIRY = "survey", "survey_expiry"
POSTPONED_S = 3600.0
EXPIRY_H = 72
SET_BY_OTHERS = frozenset({SURVEY})
"""Timers no turn has set, so the session does not know them: they are never stale."""


def ring(draft: Draft) -> str:
    """Answer a timer, unless something newer has replaced it."""
    if draft.event.kind != "timer":
        return ""
    name = str(draft.event.content.get("name"))
    if name not in RINGS or not _armed(draft, name):
        draft.note = "stale timer"
        return "timer"
    draft.armed.pop(name, None)
    draft.by_itself = True
    RINGS[name](draft)
    return name


def watch(draft: Draft) -> None:
    """A conversation that waits for its customer is warned in time; any other is left in peace."""
    if draft.agent is not None or rests(draft) or flow_of(draft).patient:
        draft.disarm(WARN, CLOSE)
        return
    if draft.heard:
        draft.disarm(CLOSE)
    if WARN not in draft.armed and CLOSE not in draft.armed:
        draft.arm(WARN, draft.settings.inactivity_warn_s, rest_s=draft.settings.inactivity_warn_s)


def _armed(draft: Draft, name: str) -> bool:
    if name in SET_BY_OTHERS:
        return True
    return name in draft.armed and draft.armed[name] == draft.event.content.get("set_at_version")


def _warn(draft: Draft) -> None:
    draft.say("still_there")
    draft.arm(CLOSE, draft.settings.inactivity_close_s)


def _close(draft: Draft) -> None:
    draft.say("timed_out")
    rest(draft, "timed_out")


def _survey(draft: Draft) -> None:
    """Invite, unless the customer is busy, wants nothing from us by ourselves, or is in another survey."""
    ticket = str(draft.event.content.get("ticket") or "")
    if not ticket or draft.notes.get("opted_out"):
        draft.note = "not wanted" if ticket else "a survey about no ticket"
    elif draft.agent is not None or not rests(draft):
        draft.note = "busy: postponed"
        draft.arm(SURVEY, POSTPONED_S, ticket=ticket)
    else:
        draft.notes["survey"] = {"ticket": ticket}
        go(draft, SURVEY)
        advance(draft, "begin")
        draft.arm(EXPIRY, 3600.0 * _expiry_h(draft))


def _expire(draft: Draft) -> None:
    if draft.flow == SURVEY and not rests(draft):
        advance(draft, "expire")


def _expiry_h(draft: Draft) -> float:
    hours = draft.before.desk.settings.get("survey_expiry_h", EXPIRY_H)
    return float(hours)


RINGS: dict[str, Callable[[Draft], None]] = {
    WARN: _warn, CLOSE: _close, SURVEY: _survey, EXPIRY: _expire, takeover.LEASE: takeover.end_lease,
}
