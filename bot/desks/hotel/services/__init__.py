"""Services of a hotel desk, by name. Those that ask the house share its circuit breaker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.desks.hotel.services.booking import BOOKING
from bot.desks.hotel.services.holding import HOLDING
from bot.desks.hotel.services.offers import OFFERS
from bot.desks.hotel.services.receipts import RECEIPT
from bot.errands.service import ServiceOf

SERVICES: Final[Mapping[str, ServiceOf]] = {"offers": OFFERS, "hold": HOLDING, "booking": BOOKING, "receipt": RECEIPT}
