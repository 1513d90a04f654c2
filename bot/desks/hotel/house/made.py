"""The house of a business, made of its settings."""

from __future__ import annotations

from bot.desks.hotel.house.book.book import HouseBook
from bot.desks.hotel.house.by_hand import ByHand
from bot.desks.hotel.house.port import House
from bot.desks.hotel.house.qloapps.house import QloApps
from bot.desks.hotel.house.settings import HouseSettings
from bot.errands.service import Means
from core.errors import Broken


def settings_of(means: Means) -> HouseSettings:
    """Settings of the desk, as far as its house is concerned."""
    own = means.desk_settings
    return own if isinstance(own, HouseSettings) else HouseSettings.model_validate(dict(own))


def house(means: Means) -> House:
    settings = settings_of(means)
    if settings.house == "by_hand":
        return ByHand()
    if settings.house == "book":
        return HouseBook(means.db, means.desk, settings)
    key = means.settings.service_key(means.desk.id)
    if not settings.house_url or not key:
        raise Broken("the house has no address, or no key in SERVICE_KEYS")
    return QloApps(settings, means.desk, key, means.db)
