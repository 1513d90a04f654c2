"""Settings of an IT desk."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bot.script.desk_settings import DeskSettings
from bot.script.draft import Draft


class ItSettings(DeskSettings):
    contact: str = Field("", max_length=200, description="contact address for questions about personal data")
    consent: Literal["none", "line", "ask"] = Field(
        "ask", description="the privacy notice: one line, or asked before help"
    )
    site: str = Field("", max_length=200, description="the business's site")
    account: str = Field("", max_length=80, description="the business's account in social media")


def of(draft: Draft) -> ItSettings:
    """Its settings; the usual ones where a conversation has come to a desk of another kind since."""
    own = draft.desk_settings
    return own if isinstance(own, ItSettings) else ItSettings.model_validate({})
