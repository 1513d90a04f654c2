"""Whom the door need not meet again."""

from __future__ import annotations

from dataclasses import replace

from core.messages import Event, Identity
from core.wire.whatsapp_identity import identity
from webhook.known_senders import KnownSenders


def said_by(sender: Identity | None, *, address: str = "1") -> Event:
    return Event("wamid.1", "text", "whatsapp", address, sender=sender)


ROSA = said_by(identity(bsuid="MX.1", wa_id="521", name="Rosa"))


def test_who_was_met_is_no_stranger() -> None:
    known = KnownSenders()
    assert known.strangers([ROSA]) == [ROSA]
    known.met([ROSA])
    assert known.strangers([ROSA, ROSA]) == []


def test_another_name_number_or_channel_makes_a_stranger_again() -> None:
    known = KnownSenders()
    known.met([ROSA])
    others = [
        said_by(identity(bsuid="MX.1", wa_id="521", name="Rosa María")),
        said_by(identity(bsuid="MX.1", wa_id="522", name="Rosa")),
        said_by(identity(wa_id="521", name="Rosa")),
        said_by(identity(bsuid="MX.1", wa_id="521", name="Rosa"), address="2"),
    ]
    assert known.strangers(others) == others


def test_a_declared_change_is_always_looked_at() -> None:
    known = KnownSenders()
    moved = said_by(replace(identity(bsuid="MX.1", wa_id="522"), was=identity(wa_id="521")))
    known.met([moved])
    assert known.strangers([moved]) == [moved]


def test_who_is_not_named_is_never_remembered() -> None:
    known = KnownSenders()
    known.met([said_by(None)])
    assert known.strangers([said_by(None)]) == [said_by(None)]


def test_there_is_only_so_much_room() -> None:
    known = KnownSenders(most=2)
    crowd = [said_by(identity(wa_id=str(number))) for number in range(3)]
    for event in crowd:
        known.met([event])
    assert known.strangers(crowd) == crowd[:2]
