"""Timers: the effect of a due timer, and the timers that a waiting conversation needs."""

from __future__ import annotations

from collections.abc import Callable

from bot.engine.moves import advance, flow_of, rest, rests
from bot.engine.rules import flows_off, follow_ups, staff
from bot.script.awaiting import OF_FLOW
from bot.script.draft import Draft
from bot.script.notes import VISITOR

WARN, CLOSE = "inactivity_warn", "inactivity_close"
SESSION = "session_end"
INACTIVE = "inactive"
"""The trigger in a flow whose conversation is closed for silence."""


def ring(draft: Draft) -> str:
    """Answer a timer, unless something newer has replaced it."""
    name = str(draft.event.content.get("name"))
    what = _what(name)
    rings = RINGS.get(what) or follow_ups.ring_of(draft, what)
    if rings is None or not _armed(draft, name):
        draft.note = "stale timer"
        return "timer"
    draft.armed.pop(name, None)
    draft.by_itself = True
    if draft.person_wanted and name in (WARN, CLOSE):
        draft.note = "waits for a person: not hurried"
        return name
    if flows_off.inside(draft) and (name in (WARN, CLOSE) or follow_ups.waits(draft, what)):
        return _put_off(draft, name)
    rings(draft)
    return what


def _put_off(draft: Draft, name: str) -> str:
    """Do not hurry a customer who could not continue: restart the inactivity timer, extend a follow-up."""
    draft.note = "in maintenance: postponed"
    if name not in (WARN, CLOSE):
        draft.arm(name, follow_ups.POSTPONED_S)
    return name


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
    if draft.agent is not None or draft.person_wanted or rests(draft) or _is_patient(draft):
        draft.disarm(WARN, CLOSE)
        return
    if draft.from_customer:
        draft.disarm(CLOSE)
    if WARN not in draft.armed and CLOSE not in draft.armed:
        draft.arm(WARN, draft.settings.inactivity_warn_s, rest_s=draft.settings.inactivity_warn_s)


def _is_patient(draft: Draft) -> bool:
    """Whether silence is no reason to close: it is not the customer who is waited for."""
    flow = flow_of(draft)
    return flow.patient or flow.states[draft.state].patient


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
    """Close it; a flow that keeps something for the customer has a row for that, and lets go of it."""
    draft.announce()
    draft.say("timed_out")
    advance(draft, INACTIVE)
    rest(draft, "timed_out")


def _tell_flow(draft: Draft) -> None:
    """A flow's own timer fires the trigger that it is named for."""
    draft.by_itself = False
    if rests(draft) or not advance(draft, str(draft.event.content["name"]).partition(":")[2]):
        draft.note = "no longer wanted"


def _end_session(draft: Draft) -> None:
    """End an idle session silently. It continues while staff hold it or a person is wanted."""
    draft.note = "session over"
    draft.asking = False
    if draft.agent is not None or draft.person_wanted:
        return
    draft.notes.pop(VISITOR, None)
    rest(draft, "timed_out")
    draft.asking = False


RINGS: dict[str, Callable[[Draft], None]] = {
    WARN: _warn,
    CLOSE: _close,
    staff.LEASE: staff.end_lease,
    SESSION: _end_session,
    OF_FLOW: _tell_flow,
}
