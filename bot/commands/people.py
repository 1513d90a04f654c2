"""`people`: staff take a conversation over, answer, release it, and so on. Each action is an event, like any other."""

from __future__ import annotations

import argparse
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from bot import desks
from bot.commands.naming import who
from bot.commands.opening import open_database, open_settings
from core import bell
from core.bell import Bell
from core.store.db import Tx
from core.store.path import inbox
from core.store.staff import audit, conversations

ACTIONS = tuple(audit.DID)


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("people", help="take a conversation over, answer, release it, say a message again")
    parser.add_argument("action", choices=ACTIONS)
    parser.add_argument("conversation", type=int, help="its id in report.conversations")
    parser.add_argument("--agent", required=True, help="the acting member of staff")
    parser.add_argument("--name", default="", help="the name the customer reads")
    parser.add_argument("--text", default="", help="text of the answer")
    parser.add_argument(
        "--state", default="", help="state in which the bot continues after release or reset, such as menu.waiting"
    )
    parser.add_argument("--outbound", type=int, help="id in report.outbox of the message to resend")
    parser.add_argument("--why", default="", help="reason for the audit")
    parser.add_argument("--id", default="", help="makes pressing it twice count once (default: a new one)")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    if wrong := _wrong(chosen):
        print(wrong)
        return 2
    db = open_database(open_settings(), name="people")
    try:
        with db.transaction() as tx:
            wrong, event_id = _put(tx, chosen)
        if wrong:
            print(wrong)
            return 2
        ringer = Bell(db.url)
        ringer.ring(bell.INBOX)
        ringer.close()
    finally:
        db.close()
    print(f"event {event_id}: {chosen.action}")
    return 0


def _wrong(chosen: argparse.Namespace) -> str:
    if (chosen.action == "answer") != bool(chosen.text.strip()):
        return "an answer needs --text, and nothing else does"
    if (chosen.action == "say_again") != (chosen.outbound is not None):
        return "say_again needs --outbound, and nothing else does"
    if chosen.state and chosen.action not in ("release", "reset"):
        return "only release and reset take a --state"
    flow, _, state = chosen.state.partition(".")
    if chosen.state and state not in desks.places().get(flow, {}):
        return f"no such state: {chosen.state} (`flows draw` shows them)"
    return ""


def _put(tx: Tx, chosen: argparse.Namespace) -> tuple[str, int | None]:
    """Why it is not done, or the id of the event."""
    found = conversations.find(tx, chosen.conversation, desks=None)
    if found is None:
        return f"there is no conversation {chosen.conversation}", None
    if chosen.state and found.menu and chosen.state.partition(".")[0] not in desks.of_desk(found.menu):
        return f"{chosen.state} is a flow of another desk", None
    if chosen.outbound is not None and conversations.unsettled(tx, found.id, chosen.outbound) is None:
        return f"{chosen.outbound} is no message of it that failed, was parked, or of which nothing is known", None
    said = MORE.get(chosen.action, _nothing)(chosen)
    content = {"action": chosen.action, "agent": chosen.agent, "name": chosen.name or chosen.agent, **said}
    once = f"again:{chosen.outbound}" if chosen.outbound is not None else f"agent:{chosen.id or uuid.uuid4()}"
    event_id = inbox.add_own(tx, found.id, once, "agent", content, text=chosen.text)
    subject = f"conversation:{found.id} event:{event_id}"
    audit.note(
        tx, who=who(chosen.agent), did=audit.DID[chosen.action], subject=subject, why=chosen.why, desk=found.desk
    )
    return "", event_id


def _nothing(_: argparse.Namespace) -> dict[str, Any]:
    return {}


def _place(chosen: argparse.Namespace) -> dict[str, Any]:
    return {"state": chosen.state} if chosen.state else {}


MORE: Mapping[str, Callable[[argparse.Namespace], dict[str, Any]]] = {
    "answer": lambda chosen: {"text": chosen.text},
    "release": _place,
    "reset": _place,
    "say_again": lambda chosen: {"outbound": chosen.outbound},
}
"""The content of an action, besides its author."""
