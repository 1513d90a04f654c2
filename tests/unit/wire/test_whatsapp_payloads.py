"""A real-looking body for every kind of event and every oddity, and what is read from it.

Each file in `tests/payloads/whatsapp` holds what it is about, the body, and what is expected.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import pytest

from core.messages import Delivery, DeliveryState, Event, Identity, News
from core.wire import whatsapp

PAYLOADS = sorted((Path(__file__).parents[2] / "payloads" / "whatsapp").glob("*.json"))
LONG_TEXT = 200
NOW = datetime(2026, 9, 15, tzinfo=UTC)


@pytest.mark.parametrize("path", PAYLOADS, ids=lambda path: path.stem)
def test_a_payload_is_read_as_its_file_says(path: Path) -> None:
    payload = json.loads(path.read_text(encoding="utf-8"))
    assert summary(_parsed(payload)) == payload["expected"]


@pytest.mark.parametrize("path", PAYLOADS, ids=lambda path: path.stem)
def test_every_event_keeps_its_item_as_it_came(path: Path) -> None:
    payload = json.loads(path.read_text(encoding="utf-8"))
    everything = list(_values(payload["body"]))
    for event in _parsed(payload).events:
        assert event.raw.isascii()
        for name, kept in json.loads(event.raw).items():
            if name not in ("entry", "value"):
                assert kept in everything


def test_there_is_a_payload_for_every_kind_and_every_delivery_state() -> None:
    expected = [json.loads(path.read_text(encoding="utf-8"))["expected"] for path in PAYLOADS]
    kinds = {event["kind"] for one in expected for event in one["events"]}
    assert kinds == {
        "text",
        "choice",
        "location",
        "image",
        "audio",
        "video",
        "document",
        "sticker",
        "contacts",
        "reaction",
        "order",
        "flow_reply",
        "system",
        "unsupported",
        "unreadable",
        "edit",
        "revoke",
        "request_welcome",
        "group",
        "echo",
        "notice",
        "opt_out",
    }
    assert {delivery["state"] for one in expected for delivery in one["deliveries"]} == set(get_args(DeliveryState))


def _parsed(payload: dict[str, Any]) -> News:
    return whatsapp.parse(json.dumps(payload["body"]).encode(), now=NOW)


def _values(found: Any) -> Any:
    yield found
    for inner in found.values() if isinstance(found, dict) else found if isinstance(found, list) else ():
        yield from _values(inner)


def summary(news: News) -> dict[str, Any]:
    """News as plain JSON; what came raw is left out."""
    return {"events": [_event(event) for event in news.events], "deliveries": [_told(d) for d in news.deliveries]}


def _event(event: Event) -> dict[str, Any]:
    told = _told(event)
    told.pop("raw")
    told.pop("channel_kind")
    if event.sender:
        told["sender"] = _who(event.sender)
    if len(event.text) > LONG_TEXT:
        told["text"] = f"{len(event.text)} characters, beginning {event.text[:12]!r}"
    return told


def _who(sender: Identity) -> dict[str, Any]:
    """The names of a person by their kind."""
    named = {**dict(sender.aliases), "name": sender.name, "was": _who(sender.was) if sender.was else None}
    return {name: value for name, value in named.items() if value}


def _told(value: Event | Delivery) -> dict[str, Any]:
    """What is set, and nothing else; times as text."""
    return {name: _plain(found) for name, found in asdict(value).items() if found is False or found}


def _plain(found: Any) -> Any:
    if isinstance(found, dict):
        return {name: _plain(inner) for name, inner in found.items() if inner not in (None, "")}
    return found.isoformat() if hasattr(found, "isoformat") else found
