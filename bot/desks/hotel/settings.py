"""Settings of a hotel desk: those of its house, and how it sells."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field

from bot.desks.hotel.after.settings import AfterSettings
from bot.script.desk_settings import TIME
from bot.script.draft import Draft


class HotelSettings(AfterSettings):
    deposit_percent: Decimal = Field(
        Decimal(30), ge=0, le=100, description="deposit by bank transfer, in percent of the total; 0: none is taken"
    )
    bank: str = Field(
        "", max_length=300, description="bank account for deposits, as guests read it; empty: none is taken"
    )
    pay_at_hotel: bool = Field(True, description="whether a guest may book and pay on arrival")
    receipts: Literal["person", "rule"] = Field(
        "person",
        description="confirmation of the receipt of a deposit: by a person of reception, or by the rule (all of it read surely, the"
        " right amount, a transfer of the last three days), which a forged picture may deceive",
    )
    rooms_shown: int = Field(
        3, ge=0, le=5, description="kinds of rooms on offer that are shown with their photo; each card is a message"
    )
    breakfast: Literal["included", "extra", "none", "unknown"] = Field(
        "unknown", description="breakfast in the price of a room; unknown: reception tells"
    )
    looks_most: int = Field(
        4, ge=1, le=20, description="times that a booking without an outcome is looked up before reception gets it"
    )

    wifi_name: str = Field("", max_length=60, description="the network for guests")
    wifi_password: str = Field("", max_length=80, description="its password, told to guests with a booking only")
    kitchen_opens: str = Field("06:00", pattern=TIME, min_length=5, description="from when room service is brought")
    kitchen_closes: str = Field("23:00", pattern=TIME, min_length=5, description="until when it is")

    @property
    def takes_deposit(self) -> bool:
        return bool(self.bank) and self.deposit_percent > 0


def of(draft: Draft) -> HotelSettings:
    """Its settings; the usual ones where a conversation has come to a desk of another kind since."""
    own = draft.desk_settings
    return own if isinstance(own, HotelSettings) else HotelSettings.model_validate({})
