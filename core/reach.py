"""A channel as the pages for staff know it: its name, its window, and whether replies are sent there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reach:
    """How customers are reached on one channel."""

    name: str = ""
    """Its name as staff read it, such as WhatsApp."""
    window_s: float | None = None
    """How long after the customer's last message anything may be said; None: always."""
    sends: bool = False
    """Whether replies are sent to a platform, which has a pace and posts to us. False: customers fetch them."""
