"""`tickets open`: a ticket opened by hand, for when no turn can open one: a flow is broken, or the customer called."""

from __future__ import annotations

import argparse
import secrets
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.commands.naming import plain, who
from core import ticket_numbers
from core.store.db import Tx
from core.store.staff import audit, tickets

LONGEST_SUMMARY = 500


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--conversation", type=int, help="open: the conversation whose customer it is for")
    parser.add_argument("--summary", default="", help="open: what the matter is, in a sentence")
    parser.add_argument("--urgent", action="store_true", help="open: somebody is in danger")


def run(tx: Tx, chosen: argparse.Namespace) -> str:
    """Open it and say its number; or why not. Its customer is told of it by whoever opens it."""
    summary = chosen.summary.strip()[:LONGEST_SUMMARY]
    if not chosen.conversation or not summary:
        return "say whose it is and what the matter is: --conversation ID --summary '…'"
    desk = tickets.desk_of(tx, chosen.conversation)
    if desk is None:
        return f"there is no conversation {chosen.conversation} with a desk"
    family = ticket_numbers.FAMILIES[desk.settings.get("ticket_family", ticket_numbers.USUAL.prefix)]
    number = family.number(secrets.token_hex(4).upper(), datetime.now(ZoneInfo(desk.timezone)).date())
    tickets.open_by_hand(
        tx, number, chosen.conversation, summary, by=plain(chosen.by), priority="urgent" if chosen.urgent else "normal"
    )
    audit.note(tx, who=who(chosen.by), did="opened a ticket by hand", subject=f"ticket:{number}", desk=desk.id)
    print(f"{number}: opened. Tell its customer: turno people answer {chosen.conversation} --text '… {number} …'")
    return ""
