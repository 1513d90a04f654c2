"""Settings of the house behind a hotel desk; the desk's own settings derive from these."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field

from bot.script.desk_settings import TIME, DeskSettings


class HouseSettings(DeskSettings):
    house: Literal["book", "qloapps", "by_hand"] = Field(
        "book", description="the system that knows rooms and bookings: our own book, QloApps, or people of the house"
    )
    house_url: str = Field("", pattern=r"^(https?://\S+)?$", description="address of the system's API, if it has one")
    house_id: str = Field("1", pattern=r"^[\w-]{1,40}$", description="the house's own number in that system")
    currency: str = Field("ARS", pattern=r"^[A-Z]{3}$", description="currency of the rates of the house book")
    check_in: str = Field("15:00", pattern=TIME, min_length=5, description="from when a room is ready")
    check_out: str = Field("12:00", pattern=TIME, min_length=5, description="until when it is left")
    child_to: int = Field(12, ge=0, le=17, description="age up to which a child counts as one; older ones are adults")
    nights_most: int = Field(30, ge=1, le=365, description="longest stay")
    days_ahead: int = Field(365, ge=1, le=730, description="how many days ahead a stay may begin")
    people_most: int = Field(10, ge=1, le=99, description="most people of one booking; more are for reception")
    hold_s: float = Field(1200.0, ge=60, le=86400, description="how long a room is held while a guest decides")
    quote_s: float = Field(1200.0, ge=60, le=86400, description="how long a quote is good")
    look_s: float = Field(
        300.0, ge=0, description="age up to which availability that is only looked at is not read anew"
    )
    stale_s: float = Field(3600.0, ge=0, description="age up to which it is told, with its age, when the house is away")
    settles_s: float = Field(
        20.0, ge=0, description="seconds after which a booking that the house does not show has not been made"
    )
    late_to: str = Field("14:00", pattern=TIME, min_length=5, description="latest hour at which a room may be left")
    late_percent: Decimal = Field(
        Decimal(50), ge=0, le=100, description="fee of a late departure, in percent of a night"
    )
    late_free_rooms: tuple[str, ...] = Field((), description="kinds of rooms that are left late for nothing")
    late_free_stays: int = Field(
        0, ge=0, description="guests who stayed so often before leave late for nothing; 0: nobody does"
    )
    cleaning_h: float = Field(
        2.0, ge=0, le=12, description="hours in which a room is made ready for the guest who comes next"
    )
    cancel_free_h: float = Field(24.0, ge=0, description="hours before arrival until which cancelling costs nothing")
    cancel_percent: Decimal = Field(
        Decimal(50), ge=0, le=100, description="the price of cancelling after that, in percent of the first night"
    )
