"""A session: where one conversation stands. It is a value; only a turn makes the next one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

SET_ASIDE = "set_aside"
"""Note: what was stored of a session and could not be read."""


@dataclass(frozen=True, slots=True)
class Desk:
    """One business served."""

    id: str
    name: str
    language: str
    timezone: str
    menu: str
    """The flow a conversation begins in and comes back to."""
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing the customer gave: how sure we are of it (0–100), and where it came from."""

    value: Any
    confidence: int = 100
    source: str = "typed"


@dataclass(frozen=True, slots=True)
class Session:
    """The state of one conversation after `version` turns."""

    conversation_id: int
    desk: Desk
    flow: str = ""
    """Empty before the first turn."""
    flow_version: int = 0
    state: str = ""
    version: int = 0
    language: str = "es"
    slots: Mapping[str, Slot] = field(default_factory=dict)
    asked: str = ""
    """The slot whose question was asked last: its answer wins over guessing."""
    asked_at_version: int = 0
    """The version of the turn that asked the current question: a button of an earlier one is old."""
    misses: int = 0
    """How many times in a row we did not understand."""
    timers: Mapping[str, int] = field(default_factory=dict)
    """Armed timers, name → version of the turn that set them. Any other firing is stale."""
    agent: str | None = None
    """The member of staff who holds the conversation; the bot is silent."""
    notes: Mapping[str, Any] = field(default_factory=dict)
    """Notes of flows and the engine besides the slots: JSON values only."""
    heard_at: datetime | None = None
    """When the customer was last heard: the 24 hours count from here."""
    contact_name: str = ""
