"""Everybody may have what is kept about them, and have it erased: all of it, and nobody else's."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr

from core.errors import Unreachable
from core.store.chat.web import hashed
from core.store.files.photos import Folder
from tests.integration.chatting import ORIGIN, Browser, client
from tests.integration.crew import Rooms
from tests.integration.person_told import traces
from tests.pictures import wall, written

TOKEN = {"log_token": SecretStr("a token")}
SHOWN = {"Authorization": "Bearer a token"}


@pytest.fixture
def visitor(working: Rooms, tmp_path: Path) -> FlaskClient:
    settings: dict[str, Any] = {
        "erasure_secret": SecretStr("a secret of the tests"),
        "tombstones_file": str(tmp_path / "tombstones.jsonl"),
        "photos_folder": str(tmp_path / "photos"),
    }
    return client(working, **TOKEN, **settings)


def told(visitor: FlaskClient) -> Browser:
    """Somebody of whom there is something everywhere."""
    browser = Browser(visitor)
    browser.say("me llamo Zoraida Quiñones")
    browser.post("whatsapp-ticket", name="Zoraida Quiñones", device="la notebook de Quiñones")
    return browser


def test_what_is_erased_is_in_no_table_any_more_and_the_session_is_over(visitor: FlaskClient, working: Rooms) -> None:
    browser, other = told(visitor), Browser(visitor)
    other.say("soy otra persona")
    names = ("Quiñones", hashed(browser.id), browser.token, browser.id)
    assert {line.split(".")[0] for line in traces(working.db.url, *names)} >= {"inbox", "tickets", "web_sessions"}
    answer = visitor.delete(f"/api/gdpr/delete-me/{browser.id}", headers=browser.own)
    assert answer.status_code == 200 and answer.get_json()["ok"]
    assert set(answer.get_json()["deletedItems"]) >= {"session", "transcript", "tickets"}
    assert traces(working.db.url, *names) == []
    assert browser.post("session/validate").status_code == 404
    assert browser.post("chat", message="hola").status_code == 404
    assert ("user", "soy otra persona") in other.lines(), "others stay"
    assert [row.did for row in working.ask("select did from audit")] == ["erased a person"]


def test_everything_that_is_kept_can_be_taken_along(visitor: FlaskClient) -> None:
    browser = told(visitor)
    answer = visitor.get(f"/api/gdpr/my-data/{browser.id}", headers=browser.own)
    assert answer.mimetype == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as zipped:
        assert "Zoraida Quiñones" in zipped.read("transcript.txt").decode()
        assert "Quiñones" in zipped.read("data/tickets.jsonl").decode()
        assert browser.id.encode() not in b"".join(zipped.read(name) for name in zipped.namelist())


@pytest.mark.parametrize(("method", "call"), [("GET", "my-data"), ("DELETE", "delete-me")])
def test_only_the_owner_and_who_holds_the_token_may(visitor: FlaskClient, method: str, call: str) -> None:
    mine, other = Browser(visitor), Browser(visitor)
    mine.say("hola")
    path = f"/api/gdpr/{call}/{mine.id}"
    for headers in ({}, other.own, {"X-Log-Token": "another"}):
        assert visitor.open(path, method=method, headers=headers).status_code == 403
    assert mine.post("session/validate").status_code == 200
    assert visitor.open(path, method=method, headers=SHOWN).status_code == 200


def test_another_sites_page_cannot_have_somebody_erased(visitor: FlaskClient) -> None:
    browser = Browser(visitor)
    path = f"/api/gdpr/delete-me/{browser.id}"
    assert visitor.delete(path, headers={**browser.own, "Origin": "https://evil.example"}).status_code == 403
    assert visitor.delete(path, headers={**browser.own, **ORIGIN}).status_code == 403
    assert visitor.delete(path, headers={**browser.own, **ORIGIN, "X-CSRF-Token": browser.token}).status_code == 200


def test_without_its_secret_nothing_is_erased_and_nothing_is_said_to_be(working: Rooms) -> None:
    browser = Browser(client(working))
    answer = browser.client.delete(f"/api/gdpr/delete-me/{browser.id}", headers=browser.own)
    assert (answer.status_code, answer.get_json()["error"]) == (503, "erasure_not_set_up")
    assert browser.post("session/validate").get_json()["valid"]


def upload(browser: Browser) -> None:
    photo = {"image": (io.BytesIO(written(wall())), "photo.jpg")}
    assert browser.client.post("/api/upload-image", data=photo, headers=browser.own).status_code == 200


def kept(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "photos").rglob("*") if path.is_file()]


def test_an_upload_that_nobody_looked_into_goes_too(visitor: FlaskClient, tmp_path: Path) -> None:
    browser, other = told(visitor), told(visitor)
    upload(browser)
    assert len(kept(tmp_path)) == 1
    browser.client.delete(f"/api/gdpr/delete-me/{browser.id}", headers=browser.own)
    assert kept(tmp_path) == []
    upload(other)
    assert len(kept(tmp_path)) == 1, "the same photo of somebody else"


def test_the_same_photo_of_somebody_else_stays(visitor: FlaskClient, tmp_path: Path) -> None:
    browser, other = told(visitor), told(visitor)
    upload(browser)
    upload(other)
    browser.client.delete(f"/api/gdpr/delete-me/{browser.id}", headers=browser.own)
    assert len(kept(tmp_path)) == 1
    other.client.delete(f"/api/gdpr/delete-me/{other.id}", headers=other.own)
    assert kept(tmp_path) == []


def test_an_erasure_that_could_not_remove_a_file_says_so(
    visitor: FlaskClient, working: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = told(visitor)
    working.ask(
        "insert into photos (conversation_id, event_id, purpose, sha256, bytes, received_at)"
        " select min(id), 1, 'code', %(name)s, 9, now() from conversations returning 1", name="0" * 64,
    )  # fmt: skip

    def away(*_: object) -> bool:
        raise Unreachable("the storage is away")

    monkeypatch.setattr(Folder, "drop", away)
    answer = visitor.delete(f"/api/gdpr/delete-me/{browser.id}", headers=browser.own).get_json()
    assert answer["ok"] and answer["following"] == ["photos"] and "photos" not in answer["deletedItems"]
    assert working.ask("select id from photos") == [] and browser.post("session/validate").status_code == 404
