"""Businesses for a test, put in place as `desk apply` does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.commands import desk_apply
from core.store.db import Tx


def put(tx: Tx, described: Mapping[str, Any]) -> None:
    """Put every described business with its numbers and catalogues in place."""
    for desk in described["desks"]:
        desk_apply.apply(tx, desk)
