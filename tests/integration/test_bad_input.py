"""Whatever is posted to the real application: never a 500, and never a lost neighbour."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client, EnvironBuilder

from core.settings import Settings
from core.store.db import Database
from simulator.bodies import signature
from tests.integration.crew import SETTINGS, Rooms, post, text
from webhook import create_app
from webhook.door import Door
from webhook.meta import Meta

SECRET = "a secret of the tests"
PAYLOADS = sorted((Path(__file__).parents[1] / "payloads" / "whatsapp").glob("*.json"))
GOOD = text("hola", wamid="wamid.good")


class House:
    """The application of the web processes over a real database, and the rooms behind it."""

    def __init__(self, db: Database):
        self.rooms = Rooms(db)
        settings = Settings.model_validate(
            {**SETTINGS.model_dump(), "whatsapp_app_secret": SECRET, "whatsapp_verify_token": "verify"}
        )
        meta = Meta(Door(db, self.rooms.bell), settings)
        self.client = Client(create_app(meta, db, settings))

    def post(self, body: bytes, given: str | None = None, **environ: Any) -> int:
        """Post it, well signed unless something else is given. The status."""
        headers = {"X-Hub-Signature-256": signature(body, SECRET.encode()) if given is None else given}
        builder = EnvironBuilder(
            "/webhook", method="POST", data=body, headers=list(headers.items()), environ_overrides=environ
        )
        return self.client.open(builder).status_code

    def events(self) -> dict[str, str]:
        return {row.external_id: row.kind for row in self.rooms.ask("select external_id, kind from inbox")}

    def goes_on(self) -> None:
        """After all that, somebody says hello, and is answered."""
        assert self.post(post([text("hola", wamid="wamid.after", sender="5215559999999")])) == 200
        self.rooms.work()
        waiting = self.rooms.ask("select kind, error from inbox where state = 'waiting'")
        assert waiting == []
        assert self.rooms.ask("select state from inbox where external_id = 'wamid.after'")[0].state == "done"


@pytest.fixture
def house(db: Database) -> Iterator[House]:
    made = House(db)
    yield made
    made.rooms.close()


BODY = post([GOOD])


@pytest.mark.parametrize(
    "given",
    [
        "",
        "sha256=",
        "sha256=" + "0" * 64,
        signature(BODY, b"another secret"),
        signature(BODY, SECRET.encode())[7:],
        "sha1=" + "0" * 40,
        "ñandú",
        "\udcff\udcfe",
        "sha256=\N{SNOWMAN}",
        "x" * 100_000,
        signature(BODY + b" ", SECRET.encode()),
    ],
    ids=str.split("empty no_hex zeros another_secret no_prefix sha1 latin surrogates snowman long other_body"),
)
def test_a_signature_that_is_not_metas_is_401_and_nothing_is_kept(house: House, given: str) -> None:
    raw = {"HTTP_X_HUB_SIGNATURE_256": given}
    assert house.post(BODY, "", **raw) == 401
    assert house.events() == {}


def test_no_signature_is_401(house: House) -> None:
    assert house.client.post("/webhook", data=BODY).status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"7",
        b'"x"',
        b"{",
        b"\xff\xfe",
        b"{'a': 1}",
        b"NaN",
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b"\0",
    ],
)
def test_what_is_no_json_object_is_400_and_nothing_is_kept(house: House, body: bytes) -> None:
    assert house.post(body) == 400
    assert house.events() == {}
    house.goes_on()


def test_a_caller_who_cannot_sign_learns_nothing_of_the_body(house: House) -> None:
    assert {house.post(body, "sha256=00") for body in (b"", b"null", BODY)} == {401}


def test_four_megabytes_are_413_and_never_read(house: House) -> None:
    class Untouched(io.BytesIO):
        def read(self, *_: Any) -> bytes:
            raise AssertionError("read before its size was known")

    environ = EnvironBuilder("/webhook", method="POST", input_stream=Untouched()).get_environ()
    environ["CONTENT_LENGTH"] = str(4 * 1024 * 1024)
    assert house.client.run_wsgi_app(environ)[1].startswith("413")


@pytest.mark.parametrize("length", ["chunks", "-1", "x", "１２", "9" * 30])
def test_a_body_that_does_not_tell_its_size_is_413(house: House, length: str) -> None:
    environ = EnvironBuilder("/webhook", method="POST", data=BODY).get_environ()
    environ["CONTENT_LENGTH"] = "" if length == "chunks" else length
    environ["HTTP_TRANSFER_ENCODING"] = "chunked"
    environ["HTTP_X_HUB_SIGNATURE_256"] = signature(BODY, SECRET.encode())
    assert house.client.run_wsgi_app(environ)[1].startswith("413")


@pytest.mark.parametrize("payload", PAYLOADS, ids=lambda path: path.stem)
def test_every_kind_the_platform_may_send_is_kept_and_the_house_goes_on(house: House, payload: Path) -> None:
    kept = json.loads(payload.read_text(encoding="utf-8"))
    body = kept.get("body", kept) if isinstance(kept, dict) else kept
    assert house.post(json.dumps(body).encode()) == 200
    house.goes_on()


WRONG: list[Any] = [
    None,
    True,
    0,
    -1.5,
    10**30,
    "",
    "x",
    "\0",
    "\ud800",
    [],
    [[]],
    {},
    {"a": {}},
    "9" * 400,
    ["x"] * 300,
]


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where in a JSON value something could stand that does not belong there."""
    if at:
        yield at
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places(inner, (*at, key))


def put(value: Any, at: tuple[Any, ...], what: Any) -> Any:
    """The value with something else at that place."""
    changed = json.loads(json.dumps(value))
    holder = changed
    for key in at[:-1]:
        holder = holder[key]
    holder[at[-1]] = what
    return changed


FULL = json.loads(
    post(
        [
            {
                **text("hola", wamid="wamid.bad", sender="5215558888888"),
                "from_user_id": "MX.8888888888",
                "context": {"from": "1", "id": "wamid.0", "forwarded": True},
                "errors": [{"code": 1, "title": "t"}],
            },
        ],
        statuses=[
            {
                "id": "wamid.s",
                "status": "sent",
                "timestamp": "1790000000",
                "recipient_id": "5",
                "errors": [{"code": 5}],
                "biz_opaque_callback_data": "7",
                "pricing": {"billable": True, "category": "utility"},
            }
        ],
    )
)


def test_wrong_types_in_every_field_never_break_the_door_nor_lose_a_neighbour(house: House) -> None:
    neighbour = json.loads(post([]))["entry"][0]
    for number, at in enumerate(places(FULL)):
        for other, what in enumerate(WRONG):
            said = text("hola", wamid=f"wamid.ok.{number}.{other}", sender="5215557777777")
            value = {**neighbour["changes"][0]["value"], "messages": [said]}
            body = put(FULL, at, what)
            beside = {"id": "2", "changes": [{"field": "messages", "value": value}]}
            if isinstance(body.get("entry"), list):
                body["entry"].append(beside)
            assert house.post(json.dumps(body).encode()) == 200, (at, what)
            assert (f"wamid.ok.{number}.{other}" in house.events()) == isinstance(body.get("entry"), list), (at, what)


@pytest.mark.parametrize("stamp", ["", "x", "-5", "99999999999", "9" * 40, 1e300, None, "1.5", 4102444800])
def test_a_timestamp_that_makes_no_sense_harms_nothing(house: House, stamp: Any) -> None:
    assert house.post(post([{**GOOD, "timestamp": stamp}])) == 200
    house.rooms.work()
    assert house.rooms.ask("select state from inbox")[0].state == "done"


@pytest.mark.parametrize(
    "said",
    [
        "x" * 60_000,
        "a\0b",
        "\ud83d",
        "\udc00\ud800",
        "😀" * 2000,
        "مرحبا",
        "\u202e",
        "'; drop table inbox; --",
        "<b>&amp;",
        "\r\n\t\x7f",
        "\u2028",
    ],
)
def test_any_text_is_kept_and_answered(house: House, said: str) -> None:
    assert house.post(post([text(said, wamid="wamid.bad"), text("hola", wamid="wamid.good", sender="52155511")])) == 200
    house.rooms.work()
    house.rooms.send()
    assert [row.state for row in house.rooms.ask("select state from inbox order by id")] == ["done", "done"]
    assert len(house.rooms.carrier.accepted) == 2


def test_a_kind_that_nobody_knows_yet_is_kept(house: House) -> None:
    assert house.post(post([{**GOOD, "type": "telepathy", "telepathy": {"thought": "cold"}}])) == 200
    house.goes_on()
    assert "wamid.good" in house.events()


def test_the_handshake_never_breaks_on_what_it_is_asked(house: House) -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": "verify", "hub.challenge": "77"}
    right = house.client.get("/webhook", query_string=asked)
    assert (right.status_code, right.get_data(as_text=True)) == (200, "77")
    for wrong in (
        {},
        {**asked, "hub.verify_token": "ñ\N{SNOWMAN}"},
        {**asked, "hub.mode": "x"},
        {"hub.verify_token": ""},
    ):
        assert house.client.get("/webhook", query_string=wrong).status_code == 403
    assert house.client.get("/webhook?hub.verify_token=%ff%fe&hub.mode=subscribe").status_code == 403


def test_a_database_that_is_away_is_503(db: Database) -> None:
    settings = Settings.model_validate({**SETTINGS.model_dump(), "whatsapp_app_secret": SECRET})
    away = Database("postgresql://nobody@127.0.0.1:1/none", timeout_s=1)
    meta = Meta(Door(away, None), settings)  # type: ignore[arg-type]  # nothing is accepted, so nothing rings
    client = Client(create_app(meta, away, settings))
    headers = {"X-Hub-Signature-256": signature(BODY, SECRET.encode())}
    assert client.post("/webhook", data=BODY, headers=headers).status_code == 503
