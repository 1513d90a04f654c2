"""The survey about a resolved ticket, as a follow-up: a day after, with one reminder."""

from __future__ import annotations

from bot.script import notes
from bot.script.desk_settings import DeskSettings
from bot.script.draft import Draft
from bot.script.follow_ups import Content, FollowUp, Pace


def _pace(settings: DeskSettings) -> Pace:
    return Pace(
        settings.survey_from_h,
        settings.survey_to_h,
        apart_h=settings.survey_cooldown_h,
        reminders=1 if settings.survey_reminder_h else 0,
        reminder_h=settings.survey_reminder_h,
        expiry_h=settings.survey_expiry_h,
    )


def _unwanted(draft: Draft, content: Content) -> str:
    return "" if content.get("ticket") else "a survey about no ticket"


SURVEY = FollowUp(
    "survey",
    _pace,
    notes.SURVEY,
    notes.SURVEYED_AT,
    flow="survey",
    values=lambda draft, content: {"number": content.get("ticket", "")},
    unwanted=_unwanted,
    outside="any",
)
