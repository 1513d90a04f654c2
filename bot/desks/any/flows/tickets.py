"""Ticket queries: the customer's latest reports, and one of them in detail.

Only the owner sees a ticket. Slots of a report that was interrupted are kept. The
last ones can be tapped; so can they when the conversation has come to rest since.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.script.draft import Draft
from bot.script.flow import Row, Sample, Standing, State
from bot.script.forms import Field, Form
from bot.script.notes import TICKETS
from bot.script.phrases import find, phrase, placeholders
from core import ticket_numbers
from core.messages import Option

VERSION = 1

MOST = 5
"""So many are listed, the newest first."""

FORM = Form(fields=(Field("ticket_number", ticket_numbers.read),))

STATES = (
    State("choosing", asks="which_ticket", shows="example", expects="slot", slot="ticket_number", offers="listed"),
    State("shown", final=True),
)

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
    Row("choosing", "interrupted",                "@menu",    "",               "forget_number"),
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
    mine = draft.fact("tickets", "mine")[:MOST]
    draft.notes[TICKETS] = [[ticket["number"], _line(draft, ticket, "row")] for ticket in mine]
    draft.say("your_tickets", lines="\n\n".join(_line(draft, ticket, "line") for ticket in mine))


def show_ticket(draft: Draft) -> None:
    found = _found(draft) or {}
    draft.say("detail", **_values_of(draft, found), sentence=_in(draft, "sentence", found.get("status")))
    draft.use_up("ticket_number")


# --- what can be tapped ---

LONGEST_ROW = "🟡 " + "x" * 60


def _every_list() -> list[Sample]:
    rows = [[f"{ticket_numbers.LONGEST[:-1]}{place}", LONGEST_ROW] for place in range(MOST)]
    return [({}, {TICKETS: rows[:many]}) for many in range(MOST + 1)]


TRIED_ON = {"listed": _every_list}


def listed(standing: Standing) -> list[Option]:
    """The tickets that were listed; none when one was asked for by its number."""
    return [Option(f"ticket_number={number}", number, row) for number, row in standing.notes.get(TICKETS, ())]


def example(draft: Draft) -> Mapping[str, object]:
    """A number as they look: one of the customer's own, where there is one."""
    mine = [number for number, _ in draft.notes.get(TICKETS, ())]
    pick = phrase(draft.language, "tickets", "pick_or_write" if mine else "write_number")
    return {"example": next(iter(mine), ticket_numbers.USUAL.example), "pick": pick}


# --- how a ticket is told ---


def _line(draft: Draft, ticket: Mapping[str, Any], key: str) -> str:
    return phrase(draft.language, "tickets", key, **_values_of(draft, ticket))


def _values_of(draft: Draft, ticket: Mapping[str, Any]) -> dict[str, object]:
    kind = ticket.get("kind")
    return {
        "number": ticket.get("number", ""),
        "status": _in(draft, "status", ticket.get("status")),
        "kind": _own(draft, f"kind_{kind}", ticket) or phrase(draft.language, "tickets", _shared_kind(kind)),
        "code": _own(draft, f"code_{kind}", ticket),
        "about": _own(draft, f"about_{kind}", ticket),
        "date": _date(draft, str(ticket.get("created_at", ""))),
        "summary": str(ticket.get("summary", ""))[:120],
    }


def _shared_kind(kind: object) -> str:
    return "kind_danger" if kind == "danger" else "kind_other"


def _date(draft: Draft, written: str) -> str:
    """The day as people say it, where the desk is; the year when it is another one."""
    try:
        day = datetime.fromisoformat(written).astimezone(ZoneInfo(draft.before.desk.timezone))
    except ValueError:
        return ""
    month = phrase(draft.language, "tickets", f"month_{day.month}")
    key = "date" if day.year == draft.local_now.year else "date_with_year"
    return phrase(draft.language, "tickets", key, day=day.day, month=month, year=day.year)


def _own(draft: Draft, key: str, ticket: Mapping[str, Any]) -> str:
    """The desk's own phrase about this kind of ticket, with what is known of it; "" when nothing of it is known."""
    menu = draft.before.desk.menu
    shown, known = placeholders(find(draft.language, menu, key) or ""), _known(ticket)
    if not find(draft.language, menu, key) or (shown and not shown & known.keys()):
        return ""
    return phrase(draft.language, menu, key, **{name: known.get(name, "—") for name in shown})


def _known(ticket: Mapping[str, Any]) -> dict[str, str]:
    """All that a ticket holds, by name: what was given, and the parts of its content."""
    content = ticket.get("content") or {}
    parts = [part for part in content.values() if isinstance(part, Mapping)]
    held = {name: value for part in parts for name, value in part.items()}
    values = {name: value.get("value") if isinstance(value, Mapping) else value for name, value in held.items()}
    return {name: str(value)[:80] for name, value in values.items() if value}


STATUSES = ("pending", "in_progress", "resolved", "cancelled")


def _in(draft: Draft, what: str, status: object) -> str:
    """How the desk, or else any desk, says a status; one we do not know is told as any."""
    key, menu = f"{what}_{status}" if status in STATUSES else f"{what}_other", draft.before.desk.menu
    return phrase(draft.language, menu if find(draft.language, menu, key) else "tickets", key)
