"""A channel in a folder of its own: it comes in and goes out over files, and nothing else knows of it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import channels
from bot.commands.work import Crew
from core.settings import BadSettings, Settings
from core.store.db import Database
from tests import businesses
from tests.integration.crew import DESK, SETTINGS, Rooms
from tests.waiting import until

HOME = """
'''A folder as a channel: a JSON file for each event, and one for each reply.'''

import json
from pathlib import Path

from bot.channels.channel import Channel
from core.errors import Unreachable
from core.limits import Limits
from core.messages import Event, Identity, News

FOLDER = Path(__file__).parents[2] / "post"


class Files:
    def send(self, address, outbound, to, callback_id):
        told = {"to": to.alias("drop"), "kind": outbound.kind, "text": outbound.text}
        (FOLDER / address / "out" / f"{callback_id}.json").write_text(json.dumps(told), encoding="utf-8")
        return f"drop:{callback_id}"

    def barred(self):
        return ()

    def close(self):
        pass


class Folder:
    def fetch(self):
        return News(tuple(self._event(path) for path in sorted(FOLDER.glob("*/in/*.json"))))

    def drop(self, news):
        for event in news.events:
            (FOLDER / event.address / "in" / f"{event.external_id}.json").unlink()

    def close(self):
        pass

    def _event(self, path):
        told = json.loads(path.read_text(encoding="utf-8"))
        who = Identity((("drop", told["from"]),), told["name"])
        return Event(path.stem, "text", "drop", path.parts[-3], who, told["text"])


CHANNEL = Channel(
    kind="drop",
    limits=Limits(text=500, question=500, buttons=0, rows=0),
    reached_by=("drop",),
    carrier=lambda settings, on_breaker: Files(),
    intake=lambda settings, kept: Folder(),
)
"""


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Path]:
    """The channel's package in a folder of its own, found there; and the folder that it watches."""
    home = tmp_path / "channels" / "drop"
    home.mkdir(parents=True)
    (home / "__init__.py").write_text(HOME, encoding="utf-8")
    for side in ("in", "out"):
        (tmp_path / "post" / "desk-7" / side).mkdir(parents=True)
    channels.discover(str(tmp_path / "channels"))
    yield tmp_path / "post" / "desk-7"
    channels.__path__.remove(str(tmp_path / "channels"))
    del channels.CHANNELS["drop"], sys.modules["bot.channels.drop"]


@pytest.fixture
def crew(post: Path, rooms: Rooms, db_url: str) -> Iterator[Crew]:
    """Real workers, with the desk answering at the channel's address."""
    with rooms.db.transaction() as tx:
        businesses.put(tx, {"desks": [{**DESK["desks"][0], "drop": ["desk-7"]}]})
    settings = Settings.model_validate({**SETTINGS.model_dump(), "graph_api_url": "http://127.0.0.1:1/graph"})
    crew = Crew.hire(Database(db_url, pool=8), settings, ["conversation", "sender"], 1)
    crew.start()
    yield crew
    crew.dismiss()


def write(post: Path, name: str, text: str) -> None:
    told = {"from": "rosa", "name": "Rosa", "text": text}
    waiting = post / "in" / f"{name}.part"
    waiting.write_text(json.dumps(told), encoding="utf-8")
    waiting.rename(post / "in" / f"{name}.json")


def said(post: Path) -> list[dict[str, str]]:
    files = sorted((post / "out").glob("*.json"), key=lambda path: int(path.stem))
    return [json.loads(path.read_text(encoding="utf-8") or "{}") for path in files]


def states(rooms: Rooms) -> set[str]:
    return {row.state for row in rooms.ask("select state from inbox union select state from outbox")}


def test_a_conversation_over_files(post: Path, crew: Crew, rooms: Rooms) -> None:
    write(post, "1-hello", "hola")
    until(lambda: rooms.ask("select 1 from outbox where state = 'sent'"))
    [menu] = said(post)
    assert menu["to"] == "rosa" and menu["kind"] == "text"
    assert "1. ❄️ Refrigerador" in menu["text"], "nothing can be pressed here, so the options are numbered"

    write(post, "2-choice", "1")
    until(lambda: len(said(post)) == 2)
    assert rooms.ask("select flow from report.conversations")[0].flow == "refrigerator"
    until(lambda: not list((post / "in").glob("*.json")))
    until(lambda: states(rooms) == {"done", "sent"})


def test_what_was_fetched_twice_takes_effect_once(post: Path, crew: Crew, rooms: Rooms) -> None:
    write(post, "1-hello", "hola")
    until(lambda: said(post))
    write(post, "1-hello", "hola")
    until(lambda: rooms.ask("select 1 from inbox where retries = 1"))
    assert len(rooms.ask("select 1 from steps")) == 1 and len(said(post)) == 1


def test_an_answer_long_after_the_last_message_goes_where_no_window_shuts(post: Path, crew: Crew, rooms: Rooms) -> None:
    write(post, "1-hello", "hola")
    until(lambda: rooms.ask("select 1 from outbox where state = 'sent'"))
    rooms.ask("update sessions set heard_at = now() - interval '9 days'")
    rooms.ask("update outbox set state = 'waiting', external_id = null")
    until(lambda: rooms.ask("select 1 from outbox where state = 'sent' and attempts = 2"))


def test_an_event_that_cannot_be_stored_leaves_a_mark_and_the_others_go_on(
    post: Path, crew: Crew, rooms: Rooms
) -> None:
    write(post, "1-broken", "a\0b")
    write(post, "2-hello", "hola")
    until(lambda: said(post))
    [broken] = rooms.ask("select state, error from inbox where external_id = '1-broken'")
    assert broken.state == "buried" and "could not be stored" in broken.error


def test_the_flows_are_measured_against_it(post: Path) -> None:
    assert not channels.limits()["drop"].pressable
    assert channels.longest_title(3) == 20, "the narrowest channel on which something can be pressed"


def test_a_folder_that_is_none_or_takes_a_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="there is no folder"):
        channels.discover(str(tmp_path / "nowhere"))
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "__init__.py").write_text("")
    with pytest.raises(BadSettings, match="there is a channel 'web' already"):
        channels.discover(str(tmp_path))
