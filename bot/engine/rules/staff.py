"""Takeover: staff take a conversation over, answer, and release it. Meanwhile the bot is silent.

The flow and its state stay where they are, so the conversation goes on where it stood.
A lease ends a takeover that was forgotten.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from bot.desks import FLOWS, of_desk
from bot.engine.moves import clear, go, rest
from bot.script.draft import Draft
from bot.script.notes import CALLBACK, STAFF_NAME
from core.messages import Outbound
from core.turn import SaidAgain

LEASE = "takeover_lease"
LEASE_S = 1800.0
HELD = "held by somebody else"
FOREIGN = "a flow of another desk"
PIECES = 3
"""Most messages one answer of staff is cut into."""
PHONE = "phone"
"""The name of staff who answer from the business's own phone."""


def act(draft: Draft) -> str:
    """Apply an action of staff to the conversation."""
    if draft.event.kind == "echo":
        return _answered_by_phone(draft)
    action = ACTIONS.get(str(draft.event.content.get("action")))
    if action is None:
        draft.note = "unknown action"
        return "agent"
    return action(draft)


def silence(draft: Draft) -> str:
    """While somebody of staff holds the conversation, the bot says nothing. A photo is fetched for who holds it."""
    if draft.agent is None:
        return ""
    draft.note = "held by staff"
    if draft.event.kind == "image":
        draft.want_photo("evidence")
    return "held"


def end_lease(draft: Draft) -> None:
    """Return the conversation to the bot when a takeover expires without release."""
    draft.note = "takeover was forgotten"
    draft.announce()
    _give_back(draft)


def _take_over(draft: Draft) -> str:
    """Hold it; from somebody else only when that one is named: who holds it now may be another."""
    agent = _agent(draft)
    if not agent or draft.agent not in (None, agent, draft.event.content.get("from")):
        return refuse(draft, "already held by somebody else" if agent else "nobody named")
    if draft.agent != agent:
        name = str(draft.event.content.get("name") or agent)[:60]
        draft.notes[STAFF_NAME] = name
        draft.say("person_is_here", name=name)
        draft.announce()
    _hold(draft, agent)
    return "take_over"


def _answer(draft: Draft) -> str:
    text = str(draft.event.content.get("text") or "").strip()
    if draft.agent is None or draft.agent != _agent(draft):
        return refuse(draft, "not held by who answers")
    if not text:
        return refuse(draft, "nothing to say")
    draft.stop_waiting()
    for piece in draft.limits.split(text)[:PIECES]:
        draft.speak(Outbound("text", piece, author="agent"))
    _hold(draft, draft.agent)
    return "answer"


def _release(draft: Draft) -> str:
    """Back to the bot, where the conversation stood or at the state that was chosen."""
    if draft.agent is None:
        return refuse(draft, "not held")
    if _held_by_another(draft):
        return refuse(draft, HELD)
    if _is_foreign(draft):
        return refuse(draft, FOREIGN)
    draft.announce()
    place = _place(draft)
    if place:
        go(draft, *place)
    _give_back(draft)
    return "release"


def _reset(draft: Draft) -> str:
    """Put the conversation somewhere else, by hand: at a named state, or at the menu with nothing given."""
    if _held_by_another(draft):
        return refuse(draft, HELD)
    if _is_foreign(draft):
        return refuse(draft, FOREIGN)
    _let_go(draft)
    place = _place(draft)
    if place:
        go(draft, *place)
    else:
        clear(draft)
        go(draft, draft.before.desk.menu)
    draft.say("restarted")
    draft.announce()
    return "reset"


def _place(draft: Draft) -> tuple[str, str] | None:
    """The state that staff chose, if it exists."""
    flow, _, state = str(draft.event.content.get("state") or "").partition(".")
    return (flow, state) if flow in FLOWS and state in FLOWS[flow].states else None


def _is_foreign(draft: Draft) -> bool:
    """Whether the named state is in a flow that this desk does not have."""
    flow, _, _ = str(draft.event.content.get("state") or "").partition(".")
    return flow in FLOWS and flow not in of_desk(draft.before.desk.menu)


def _close(draft: Draft) -> str:
    if _held_by_another(draft):
        return refuse(draft, HELD)
    _let_go(draft)
    draft.stop_waiting()
    draft.notes.pop(CALLBACK, None)
    draft.say("closed_by_staff")
    draft.announce()
    rest(draft, "closed")
    return "close"


def _say_again(draft: Draft) -> str:
    """Resend a message whose delivery is unknown: a member of staff decided it."""
    number = str(draft.event.content.get("outbound"))
    lost = draft.fact("outbound", number)
    if _held_by_another(draft):
        return refuse(draft, HELD)
    if lost is None or not lost["open"]:
        return refuse(draft, "it arrived meanwhile" if lost else "no such message")
    draft.keep(SaidAgain(int(number)))
    draft.speak(Outbound.revive(lost["kind"], lost["text"], lost["content"]).by_itself())
    return "say_again"


def _answered_by_phone(draft: Draft) -> str:
    draft.stop_waiting()
    if draft.agent in (None, PHONE):
        _hold(draft, PHONE)
    return "echo"


def _hold(draft: Draft, agent: str) -> None:
    draft.agent = agent
    draft.arm(LEASE, _seconds(draft.event.content.get("lease_s")))


def _let_go(draft: Draft) -> None:
    draft.agent = None
    draft.disarm(LEASE)


def _give_back(draft: Draft) -> None:
    """The bot goes on. A customer who waits for a person and had no answer still waits, and hears so."""
    _let_go(draft)
    draft.say("person_still_wanted" if draft.person_wanted else "bot_is_back")
    draft.repeat()


def _held_by_another(draft: Draft) -> bool:
    return draft.agent not in (None, PHONE, _agent(draft))


def refuse(draft: Draft, why: str) -> str:
    draft.note = why
    return "agent_refused"


def _agent(draft: Draft) -> str:
    return str(draft.event.content.get("agent") or "")[:80]


def _seconds(given: Any) -> float:
    """A lease as asked for, between a minute and a day."""
    asked = float(given) if isinstance(given, int | float) and math.isfinite(given) else LEASE_S
    return min(max(asked, 60.0), 86_400.0)


ACTIONS: dict[str, Callable[[Draft], str]] = {
    "take_over": _take_over,
    "answer": _answer,
    "release": _release,
    "reset": _reset,
    "close": _close,
    "say_again": _say_again,
}
