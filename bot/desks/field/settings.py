"""Settings of a field desk."""

from __future__ import annotations

from pydantic import Field

from bot.script.desk_settings import DeskSettings
from bot.script.draft import Draft


class FieldSettings(DeskSettings):
    sap_digits_least: int = Field(5, ge=5, le=10, description="fewest digits of an equipment's SAP code")
    sap_digits_most: int = Field(10, ge=5, le=10, description="most digits of an equipment's SAP code")
    visits_are_free: bool = Field(False, description="whether customers are told that a visit costs nothing")


def of(draft: Draft) -> FieldSettings:
    """Its settings; the usual ones where a conversation has come to a desk of another kind since."""
    own = draft.desk_settings
    return own if isinstance(own, FieldSettings) else FieldSettings.model_validate({})
