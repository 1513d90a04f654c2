"""The engine: step(session, event, reading, now, settings) → Turn. Pure: no I/O, no clock, no randomness.

A step is a list of rules (`bot/engine/rules/__init__.py`), asked in order, each only when it can answer; the first that
answers names the turn.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import blake2b
from zoneinfo import ZoneInfo

from bot.desks import FLOWS, WHEN_CHANGED, serving
from bot.engine import replies, speaking
from bot.engine.begin import VANISHED, draft_of, mend
from bot.engine.moves import flow_of, rests
from bot.engine.rules import decide, flood
from bot.nlu import rules
from bot.script.draft import Draft
from bot.script.forms import Words
from bot.script.notes import DANGER, OFFERED, PERSON_WANTED, PUT, QUIET
from core.kinds import FROM_A_CUSTOMER, KINDS
from core.messages import Event
from core.reading import Expectation, Reading
from core.session import Session
from core.settings import Settings
from core.turn import Turn


def step(session: Session, event: Event, reading: Reading, now: datetime, settings: Settings) -> Turn:
    """Step one event: returns the turn it leads to. Raises Missing when a fact must be looked up first."""
    mended, why = mend(session)
    draft = draft_of(mended, event, reading, now, settings)
    if why == VANISHED and draft.from_customer and draft.agent is None:
        draft.say("things_changed")
    trigger = decide(draft)
    _note_offer(draft)
    _note_question(draft)
    return _turn(draft, session, trigger, why)


def goes_unread(session: Session, event: Event, now: datetime, settings: Settings) -> Reading | None:
    """The reading of a text that is not read but for danger, because it will be held back; None of any other event."""
    mended, _ = mend(session)
    if event.kind != "text" or DANGER in mended.notes or not flood.holds_back(mended, event, now, settings):
        return None
    return Reading(why="flood", guesses=rules.danger_in(event, expects(session, event)))


def expects(session: Session, event: Event | None = None) -> Expectation:
    """The expectation of the open question, on the day of this event; in an idle conversation, that of the menu."""
    expected = _expected(session)
    at = (event.sent_at or event.received_at) if event else None
    if at is None:
        return expected
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return replace(expected, today=at.astimezone(ZoneInfo(session.desk.timezone)).date())


def _expected(session: Session) -> Expectation:
    session, _ = mend(session)
    menu = FLOWS[session.desk.menu]
    flow, state, asked = (session.flow, session.state, session.asked)
    if rests(session):
        flow, state, asked = menu.name, menu.begins, menu.asked(menu.begins, {})
    if _rests_quietly(session, flow, asked):
        asked = ""  # nothing was asked: whatever is written is not for the form, unless it says so
    expected = _expectation(flow, state, asked, session.language, serving(session.desk).name)
    if session.notes.get(OFFERED) and not rests(session):
        return replace(expected, options=FLOWS[flow].options(session.language, session.notes[OFFERED]))
    if state in FLOWS[flow].offers:
        return replace(expected, options=FLOWS[flow].offered(state, session))
    return expected


def _rests_quietly(session: Session, flow: str, asked: str) -> bool:
    """Whether a free text was asked for before the customer asked for a person."""
    quiet = QUIET in session.notes and PERSON_WANTED in session.notes
    return quiet and isinstance(FLOWS[flow].form.checks.get(asked), Words)


@lru_cache(maxsize=1024)
def _expectation(flow_name: str, state_name: str, asked: str, language: str, desk: str) -> Expectation:
    flow = FLOWS[flow_name]
    state = flow.states[state_name]
    return Expectation(
        state.expects,
        asked,
        tuple(flow.form.checks),
        flow.options(language, state.options),
        language,
        flow_name,
        state_name,
        desk,
    )


WHEN_CHANGED.append(_expectation.cache_clear)


def _note_offer(draft: Draft) -> None:
    """Remember the options offered instead of the state's own, so that an answer by number means one of them."""
    if draft.asking:
        draft.notes.pop(OFFERED, None)
    if draft.asking and draft.offered:
        draft.notes[OFFERED] = list(draft.offered)


def _note_question(draft: Draft) -> None:
    """Remember the question; one that was put last already is said shortly, unless that is a while ago."""
    if not draft.asking or rests(draft):
        return
    text = flow_of(draft).question(draft).text
    digest = blake2b(text.encode(), digest_size=6).hexdigest()
    draft.brief = draft.notes.get(PUT) == digest and not draft.woken and not draft.paused
    draft.notes[PUT] = digest


def _turn(draft: Draft, before: Session, trigger: str, why: str) -> Turn:
    said, question = replies.sentences_of(draft), replies.question_of(draft)
    return Turn(
        event=draft.event,
        before=before,
        after=_after(draft, trigger),
        trigger=trigger,
        reading=draft.reading,
        replies=replies.of(draft),
        said=said,
        question=question,
        records=(*draft.records, *speaking.wanted(draft, said, question)),
        timers=tuple(draft.timers),
        note="; ".join(part for part in (why, draft.note) if part),
    )


def _after(draft: Draft, trigger: str) -> Session:
    before, resting = draft.before, rests(draft)
    heard_at, name = _last_heard(draft)
    return replace(
        before,
        flow=draft.flow,
        flow_version=draft.flow_version,
        state=draft.state,
        version=draft.version,
        language=draft.language,
        slots=draft.slots,
        timers=draft.armed,
        agent=draft.agent,
        notes=draft.notes,
        asked="" if resting else flow_of(draft).asked(draft.state, draft.slots),
        asked_at_version=draft.version if replies.asks_anew(draft) else before.asked_at_version,
        misses=draft.misses if trigger in ("unclear", "help") or not draft.from_customer else 0,
        heard_at=heard_at,
        contact_name=name,
    )


def _last_heard(draft: Draft) -> tuple[datetime | None, str]:
    """When the customer was last heard, and by what name."""
    before = draft.before
    if not draft.from_customer or KINDS.get(draft.event.kind, FROM_A_CUSTOMER).elsewhere:
        return before.heard_at, before.contact_name
    at, sender = draft.spoken_at or draft.now, draft.event.sender
    return (
        max(at, before.heard_at) if before.heard_at else at,
        sender.name if sender and sender.name else before.contact_name,
    )
