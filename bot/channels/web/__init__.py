"""The web chat: browsers post to the door, and fetch their answers from it.

The page itself would take more at once. Replies are cut as on a phone, with as many buttons, so that a
conversation reads the same on both. No reply is paid for, and a visitor watches the page: the wait for another line is short.
"""

from __future__ import annotations

from bot.channels.channel import Channel
from core.limits import Limits

CHANNEL = Channel(
    kind="web",
    limits=Limits(text=4096, question=1024, buttons=3, pictures=True),
    reached_by=("web",),
    longest_breath_s=1.0,
)
