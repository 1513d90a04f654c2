"""Flows of every desk: ticket queries, what follows a ticket, and the survey about a resolved one."""

from __future__ import annotations

from bot.desks.any.catalogue import CATALOGUE, SURVEY_QUESTION
from bot.desks.any.flows import last_case, survey, tickets
from bot.desks.any.follow_ups import SURVEY
from bot.desks.desk import Desk

DESK = Desk(
    name="any",
    flows=(tickets, survey, last_case),
    languages=("es", "en", "pt"),
    catalogue=CATALOGUE,
    facts={"survey_question": SURVEY_QUESTION},
    follow_ups=(SURVEY,),
)
