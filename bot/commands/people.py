"""`people`: staff take a conversation over, answer, and release it. Each is an event in the inbox, like any other."""

from __future__ import annotations

import argparse
import uuid

from bot.commands.opening import open_database, open_settings
from core import bell
from core.bell import Bell
from core.store import inbox

ACTIONS = ("take_over", "answer", "release", "reset", "close")


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("people", help="take a conversation over, answer, or release it")
    parser.add_argument("action", choices=ACTIONS)
    parser.add_argument("conversation", type=int, help="its id in report.conversations")
    parser.add_argument("--agent", required=True, help="who does it")
    parser.add_argument("--name", default="", help="the name the customer reads")
    parser.add_argument("--text", default="", help="what to answer")
    parser.add_argument("--id", default="", help="makes pressing it twice count once (default: a new one)")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    if (chosen.action == "answer") != bool(chosen.text.strip()):
        print("an answer needs --text, and nothing else does")
        return 2
    db = open_database(open_settings(), name="people")
    content = {"action": chosen.action, "agent": chosen.agent, "name": chosen.name or chosen.agent, "text": chosen.text}
    with db.transaction() as tx:
        event_id = inbox.add_own(
            tx, chosen.conversation, f"agent:{chosen.id or uuid.uuid4()}", "agent", content, text=chosen.text
        )
    if event_id is None:
        print(f"there is no conversation {chosen.conversation}")
        return 2
    ringer = Bell(db.url)
    ringer.ring(bell.INBOX)
    ringer.close()
    db.close()
    print(f"event {event_id}: {chosen.action}")
    return 0
