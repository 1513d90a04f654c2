"""What is shown of a person to whom: phones in part, and what they wrote not to those who only look on."""

from __future__ import annotations

from dashboard import guard
from dashboard.person import Role

READS_TEXT: Role = "operator"
SEES_PHONE: Role = "operator"


def phone(value: str | None) -> str:
    """The last four digits. All of it is one click away, and that click is audited."""
    if not value:
        return ""
    return value if value.startswith("•") else "•" * 6 + (value[-4:] if len(value) > 4 else "")


def may_reveal() -> bool:
    staff = guard.somebody()
    return staff is not None and staff.may(SEES_PHONE)


def text(value: str | None) -> str:
    """What a customer wrote, for those who work with customers; for others only how long it is."""
    if not value:
        return ""
    staff = guard.somebody()
    if staff is not None and staff.may(READS_TEXT):
        return value
    return f"••• ({len(value)} characters)"
