"""Settings of what a hotel says by itself: before and after a stay, and after a quote."""

from __future__ import annotations

from pydantic import Field

from bot.desks.hotel.house.settings import HouseSettings
from bot.script.draft import Draft

LINK = r"^(https://\S{4,300})?$"


class AfterSettings(HouseSettings):
    write_from_h: int = Field(9, ge=0, le=23, description="the hour from which the hotel writes by itself")
    write_to_h: int = Field(20, ge=1, le=24, description="the hour until which it does")
    stay_reminders: bool = Field(True, description="remind of a stay a week and a day before it")
    reminder_h: int = Field(10, ge=0, le=23, description="the hour of the day at which it is reminded of")
    quote_after_h: float = Field(
        3, ge=0, le=20, description="hours of silence after which a quote left open is asked about once; 0: never"
    )
    reviews: bool = Field(True, description="ask after a stay how it was")
    review_after_h: float = Field(24, ge=1, description="hours after the departure until a guest is asked how it was")
    review_most: int = Field(3, ge=1, le=3, description="times that a guest who does not answer is asked")
    review_apart_h: float = Field(72, ge=24, description="hours between them")
    vip_stays: int = Field(3, ge=0, le=5, description="earlier stays that make a frequent guest; 0: nobody is one")
    review_google: str = Field("", pattern=LINK, description="link to review the hotel on Google")
    review_tripadvisor: str = Field("", pattern=LINK, description="link to review it on Tripadvisor")
    review_booking: str = Field("", pattern=LINK, description="link to review it on Booking.com")
    review_facebook: str = Field("", pattern=LINK, description="link to review it on Facebook")
    review_expedia: str = Field("", pattern=LINK, description="link to review it on Expedia")


def of(draft: Draft) -> AfterSettings:
    """Its settings; the usual ones where a conversation has come to a desk of another kind since."""
    own = draft.desk_settings
    return own if isinstance(own, AfterSettings) else AfterSettings.model_validate({})
