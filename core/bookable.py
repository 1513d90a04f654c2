"""Bookings of a desk, as the window knows them: what its units are called, and what its words of attention ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Bookable:
    """A desk that holds and books units of something, and so has a page of bookings."""

    units: str
    """The kind of its catalogue whose lines are the units, by their keys."""
    resource: str
    """The column with what each of them is a unit of."""
    shown: Mapping[str, str] = field(default_factory=dict)
    """The parts of a booking's content that its page shows, and what it calls them. The guest's name always is."""
    attention: Mapping[str, str] = field(default_factory=dict)
    """The meaning of each word with which a booking asks for a look, and what to do."""
