"""A flow waits for more than the customer: for its own timers, and for tickets that staff settle."""

from __future__ import annotations

from typing import Final

from bot.script.draft import Draft
from bot.script.notes import AWAITED_TICKETS

OF_FLOW: Final = "flow"
"""Timers that a flow sets for itself are called `flow:<trigger>`."""


def ring(draft: Draft, trigger: str, after_s: float) -> None:
    """Fire a trigger in the flow after so many seconds, if it has a row for it then."""
    draft.arm(f"{OF_FLOW}:{trigger}", after_s)


def ring_no_more(draft: Draft, trigger: str) -> None:
    draft.disarm(f"{OF_FLOW}:{trigger}")


def ticket(draft: Draft, number: str, kind: str) -> None:
    """Go on when staff have settled this ticket: its next status fires `<kind>_<status>` in the flow."""
    draft.notes[AWAITED_TICKETS] = {**draft.notes.get(AWAITED_TICKETS, {}), number: kind}
