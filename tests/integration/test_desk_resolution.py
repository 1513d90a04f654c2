"""Which of several desks of one owner serves a contact: through the real door, one message after the other."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from unittest import mock

import pytest
import structlog

from bot.__main__ import main
from bot.channels.email import CHANNEL as EMAIL
from bot.workers.receiver import Receiver
from core import resolver, telemetry
from core.messages import Event, Identity, News
from core.resolver import Resolver
from core.settings import Settings
from core.store import desk_contacts, desks
from core.store.db import Database
from tests.integration.crew import DESK, NUMBER, Rooms, parse, post, text
from webhook import create_app
from webhook.door import Door
from webhook.meta import Meta

GUEST, OTHER = "5215550000001", "5215550000002"
OWN: dict[str, Any] = DESK["desks"][0]
NORTH = {**OWN, "id": "north", "name": "North House", "settings": {"phone": "+54 11 5555 0101"}}
LOST_NUMBER = "100000000000777"


@dataclass
class Time:
    at: float = 0.0

    def __call__(self) -> float:
        return self.at


class Owner:
    """The rooms, with a second desk of the same owner."""

    def __init__(self, rooms: Rooms, default: str = ""):
        self.rooms, self.time = rooms, Time()
        self.settings = Settings.model_validate({"default_desk": default})
        with rooms.db.transaction() as tx:
            desks.put(tx, NORTH)
        self.open()

    def open(self) -> None:
        """A door whose caches are empty."""
        self.resolver = Resolver(self.rooms.db, self.settings, self.time)
        self.rooms.door = Door(self.rooms.db, self.rooms.bell, resolver=self.resolver)

    def map(self, phone: str, desk: str) -> None:
        with self.rooms.db.transaction() as tx:
            desk_contacts.put(tx, "wa_id", phone, desk, by="test")

    def share(self, desk: str) -> None:
        with self.rooms.db.transaction() as tx:
            desk_contacts.share(tx, "whatsapp", f"{NUMBER}/{desk}", desk)

    def hear(self, body: str, wamid: str, sender: str = GUEST, **value: Any) -> None:
        self.rooms.door.accept(parse([text(body, wamid=wamid, sender=sender)], **value))
        self.rooms.work()

    def inbox(self) -> list[Any]:
        return self.rooms.ask(
            "select i.external_id, i.state, ch.address, ch.desk_id, i.content -> 'resolved' as resolved"
            " from inbox i join channels ch on ch.id = i.channel_id order by i.id"
        )


@pytest.fixture
def owner(rooms: Rooms) -> Iterator[Owner]:
    return Owner(rooms)


def logged(lines: list[Any]) -> list[str]:
    return [line["event"].removeprefix("desk.") for line in lines if line["event"].startswith("desk.")]


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the resolver logs, however this process was told to log by earlier tests."""
    kept = structlog.testing.LogCapture()
    monkeypatch.setattr(
        resolver, "log", structlog.wrap_logger(None, processors=[kept], wrapper_class=structlog.BoundLogger)
    )
    return kept.entries


def test_tenant_resolution_logging(rooms: Rooms, lines: list[Any]) -> None:
    """Scenario 5 (test_tenant_resolution_logging): a failing dynamic → static → default resolution gives exactly three
    log entries, dynamic_failed, static_attempted and default_used, each with its reason."""
    owner = Owner(rooms, default="north")
    rooms.door.accept(parse([text("hola", wamid="wamid.1")], metadata={"phone_number_id": LOST_NUMBER}))
    assert logged(lines) == ["dynamic_failed", "static_attempted", "default_used"]
    assert all(line["reason"] for line in lines if line["event"].startswith("desk."))
    [event] = owner.inbox()
    assert (event.desk_id, event.resolved, event.state) == ("north", {"by": "default"}, "waiting")


def test_without_any_mapping_the_door_asks_the_database_nothing_more(owner: Owner) -> None:
    owner.hear("hola", "wamid.1")
    with (
        mock.patch.object(Database, "at_once", autospec=True, side_effect=Database.at_once) as at_once,
        mock.patch.object(Database, "transaction", autospec=True, side_effect=Database.transaction) as transaction,
    ):
        for n in range(2, 7):
            owner.rooms.hear(text("hola", wamid=f"wamid.{n}"))
    assert (at_once.call_count, transaction.call_count) == (5, 0)  # one statement each: the accept
    assert [event.resolved for event in owner.inbox()] == [None] * 6


def test_a_contact_of_another_desk_is_told_where_that_is_and_nothing_else_happens(owner: Owner) -> None:
    owner.map(GUEST, "north")
    owner.hear("hola, no enfría mi refri 4045101", "wamid.1")
    owner.hear("hola", "wamid.2", sender=OTHER)
    refused, served = owner.inbox()
    assert refused.resolved == {"by": "rejected", "desk": "north", "name": "North House", "number": "+54 11 5555 0101"}
    assert served.resolved == {"by": "static"} and refused.desk_id == served.desk_id == OWN["id"]
    first, *_ = owner.rooms.said()
    assert "North House" in first and "+54 11 5555 0101" in first
    [step] = owner.rooms.ask("select trigger, to_flow, note from steps where event_id = (select min(id) from inbox)")
    assert (step.trigger, step.note) == ("other_desk", "belongs to another desk")
    assert owner.rooms.ask("select memory -> 'slots' as slots from sessions order by 1")[0].slots in (None, {}, [])
    [noted] = owner.rooms.ask("select who, did, subject, why, desk from audit where who = 'door'")
    assert noted.did == "turned a contact of another desk away" and GUEST not in noted.subject + noted.why


def test_danger_comes_before_the_refusal(owner: Owner) -> None:
    owner.map(GUEST, "north")
    owner.hear("¡se está incendiando, hay humo y fuego!", "wamid.1")
    assert owner.rooms.ask("select trigger from steps")[0].trigger == "danger"


def test_one_number_for_several_desks_gives_each_contact_the_desk_it_belongs_to(owner: Owner) -> None:
    owner.share("north")
    owner.map(GUEST, "north")
    owner.hear("hola", "wamid.1")
    owner.hear("hola", "wamid.2", sender=OTHER)
    mine, other = owner.inbox()
    assert (mine.desk_id, mine.resolved["by"], mine.address) == ("north", "dynamic", f"{NUMBER}/north")
    assert (other.desk_id, other.resolved["by"]) == (OWN["id"], "static")
    owner.rooms.send()
    assert {row.address for row in owner.rooms.ask("select ch.address from outbox o join channels ch on ch.id = o.channel_id")} \
        == {NUMBER, f"{NUMBER}/north"}  # fmt: skip
    assert len(owner.rooms.carrier.accepted) >= 2


def test_a_shared_number_is_paused_and_sends_as_the_one_number_it_is(owner: Owner) -> None:
    owner.share("north")
    owner.map(GUEST, "north")
    with mock.patch.object(owner.rooms.carrier, "send", wraps=owner.rooms.carrier.send) as send:
        owner.hear("hola", "wamid.1")
        owner.rooms.send()
    assert {call.args[0] for call in send.call_args_list} == {NUMBER}


def test_a_copy_goes_where_the_first_one_went_when_the_contact_was_mapped_in_between(owner: Owner) -> None:
    owner.share("north")
    owner.hear("hola", "wamid.1")
    owner.map(GUEST, "north")
    owner.time.at += 61
    owner.hear("hola", "wamid.1")
    assert [(event.external_id, event.desk_id) for event in owner.inbox()] == [("wamid.1", OWN["id"])]


def test_a_mapping_counts_after_the_time_that_the_cache_has(owner: Owner) -> None:
    owner.map(OTHER, "north")
    owner.hear("hola", "wamid.1")
    owner.map(GUEST, "north")
    owner.hear("hola", "wamid.2")
    owner.time.at += 61
    owner.hear("hola", "wamid.3")
    assert [event.resolved["by"] for event in owner.inbox()] == ["static", "static", "rejected"]


def test_a_contact_is_found_by_any_of_its_own_names(owner: Owner) -> None:
    """Mapped by phone, and written by an id of the platform that we know to be the same person."""
    both = {"contacts": [{"wa_id": GUEST, "user_id": "MX.77", "profile": {"name": "Rosa"}}]}
    owner.hear("hola", "wamid.1", **both)
    owner.map(GUEST, "north")
    owner.open()
    only = {"contacts": [{"user_id": "MX.77", "profile": {"name": "Rosa"}}]}
    message = {**text("hola", wamid="wamid.2"), "from_user_id": "MX.77"}
    message.pop("from")
    owner.rooms.door.accept(parse([message], **only))
    assert [(event.resolved or {}).get("by") for event in owner.inbox()] == [None, "rejected"]


def test_what_the_resolver_counts_has_a_label_of_a_short_list(owner: Owner) -> None:
    owner.map(GUEST, "north")
    owner.hear("hola", "wamid.1")
    assert b'turno_desk_resolutions_total{by="rejected"}' in telemetry.exposition()


def run(*words: str) -> int:
    return int(main(["desk", *words]))


def test_staff_map_and_unmap_contacts_by_a_command_which_the_audit_keeps(
    owner: Owner, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", owner.rooms.db.url)
    assert run("map", "+52 1 555 000 0001", "north", "--by", "ana") == 0
    assert run("map", "Eva@Example.com", "north") == 0
    assert run("map", GUEST, "south") == 2
    run("mapped")
    shown = capsys.readouterr().out
    assert GUEST not in shown and "Eva" not in shown and shown.count(" north ") == 2
    owner.hear("hola", "wamid.1")
    assert [event.resolved["by"] for event in owner.inbox()] == ["rejected"]
    assert run("unmap", GUEST) == 0 and run("unmap", GUEST) == 2
    did = [
        row.did
        for row in owner.rooms.ask("select did from audit where desk = 'north' and who like 'cli:%%' order by id")
    ]
    assert did == ["mapped a contact to a desk"] * 2 + ["took a contact's desk away"]
    assert not owner.rooms.ask("select 1 from audit where why like %(phone)s", phone=f"%{GUEST}%")


def test_what_is_no_contact_is_refused(owner: Owner) -> None:
    for written in ("", "ana", "123", "a@b@c", "+52 1 555 000 0001 ext. 3 and more than fits"):
        with pytest.raises(SystemExit):
            run("map", written, "north")


# --- the faults of the service before: a silent default, an isolation that no channel asked, a header that was believed ---


def test_a_number_that_no_desk_has_is_answered_by_nobody_unless_a_default_is_chosen(owner: Owner) -> None:
    owner.map(OTHER, "north")
    owner.rooms.door.accept(parse([text("hola", wamid="wamid.1")], metadata={"phone_number_id": LOST_NUMBER}))
    [event] = owner.inbox()
    assert (event.desk_id, event.state, event.resolved) == (None, "buried", {"by": "none"})
    assert owner.rooms.work() == 0 and owner.rooms.said() == []


def test_a_default_never_serves_a_contact_of_another_desk(rooms: Rooms) -> None:
    owner = Owner(rooms, default=OWN["id"])
    owner.map(GUEST, "north")
    owner.hear("hola", "wamid.1", metadata={"phone_number_id": LOST_NUMBER})
    [event] = owner.inbox()
    assert (event.desk_id, event.resolved["by"], event.resolved["desk"]) == (OWN["id"], "rejected", "north")
    assert "North House" in owner.rooms.said()[0]


def test_no_header_of_a_request_names_the_desk(owner: Owner) -> None:
    """X-Tenant-ID and its like are words of whoever sends the request."""
    body = post([text("hola", wamid="wamid.1")])
    signature = "sha256=" + hmac.new(b"s" * 32, body, hashlib.sha256).hexdigest()
    settings = Settings.model_validate({"whatsapp_app_secret": "s" * 32})
    client = create_app(Meta(owner.rooms.door, settings), owner.rooms.db, settings).test_client()
    headers = {"X-Hub-Signature-256": signature, "X-Tenant-ID": "north", "Content-Type": "application/json"}
    assert client.post("/webhook", data=body, headers=headers).status_code == 200
    assert [event.desk_id for event in owner.inbox()] == [OWN["id"]]


class Letters:
    """A channel that is fetched, with one letter in it."""

    def __init__(self, sender: str, address: str):
        who = Identity((("email", sender),), "Eva")
        self.waiting = [Event("<1@guest.example>", "text", "email", address, who, "hola")]

    def fetch(self) -> News:
        news, self.waiting = News(tuple(self.waiting)), []
        return news

    def drop(self, news: News) -> None:
        pass

    def close(self) -> None:
        pass


def test_a_letter_is_resolved_as_a_message_is(owner: Owner) -> None:
    mailbox = "stay@mirador.example"
    with owner.rooms.db.transaction() as tx:
        desks.put_channel(tx, OWN, "email", mailbox, pulled=False)
        desk_contacts.put(tx, "email", "eva@example.com", "north", by="test")
    receiver = Receiver(owner.rooms.db, owner.rooms.bell, EMAIL, Letters("eva@example.com", mailbox), owner.settings)
    assert receiver.run_once() == 1
    owner.rooms.work()
    [event] = owner.inbox()
    assert (event.address, event.resolved["by"]) == (mailbox, "rejected") and "North House" in owner.rooms.said()[0]


def test_one_name_on_two_channels_is_two_conversations(owner: Owner) -> None:
    owner.share("north")
    owner.hear("hola", "wamid.1")
    owner.map(GUEST, "north")
    owner.open()
    owner.hear("hola", "wamid.2")
    rows = owner.rooms.ask(
        "select ch.address, c.contact_id from conversations c join channels ch on ch.id = c.channel_id"
    )
    assert {row.address for row in rows} == {NUMBER, f"{NUMBER}/north"} and len({row.contact_id for row in rows}) == 1
