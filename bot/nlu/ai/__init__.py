"""The AI: asked only where one is configured. What asks it is loaded only there."""

from __future__ import annotations

from core.settings import Settings


def usable(settings: Settings) -> bool:
    """True when an AI may be asked at all."""
    return settings.smart_mode and bool(settings.openai_api_key.get_secret_value())
