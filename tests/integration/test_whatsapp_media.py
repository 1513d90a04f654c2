"""Fetching what a customer sent, from a server on this machine that is not always kind."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from time import monotonic

import pytest

from bot.channels.whatsapp.media import Unfit, WhatsAppMedia
from core.errors import TimedOut, Unreachable
from core.settings import Settings
from tests.integration.files import TOKEN, Files, chunked, cut_short, endless, expired_once, failing, redirect, trickle
from tests.production import FIELDS

LARGEST = 1_000_000
CONTENT = bytes(range(256)) * 40


@pytest.fixture
def files() -> Iterator[Files]:
    served = Files()
    yield served
    served.close()


def settings(files: Files, **more: object) -> Settings:
    return Settings.model_validate({"graph_api_url": files.url, "whatsapp_access_token": TOKEN, **more})


def fetch(files: Files, media_id: str = "1", *, within_s: float = 5.0) -> bytes:
    return WhatsAppMedia(settings(files)).fetch(media_id, largest=LARGEST, until=monotonic() + within_s)


def test_a_file_is_fetched_from_where_it_is_said_to_be(files: Files) -> None:
    files.add("1", CONTENT)
    assert fetch(files) == CONTENT
    assert files.paths() == ["/graph/v26.0/1", "/file/1"]
    for _, headers in files.asked:
        assert headers["authorization"] == f"Bearer {TOKEN}"
        assert headers["user-agent"] == "turno"


@pytest.mark.parametrize(
    "told",
    [
        sha256(CONTENT).hexdigest(),
        sha256(CONTENT).hexdigest().upper(),
        b64encode(sha256(CONTENT).digest()).decode(),
        "",
        None,
    ],
)
def test_its_digest_may_be_told_in_hex_or_base64_or_not_at_all(files: Files, told: object) -> None:
    files.add("1", CONTENT, sha256=told)
    assert fetch(files) == CONTENT


@pytest.mark.parametrize("told", ["0" * 64, "not one", "ñ" * 44])
def test_a_file_that_is_not_the_announced_one_is_not_taken(files: Files, told: str) -> None:
    files.add("1", CONTENT, sha256=told)
    with pytest.raises(Unreachable, match="announced"):
        fetch(files)


def test_a_body_in_chunks_is_put_together(files: Files) -> None:
    files.add("1", CONTENT, serve=chunked)
    assert fetch(files) == CONTENT


def test_a_hundred_megabytes_announced_as_one_are_cut(files: Files) -> None:
    files.add("1", CONTENT, serve=endless, file_size=1_000_000, sha256="")
    with pytest.raises(Unfit) as refused:
        fetch(files, within_s=30)
    assert refused.value.outcome == "too_large"
    assert files.sent < 20_000_000


def test_what_is_announced_as_too_large_is_not_even_asked_for(files: Files) -> None:
    files.add("1", CONTENT, file_size=LARGEST + 1)
    with pytest.raises(Unfit) as refused:
        fetch(files)
    assert (refused.value.outcome, files.paths()) == ("too_large", ["/graph/v26.0/1"])


def test_a_trickle_ends_when_the_time_is_over(files: Files) -> None:
    files.add("1", CONTENT, serve=trickle)
    began = monotonic()
    with pytest.raises(TimedOut):
        fetch(files, within_s=0.4)
    assert monotonic() - began < 20


def test_half_a_file_is_none(files: Files) -> None:
    files.add("1", CONTENT, serve=cut_short)
    with pytest.raises(Unreachable, match="cut short"):
        fetch(files)


def test_a_place_that_expired_is_asked_for_again_once(files: Files) -> None:
    files.add("1", CONTENT, serve=expired_once)
    assert fetch(files) == CONTENT
    assert files.files["1"].places == 2


def test_a_place_that_is_always_expired_may_be_tried_another_time(files: Files) -> None:
    files.add("1", CONTENT, serve=failing(404))
    with pytest.raises(Unreachable):
        fetch(files)
    assert files.files["1"].places == 2


def test_media_that_nobody_knows_is_not_to_be_had(files: Files) -> None:
    with pytest.raises(Unfit) as refused:
        fetch(files, "404")
    assert refused.value.outcome == "failed"


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_in_trouble_may_recover(files: Files, status: int) -> None:
    files.add("1", CONTENT, serve=failing(status))
    with pytest.raises(Unreachable):
        fetch(files)


def test_a_redirect_to_another_host_is_not_followed_and_gets_no_token(files: Files) -> None:
    stranger = Files()
    stranger.add("1", CONTENT)
    files.add("1", CONTENT, serve=redirect(stranger.place("1")))
    with pytest.raises(Unfit):
        fetch(files)
    stranger.close()
    assert stranger.asked == []


def test_a_place_on_another_host_is_not_asked(files: Files) -> None:
    stranger = Files()
    stranger.add("1", CONTENT)
    files.add("1", CONTENT, url=stranger.place("1"))
    with pytest.raises(Unfit, match="list"):
        fetch(files)
    stranger.close()
    assert stranger.asked == []


@pytest.mark.parametrize("media_id", ["", "../me", "1/2", "1?x=1", "1 2", "ñ", "1\r\nHost: x"])
def test_what_is_no_media_id_is_not_asked_for(files: Files, media_id: str) -> None:
    with pytest.raises(Unfit):
        fetch(files, media_id)
    assert files.asked == []


@pytest.mark.parametrize("told", [None, 7, "", "no url", "http://[", {"a": 1}])
def test_a_place_that_is_none_is_not_asked(files: Files, told: object) -> None:
    files.add("1", CONTENT, url=told)
    with pytest.raises((Unfit, Unreachable)):
        fetch(files)
    assert files.paths() == ["/graph/v26.0/1"]


TRUSTED = {
    "https://lookaside.fbsbx.com/whatsapp/1": True,
    "https://LOOKASIDE.fbsbx.com/1": True,
    "https://a.lookaside.fbsbx.com/1": True,
    "https://lookaside.fbsbx.com:443/1": True,
    "https://graph.facebook.com/v26.0/1": True,
    "http://lookaside.fbsbx.com/1": False,
    "https://lookaside.fbsbx.com:8443/1": False,
    "https://evil-lookaside.fbsbx.com/1": False,
    "https://lookaside.fbsbx.com.evil.example/1": False,
    "https://evil.example/lookaside.fbsbx.com": False,
    "https://lookaside.fbsbx.com@evil.example/1": False,
    "https://evil.example\\@lookaside.fbsbx.com/1": False,
    "https://user:word@lookaside.fbsbx.com/1": False,
    "https://127.0.0.1/1": False,
    "http://127.0.0.1/1": False,
    "ftp://lookaside.fbsbx.com/1": False,
    "https://facebook.com/1": False,
}


@pytest.mark.parametrize(("url", "trusted"), TRUSTED.items())
def test_the_token_goes_to_listed_hosts_only(url: str, trusted: bool) -> None:
    from urllib3.util import parse_url

    assert WhatsAppMedia(Settings()).trusts(parse_url(url)) is trusted


def test_in_production_nothing_is_fetched_without_tls(files: Files) -> None:
    strict = settings(
        files,
        **FIELDS,
        database_url="postgresql://x",
    )
    with pytest.raises(Unfit):
        WhatsAppMedia(strict).fetch("1", largest=LARGEST, until=monotonic() + 5)
    assert files.asked == []
