"""Synthetic customers: `turno canary` and `turno smoke --chat` speak as one, and such a customer counts nowhere.

Each speaks on a web channel of its own, whose address nobody can guess. What is said there is left out of metrics, and
taken away with the channel when the conversation is over, so that no panel, report, survey or bill knows of it.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Final

PREFIX: Final = "canary-"


def new_address(now: datetime) -> str:
    return f"{PREFIX}{int(now.timestamp()):x}-{secrets.token_hex(12)}"


def is_synthetic(address: str) -> bool:
    """Whether no customer can have written there."""
    return address.startswith(PREFIX)


def began_at(address: str) -> datetime:
    """When the synthetic customer of this address began."""
    return datetime.fromtimestamp(int(address.split("-")[1], 16), UTC)
