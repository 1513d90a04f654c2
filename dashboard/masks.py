"""Masking by role: phone numbers in part, and messages hidden from viewers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from core.rows import Rows
from core.store.staff.rows.accounts import Role
from dashboard import guard

READS_TEXT: Role = "operator"
SEES_PHONE: Role = "operator"
TEXTS = frozenset({"text", "summary", "comment", "sentence"})
"""Columns of panels that hold what customers wrote."""


def phone(value: str | None) -> str:
    """The last four digits. All of it is one click away, and that click is audited."""
    if not value:
        return ""
    return value if value.startswith("•") else "•" * 6 + (value[-4:] if len(value) > 4 else "")


def number(value: str | None) -> str:
    """A number to call, with whose it is where that was told: of its digits the last four."""
    digits = [at for at, character in enumerate(value or "") if character.isdigit()]
    hidden = {*digits[:-4]} if len(digits) > 4 else {*digits}
    shown = "".join("" if at in hidden else character for at, character in enumerate(value or ""))
    return f"{'•' * 6}{shown.lstrip('+(). -')}" if value else ""


def may_reveal() -> bool:
    staff = guard.somebody()
    return staff is not None and staff.may(SEES_PHONE)


def text(value: str | None) -> str:
    """A customer's message for staff who work with customers; for others only its length."""
    if not value:
        return ""
    return value if may_read() else _length(value)


def may_read() -> bool:
    staff = guard.somebody()
    return staff is not None and staff.may(READS_TEXT)


def rows(found: Rows, *, reads: bool) -> Rows:
    """A panel's rows, with messages masked for staff who may not read them."""
    hidden = [name in TEXTS for name in found.columns]
    if reads or not any(hidden):
        return found
    return replace(found, rows=[tuple(map(_cell, row, hidden)) for row in found.rows])


def _cell(cell: Any, hidden: bool) -> Any:
    return _length(str(cell)) if hidden and cell else cell


def _length(value: str) -> str:
    return f"••• ({len(value)} characters)"
