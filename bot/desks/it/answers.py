"""Values that the answers of an IT desk show, of its settings, and the last ticket."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.desks.it import settings
from bot.script import hours, reports
from bot.script.draft import Draft
from bot.script.faq import Value


def _hours(draft: Draft) -> str:
    own = hours.of_settings(draft)
    return hours.in_words(draft, own) if own else ""


def _phone(draft: Draft) -> str:
    return f"*{draft.desk_settings.phone}*" if draft.desk_settings.phone else ""


def _address(draft: Draft) -> str:
    return draft.desk_settings.address


def _calls_within(draft: Draft) -> str:
    return f"{draft.desk_settings.calls_within_h:g} h" if draft.desk_settings.calls_within_h else ""


def _site(draft: Draft) -> str:
    return settings.of(draft).site


def _cost(draft: Draft) -> str:
    """Prices are a technician's to tell."""
    return ""


VALUES: Final[Mapping[str, Value]] = {
    "hours": _hours,
    "phone": _phone,
    "address": _address,
    "calls_within": _calls_within,
    "site": _site,
    "cost": _cost,
    "my_report": reports.last_open,
}
