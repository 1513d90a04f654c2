"""Whatever stands wherever: never an exception, never a lost neighbour, never a value that cannot be stored."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.messages import Event, Identity, News
from core.wire import whatsapp
from core.wire.whatsapp_identity import identity

PAYLOADS = sorted((Path(__file__).parents[2] / "payloads" / "whatsapp").glob("*.json"))
BODIES = [json.loads(path.read_text(encoding="utf-8"))["body"] for path in PAYLOADS if path.stem != "text_long"]
NOW = datetime(2026, 9, 15, tzinfo=UTC)

words = st.text(st.characters(), max_size=12) | st.sampled_from(
    [
        "",
        "\0",
        "\ud800",
        "text",
        "image",
        "interactive",
        "system",
        "MX.1",
        "MX.ENT.1",
        "+52",
        "sent",
        "messages",
        "x" * 3000,
    ]
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)
neighbour = {
    "from": "5215500000001",
    "id": "wamid.NEIGHBOUR",
    "timestamp": "1749416383",
    "type": "text",
    "text": {"body": "still here"},
}


def places(found: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a JSON value, as the keys that lead there."""
    for key, inner in found.items() if isinstance(found, dict) else enumerate(found):
        yield (*path, key)
        if isinstance(inner, (dict, list)):
            yield from places(inner, (*path, key))


def put(body: Any, path: tuple[Any, ...], value: Any) -> None:
    for key in path[:-1]:
        body = body[key]
    body[path[-1]] = value


def parse(body: Any) -> News:
    return whatsapp.parse(json.dumps(body).encode(), now=NOW)


def with_neighbour(body: dict[str, Any]) -> dict[str, Any]:
    entry = {"id": "1", "changes": [{"field": "messages", "value": {"messages": [neighbour]}}]}
    return {**body, "entry": [*body["entry"], entry]}


def check_storable(event: Event) -> None:
    assert event.external_id
    assert event.raw.isascii()
    json.loads(event.raw)
    assert len(event.external_id.encode()) < 2000
    assert not str(event.content.get("why", "")).startswith("not foreseen")
    for text in (event.external_id, event.text, event.address, event.kind, json.dumps(event.content, allow_nan=False)):
        assert "\0" not in text
        text.encode("utf-8")
    for part in strings(event.content):
        assert "\0" not in part
        part.encode("utf-8")
    check_identity(event.sender)


def check_identity(who: Identity | None) -> None:
    if who is not None:
        assert who.aliases
        for text in (who.name, *(value for _, value in who.aliases)):
            assert "\0" not in text
            assert len(text) <= 140
            text.encode("utf-8")
        check_identity(who.was)


def strings(found: Any) -> Iterator[str]:
    if isinstance(found, str):
        yield found
    for inner in found.values() if isinstance(found, dict) else found if isinstance(found, list) else ():
        yield from strings(inner)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_anything_in_any_place_never_raises_and_never_costs_a_neighbour(data: st.DataObject) -> None:
    body = copy.deepcopy(data.draw(st.sampled_from([b for b in BODIES if isinstance(b["entry"], list)])))
    inside = [path for path in places(body) if len(path) > 1]
    for _ in range(data.draw(st.integers(1, 2))):
        path = data.draw(st.sampled_from(inside))
        try:
            put(body, path, data.draw(anything))
        except (KeyError, TypeError, IndexError):
            continue  # the first change took the second one's place away
    news = parse(with_neighbour(body))
    assert "wamid.NEIGHBOUR" in [event.external_id for event in news.events]
    for event in news.events:
        check_storable(event)
    for delivery in news.deliveries:
        assert delivery.error_code is None or abs(delivery.error_code) < 2**31
        assert "\0" not in delivery.external_id + delivery.error + (delivery.callback_id or "")


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(words, anything, max_size=4) | st.fixed_dictionaries({"entry": anything}))
def test_any_object_at_all_is_walked_without_an_exception(body: dict[str, Any]) -> None:
    for event in parse(body).events:
        check_storable(event)


@settings(max_examples=200, deadline=None)
@given(st.lists(anything, max_size=5), st.sampled_from(["messages", "statuses"]))
def test_every_item_of_a_batch_is_told_once(items: list[Any], name: str) -> None:
    value = {"metadata": {"phone_number_id": "1"}, name: items, "errors": []}
    news = parse({"entry": [{"changes": [{"field": "messages", "value": value}]}]})
    assert len(news.events) + len(news.deliveries) == max(1, len(items))


@pytest.mark.parametrize("depth", [60, 300, 900])
def test_an_item_nested_beyond_reason_is_kept_and_costs_nobody(depth: int) -> None:
    deep: Any = "x"
    for _ in range(depth):
        deep = {"a": [deep]} if depth < 900 else [deep]
    strange = {**neighbour, "id": "wamid.DEEP", "type": "contacts", "contacts": [deep], "referral": {"deep": deep}}
    news = parse({"entry": [{"changes": [{"field": "messages", "value": {"messages": [strange, neighbour]}}]}]})
    assert [event.external_id for event in news.events] == ["wamid.DEEP", "wamid.NEIGHBOUR"]
    for event in news.events:
        check_storable(event)


@pytest.mark.parametrize(
    ("timestamp", "read"),
    [
        ("1749416383", True),
        (1749416383, True),
        (1749416383.5, True),
        ("1749416383000", False),
        ("0", False),
        ("-5", False),
        ("", False),
        ("²", False),
        (True, False),
        (None, False),
        (1e300, False),
        (str(int((NOW + timedelta(hours=23)).timestamp())), True),
        (str(int((NOW + timedelta(hours=25)).timestamp())), False),
    ],
)
def test_a_time_is_believed_when_it_makes_sense(timestamp: Any, read: bool) -> None:
    message = {**neighbour, "timestamp": timestamp}
    (event,) = parse({"entry": [{"changes": [{"field": "messages", "value": {"messages": [message]}}]}]}).events
    assert (event.sent_at is not None) is read


def test_a_thousand_items_are_all_told_and_their_people_kept_apart() -> None:
    messages = [{**neighbour, "id": f"wamid.{i}", "from": f"52155{i:08}"} for i in range(1000)]
    contacts = [{"wa_id": f"52155{i:08}", "user_id": f"MX.{i}", "profile": {"name": f"N{i}"}} for i in range(1000)]
    value = {"messages": messages, "contacts": contacts}
    events = parse({"entry": [{"changes": [{"field": "messages", "value": value}]}]}).events
    assert [(event.external_id, event.sender) for event in events] == [
        (f"wamid.{i}", identity(f"MX.{i}", wa_id=f"52155{i:08}", name=f"N{i}")) for i in range(1000)
    ]


def test_the_same_broken_item_has_the_same_id_each_time_it_comes() -> None:
    body = {"entry": [{"changes": [{"field": "messages", "value": {"messages": [{"type": "text"}]}}]}]}
    assert parse(body).events[0].external_id == parse(body).events[0].external_id
    assert parse(body).events[0].external_id.startswith("unreadable:")


def test_an_id_too_long_for_an_index_is_told_apart_by_a_digest() -> None:
    ids = ["w" * 60_000, "w" * 60_001, "w\0", "w␀"]
    messages = [{**neighbour, "id": i} for i in ids]
    events = parse({"entry": [{"changes": [{"field": "messages", "value": {"messages": messages}}]}]}).events
    assert len({event.external_id for event in events}) == len(ids)


def test_a_text_longer_than_any_is_cut_but_kept_whole_in_raw() -> None:
    message = {**neighbour, "text": {"body": "é" * 100_000}}
    (event,) = parse({"entry": [{"changes": [{"field": "messages", "value": {"messages": [message]}}]}]}).events
    assert len(event.text) == 65_536
    assert json.loads(event.raw)["message"] == message
