"""Asking after a ticket: the last reports of this customer, and one of them in detail.

Only the owner sees a ticket. What was given to a report that was interrupted is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.draft import Draft
from bot.flows.base import Row, State
from bot.forms import Field, Form, ticket_number
from bot.phrases import phrase

VERSION = 1

FORM = Form(fields=(Field("ticket_number", ticket_number),))

STATES = (
    State("choosing", asks="which_ticket", expects="slot", slot="ticket_number"),
    State("shown", final=True),
)

REPORTS = "report_fault report_refrigerator report_vehicle"

# fmt: off
ROWS = (
    # in            on                            goes to     when              doing
    Row("choosing", "begin told consult_tickets", "choosing", "not_found",      "say_not_found"),
    Row("choosing", "begin told consult_tickets", "choosing", "of_another",     "say_not_yours"),
    Row("choosing", "begin told consult_tickets", "@menu",    "found_in_midst", "show_ticket"),
    Row("choosing", "begin told consult_tickets", "shown",    "named",          "show_ticket"),
    Row("choosing", "begin consult_tickets",      "choosing", "has_tickets",    "list_tickets"),
    Row("choosing", "begin consult_tickets",      "@menu",    "",               "say_none"),
    Row("choosing", "back no",                    "@menu"),
    Row("choosing", REPORTS,                      "@menu",    "",               "forget_number"),
)
# fmt: on


# --- guards ---


def named(draft: Draft) -> bool:
    return "ticket_number" in draft.slots


def not_found(draft: Draft) -> bool:
    return named(draft) and _found(draft) is None


def of_another(draft: Draft) -> bool:
    found = _found(draft) if named(draft) else None
    return found is not None and not found["mine"]


def found_in_midst(draft: Draft) -> bool:
    """True when a report was interrupted to ask."""
    return named(draft) and len(draft.slots) > 1


def has_tickets(draft: Draft) -> bool:
    return bool(draft.fact("tickets", "mine"))


def _found(draft: Draft) -> Mapping[str, Any] | None:
    found: Mapping[str, Any] | None = draft.fact("tickets", draft.value("ticket_number"))
    return found


# --- effects ---


def say_not_found(draft: Draft) -> None:
    draft.say("not_found", number=draft.value("ticket_number"))
    draft.use_up("ticket_number")


def say_not_yours(draft: Draft) -> None:
    draft.say("not_yours", number=draft.value("ticket_number"))
    draft.use_up("ticket_number")


def say_none(draft: Draft) -> None:
    draft.say("no_tickets")


def forget_number(draft: Draft) -> None:
    draft.use_up("ticket_number")


def list_tickets(draft: Draft) -> None:
    lines = "\n".join(_line(draft, ticket) for ticket in draft.fact("tickets", "mine")[:5])
    draft.say("your_tickets", lines=lines)


def show_ticket(draft: Draft) -> None:
    found = _found(draft) or {}
    draft.say("detail", **_told(draft, found), sentence=_in(draft, "sentence", found.get("status")))
    draft.use_up("ticket_number")


def _line(draft: Draft, ticket: Mapping[str, Any]) -> str:
    return phrase(draft.language, "tickets", "line", **_told(draft, ticket))


def _told(draft: Draft, ticket: Mapping[str, Any]) -> dict[str, object]:
    return {
        "number": ticket.get("number", ""),
        "status": _in(draft, "status", ticket.get("status")),
        "kind": _in(draft, "kind", ticket.get("kind")),
        "date": str(ticket.get("created_at", ""))[:10],
        "summary": str(ticket.get("summary", ""))[:120],
    }


STATUSES = ("pending", "in_progress", "resolved", "cancelled")
KINDS = ("refrigerator", "vehicle")


def _in(draft: Draft, what: str, name: object) -> str:
    """How the customer's language says a status or a kind; one we do not know is told as any."""
    known = STATUSES if what in ("status", "sentence") else KINDS
    return phrase(draft.language, "tickets", f"{what}_{name}" if name in known else f"{what}_other")
