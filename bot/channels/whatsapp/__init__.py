"""WhatsApp: the Cloud API takes replies over HTTP, within 24 hours of the customer's last message."""

from __future__ import annotations

import re

from bot.channels.channel import Channel
from bot.channels.whatsapp.carrier import WhatsAppCarrier
from core.breaker import Observer
from core.settings import Settings
from core.wire.whatsapp_limits import LIMITS


def _window_s(settings: Settings) -> float:
    return settings.window_s


def _carrier(settings: Settings, on_breaker: Observer) -> WhatsAppCarrier:
    return WhatsAppCarrier(settings, on_breaker=on_breaker)


CHANNEL = Channel(
    kind="whatsapp",
    name="WhatsApp",
    limits=LIMITS,
    address=re.compile(r"\d{5,20}(/[a-z0-9][a-z0-9-]{0,59})?"),
    reached_by=("bsuid", "wa_id"),
    window_s=_window_s,
    carrier=_carrier,
)
