"""What staff must know of a channel comes from the channel."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

from bot import channels
from core.reach import Reach
from core.settings import Settings
from dashboard import Tools
from dashboard.conversation.load import shuts_at

NOW = datetime(2026, 12, 1, 10, tzinfo=UTC)
HEARD = cast("Any", SimpleNamespace(heard_at=NOW, created_at=NOW - timedelta(days=3)))


def test_each_channel_says_its_name_its_window_and_whether_replies_are_sent_there() -> None:
    reaches = channels.reaches(Settings.model_validate({"window_s": 3600}))
    assert reaches["whatsapp"] == Reach("WhatsApp", 3600.0, sends=True)
    assert reaches["web"] == Reach("web", None, sends=False)


def test_the_window_shuts_when_its_channel_says_so() -> None:
    assert shuts_at(HEARD, 3600.0) == NOW + timedelta(hours=1)
    assert shuts_at(HEARD, None) is None


def test_a_channel_that_is_not_known_is_named_by_its_kind() -> None:
    assert Tools(channels={"pigeon": Reach("Pigeon", 60.0)}).channel("pigeon").window_s == 60.0
    assert Tools().channel("pigeon") == Reach("pigeon", None, sends=False)
