"""Places, addresses and the crowd at the door: who gets in, and who makes room."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from core.errors import BadBody, Busy
from core.wire import webchat
from webhook.addresses import forwarded, network
from webhook.crowd import Crowd
from webhook.pace import Pace, Paced
from webhook.places import Places

PACE = Pace(head_s=10, body_s=10, body_bytes_per_s=65_536, take_s=20)


@pytest.mark.parametrize(
    ("address", "counts_as"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::ffff", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_an_address_counts_by_its_network(address: str, counts_as: str) -> None:
    assert network(address) == counts_as


@pytest.mark.parametrize(
    ("told", "proxies", "found"),
    [
        ("9.9.9.9", 0, "1.1.1.1"),
        ("9.9.9.9", 1, "9.9.9.9"),
        ("7.7.7.7, 9.9.9.9", 1, "9.9.9.9"),
        ("9.9.9.9", 2, "1.1.1.1"),
    ],
)
def test_only_trusted_proxies_tell_an_address(told: str, proxies: int, found: str) -> None:
    assert forwarded("1.1.1.1", told, proxies) == found


def test_one_address_gets_a_quarter_of_the_places() -> None:
    places = Places(8)
    assert [places.take("a") for _ in range(3)] == [True, True, False]
    assert [places.take("b"), places.take("c"), places.take("d")] == [True, True, True]
    places.leave("a")
    assert places.take("a")


def test_nobody_gets_more_places_than_there_are() -> None:
    places = Places(100)
    assert places.take("a", 60) and not places.take("b", 60) and places.take("b", 40)
    with pytest.raises(Busy), places.held("c"):
        raise AssertionError("there was no room")
    places.leave("b", 40)
    with places.held("c", 40):
        pass
    assert places.take("d", 40)


def connection(address: str, *, waits: bool = True) -> tuple[Paced, Any]:
    ours, theirs = socket.socketpair()
    made = Paced(ours, address, PACE)
    made.waits = waits
    return made, theirs


def is_dropped(theirs: Any) -> bool:
    theirs.setblocking(False)
    try:
        return bool(theirs.recv(1) == b"")
    except BlockingIOError:
        return False


def test_a_full_house_lets_in_who_comes_and_drops_who_waits_longest_of_who_holds_most() -> None:
    crowd = Crowd(4, 0)
    held = [connection(address) for address in ("other", "many", "many", "many")]
    assert all(crowd.enter(made) for made, _ in held)
    newest, _ = connection("newest")
    assert crowd.enter(newest)
    assert [is_dropped(theirs) for _, theirs in held] == [False, True, False, False]


def test_who_is_being_served_is_never_dropped() -> None:
    crowd = Crowd(2, 0)
    served = [connection("many", waits=False) for _ in range(2)]
    assert all(crowd.enter(made) for made, _ in served)
    newest, _ = connection("newest")
    assert crowd.enter(newest)
    assert not any(is_dropped(theirs) for _, theirs in served)


def test_an_address_above_its_cap_makes_room_for_itself() -> None:
    crowd = Crowd(100, 2)
    first, other = connection("many"), connection("other")
    second, third = connection("many"), connection("many")
    assert all(crowd.enter(made) for made, _ in (first, other, second, third))
    assert [is_dropped(theirs) for _, theirs in (first, other, second, third)] == [True, False, False, False]


def test_an_address_that_is_served_as_often_as_it_may_is_turned_away() -> None:
    crowd = Crowd(100, 1)
    served, late = connection("many", waits=False), connection("many")
    assert crowd.enter(served[0]) and not crowd.enter(late[0])
    crowd.leave(served[0])
    assert crowd.enter(late[0])


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":' + b"[" * 40 + b"]" * 40 + b"}",
        b'{"a":' * 40 + b"1" + b"}" * 40,
        b'{"a":[' + b"[]," * 15_000 + b"[]]}",
        b'{"a":[' + b"1," * 30_000 + b"1]}",
    ],
    ids=["deep_lists", "deep_objects", "many_lists", "many_numbers"],
)
def test_a_body_has_a_depth_and_a_number_of_parts(body: bytes) -> None:
    with pytest.raises(BadBody):
        webchat.body(body)


def test_what_looks_deep_and_is_only_words_is_read() -> None:
    assert webchat.body(b'{"message": "' + b"[" * 900 + b'"}') == {"message": "[" * 900}
