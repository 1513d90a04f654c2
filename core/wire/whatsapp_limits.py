"""WhatsApp's length limits: checked by `flows check`, before a customer meets them.

Meta: https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages
"""

from __future__ import annotations

from core.limits import Limits

LIMITS = Limits(
    text=4096,
    question=1024,
    caption=1024,
    footer=60,
    buttons=3,
    button_title=20,
    button_id=256,
    rows=10,
    row_title=24,
    row_id=200,
    description=72,
    link=2000,
    formatted_titles=False,
    pictures=True,
    pins=True,
    voice=True,
)
