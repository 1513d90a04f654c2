"""Flows of every desk: ticket queries, and the survey about a resolved ticket."""

from __future__ import annotations

from bot.desks.any.catalogue import CATALOGUE, SURVEY_QUESTION
from bot.desks.any.flows import survey, tickets
from bot.desks.desk import Desk

DESK = Desk(
    name="any",
    flows=(tickets, survey),
    languages=("es", "en"),
    catalogue=CATALOGUE,
    facts={"survey_question": SURVEY_QUESTION},
)
