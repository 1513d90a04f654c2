"""A spoken question is answered in writing at once, and by a voice note that never comes too late."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bot.commands.work import built_in, examiner
from bot.nlu.ai.answer import BadAnswer
from bot.nlu.ai.recordings import seconds
from bot.nlu.ai.speech import Cache, Speech
from bot.workers.errands import ErrandWorker
from core.settings import Settings
from core.store.files.photos import Folder
from simulator.ai_double import AiDouble
from tests import businesses
from tests.integration.crew import DESK, SETTINGS, Rooms, text
from tests.integration.errands import do_all
from tests.integration.test_ai_media import Ai, ai, settings  # noqa: F401  # a fixture of theirs
from tests.pictures import opus
from tests.unit.simulator.stage import Simulated

ROSA = "5215550000001"


@pytest.fixture
def double() -> Iterator[AiDouble]:
    with AiDouble() as one:
        yield one


class Speaker:
    """The field desk, which speaks, and a worker with the AI's double behind it."""

    def __init__(self, rooms: Rooms, url: str, tmp_path: Any, **more: Any):
        given = {"openai_api_key": "key", "openai_base_url": url, "smart_mode": True, "media_backoff_s": 0.0, **more}
        known = Settings.model_validate({**SETTINGS.model_dump(), **given})
        self.rooms, kept = rooms, Folder(tmp_path / "photos")
        rooms.worker._settings = known
        with rooms.db.transaction() as tx:
            businesses.put(tx, {"desks": [{**DESK["desks"][0], "settings": {"speaks": True}}]})
        self.worker = ErrandWorker(
            rooms.db, rooms.bell, rooms.ear, built_in(rooms.db, known, examiner(known, lambda: True, kept), kept), known
        )

    def hears(self, words: str) -> None:
        """A voice note was written down."""
        rooms = self.rooms
        note = {"type": "audio", "audio": {"id": "77", "mime_type": "audio/ogg", "voice": True}}
        rooms.hear({**text("", wamid="wamid.v", sender=ROSA), **note})
        rooms.work()
        rooms.ask("update errands set state = 'done', finished_at = now() where service = 'voice'")
        rooms.ask(
            "insert into inbox (external_id, channel_id, conversation_id, kind, origin, text, content)"
            " select 'heard:1', channel_id, id, 'media_result', 'system', %(t)s,"
            " jsonb_build_object('for', 'audio', 'outcome', 'ok', 'purpose', 'voice', 'text', %(t)s::text)"
            " from conversations",
            t=words,
        )
        rooms.work()

    def said(self) -> list[tuple[str, str]]:
        return [(row.kind, row.text) for row in self.rooms.ask("select kind, text from outbox order by id")]


def test_the_text_is_there_at_once_and_the_voice_note_follows(
    platform: Rooms, simulated: Simulated, double: AiDouble, tmp_path: Any
) -> None:
    speaker = Speaker(platform, double.url, tmp_path)
    speaker.hears("quiero reportar un refrigerador")
    before = speaker.said()
    assert "Entendí" in before[-1][1] and before[-1][0] != "audio"
    do_all(platform, speaker.worker)
    assert speaker.said()[len(before) :] == [("audio", "")]
    platform.send()
    bubble = [one for one in simulated.chat(ROSA) if one["from"] == "business"][-1]
    heard = simulated.http.request("GET", simulated.url + bubble["media"]["url"]).data.decode()
    assert heard.startswith("OggS") and "Entendí" not in heard and "❄" not in heard and len(heard) > 10


def test_a_voice_note_that_comes_after_the_next_line_is_not_said(
    platform: Rooms, double: AiDouble, tmp_path: Any
) -> None:
    speaker = Speaker(platform, double.url, tmp_path)
    speaker.hears("quiero reportar un refrigerador")
    platform.hear(text("4045101", wamid="wamid.next", sender=ROSA))
    platform.work()
    do_all(platform, speaker.worker)
    assert "audio" not in [kind for kind, _ in speaker.said()]


def test_what_is_written_is_not_answered_by_voice(platform: Rooms, double: AiDouble, tmp_path: Any) -> None:
    Speaker(platform, double.url, tmp_path)
    platform.hear(text("hola", wamid="wamid.1", sender=ROSA))
    platform.work()
    assert platform.ask("select 1 from errands") == []


def test_without_an_answer_of_the_ai_the_text_is_all(platform: Rooms, tmp_path: Any) -> None:
    speaker = Speaker(platform, "http://127.0.0.1:1/v1", tmp_path)
    speaker.hears("quiero reportar un refrigerador")
    before = speaker.said()
    do_all(platform, speaker.worker)
    assert speaker.said() == before


def test_what_was_spoken_lately_is_not_asked_for_again(ai: Ai) -> None:  # noqa: F811
    ai.body = b"OggS-spoken"
    speech = Speech(settings(ai))
    assert [speech.say("hola", language="es-AR", limit_s=5) for _ in range(2)] == [b"OggS-spoken"] * 2
    speech.say("hola", language="en", limit_s=5)
    assert [path for path, _ in ai.asked] == ["/v1/audio/speech"] * 2
    assert b'"opus"' in ai.asked[0][1]


def test_what_is_no_recording_is_refused(ai: Ai) -> None:  # noqa: F811
    ai.body = b"{}"
    with pytest.raises(BadAnswer):
        Speech(settings(ai)).say("hola", language="es", limit_s=5)


def test_the_cache_never_holds_more_than_its_bytes() -> None:
    cache = Cache(10)
    for name in "abc":
        cache.put((name, "es"), name.encode() * 4)
    assert [cache.get((name, "es")) for name in "abc"] == [None, b"bbbb", b"cccc"]


@pytest.mark.parametrize(
    ("content", "found"), [(opus(600), 600.0), (opus(2.5), 2.5), (b"OggS" + bytes(40), None), (b"", None)]
)
def test_a_voice_note_tells_its_length(content: bytes, found: float | None) -> None:
    assert seconds(content) == found
