"""Emoji that guests send by themselves: each means what its words would."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

BROKEN: Final = "no funciona"
"""What it says beside one of these that something is broken: 🚿❌."""
EMOJI: Final[Mapping[str, str]] = {
    **dict.fromkeys("🏨🛏🛌", "habitaciones"),
    **dict.fromkeys("📅📆🗓", "disponibilidad"),
    **dict.fromkeys("🧳🎒", "equipaje"),
    **dict.fromkeys("🚕🚖", "taxi"),
    **dict.fromkeys("✈🛬🚐🚌", "traslado"),
    **dict.fromkeys("🍽🍔🍕🍳", "room service"),
    **dict.fromkeys("🧹🧽", "limpieza"),
    **dict.fromkeys("⏰🔔", "despertador"),
    **dict.fromkeys("📍🗺🧭", "ubicacion"),
    **dict.fromkeys("🏊🌊", "pileta"),
    **dict.fromkeys("🐶🐕🐱🐈", "mascotas"),
    "🛎": "recepcion",
    "🧾": "comprobante",
    "🧻": "papel higienico",
    "🅿": "estacionamiento",
    "🚿": "ducha",
    "🛁": "banera",
    "🚽": "inodoro",
    "📺": "tele",
    "📶": "wifi",
    "❄": "aire",
    "💡": "luz",
    "🔑": "llave",
    "🚪": "puerta",
}
