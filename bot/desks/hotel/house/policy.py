"""The policy of the house: the price of cancelling, and of a late departure. Pure: a flow tells it, a service charges it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from bot.desks.hotel.house import money
from bot.desks.hotel.house.settings import HouseSettings

Night = Mapping[str, Any]
"""A night as a quote has it: `price`, and `tax` on top."""
NOTHING = "0"


def cancelling(arrival: datetime, night: Night, currency: str, settings: HouseSettings, now: datetime) -> Decimal:
    """The price of cancelling now: nothing until some hours before arrival, then a part of the first night."""
    if now < arrival - timedelta(hours=settings.cancel_free_h):
        return money.read(NOTHING, currency)
    price = money.read(night["price"], currency) + money.read(night["tax"], currency)
    return money.percent(price, settings.cancel_percent, currency)


def leaving_late(room: str, stays: int, night: Night, currency: str, settings: HouseSettings) -> Decimal:
    """The fee of a late departure: a part of the last night, and nothing where the room or its guest is favoured."""
    favoured = 0 < settings.late_free_stays <= stays
    if favoured or room in settings.late_free_rooms:
        return money.read(NOTHING, currency)
    return money.percent(money.read(night["price"], currency), settings.late_percent, currency)
