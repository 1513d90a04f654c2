"""What every desk has: asking after one's tickets, and the survey about a resolved one."""

from __future__ import annotations

from bot.desks.any.flows import survey, tickets
from bot.desks.desk import Desk

DESK = Desk(name="any", flows=(tickets, survey), languages=("es", "en"))
