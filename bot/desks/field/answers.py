"""Values that the answers of a field desk show: hours, phones and addresses of its centres, costs, the last report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.desks.field import settings
from bot.nlu.fold import key
from bot.script import hours, reports
from bot.script.draft import Draft
from bot.script.faq import Value
from bot.script.phrases import phrase

Centre = Mapping[str, Any]
MOST_PHONES = 4


def _centres(draft: Draft) -> Sequence[Centre]:
    """The centre of the customer's town, where it is known; else all of them."""
    every: Sequence[Centre] = draft.fact("centres", "all") or ()
    here = key(_place(draft))
    near = [centre for centre in every if here and key(centre["city"]) in here]
    return near or every


def _place(draft: Draft) -> str:
    """Words that may name the customer's town: the equipment's place, the address, or the place of the last report."""
    known = draft.notes.get("equipment") or {}
    told = str(known.get("place") or draft.value("address") or "")
    return told or next((_where(ticket) for ticket in draft.fact("tickets", "mine") if _where(ticket)), "")


def _where(ticket: Mapping[str, Any]) -> str:
    equipment = (ticket.get("content") or {}).get("equipment") or {}
    return str(equipment.get("place") or "")


def _hours(draft: Draft) -> str:
    own = hours.of_settings(draft)
    told = [own] if own else [hours.of_row(centre) for centre in _centres(draft)]
    return hours.in_words(draft, max(told, key=told.count)) if told else ""


def _phone(draft: Draft) -> str:
    own, centres = draft.desk_settings.phone, _centres(draft)[:MOST_PHONES]
    if own or len(centres) == 1:
        return own or f"*{centres[0]['phone']}*"
    return " · ".join(f"{centre['city']} *{centre['phone']}*" for centre in centres if centre["phone"])


def _address(draft: Draft) -> str:
    own, centres = draft.desk_settings.address, _centres(draft)[:MOST_PHONES]
    return own or " · ".join(f"{centre['address']}, {centre['city']}" for centre in centres)


def _calls_within(draft: Draft) -> str:
    hours_told = draft.desk_settings.calls_within_h
    return f"{hours_told:g} h" if hours_told else ""


def _cost(draft: Draft) -> str:
    free = settings.of(draft).visits_are_free
    return phrase(draft.language, draft.before.desk.menu, "visits_are_free") if free else ""


def _my_report(draft: Draft) -> str:
    """How the last open report stands; of one that is not made yet, what comes next."""
    under_way = bool(draft.slots) and not draft.woken
    to_come = phrase(draft.language, draft.before.desk.menu, "report_to_come") if under_way else ""
    return reports.last_open(draft) or to_come


VALUES: Final[Mapping[str, Value]] = {
    "hours": _hours,
    "phone": _phone,
    "address": _address,
    "calls_within": _calls_within,
    "cost": _cost,
    "my_report": _my_report,
}
