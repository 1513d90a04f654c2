"""`turno rollout`: begun, widened, taken back by one command, ended; and judged by what the database knows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.__main__ import main
from core.store.db import Database
from tests.integration.crew import Rooms, text

NEW = "9.9.9"


@pytest.fixture
def rooms(db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rooms]:
    monkeypatch.setenv("DATABASE_URL", db.url)
    monkeypatch.setenv("PHOTOS_FOLDER", str(tmp_path))
    made = Rooms(db)
    yield made
    made.close()


def sql(rooms: Rooms, statement: str) -> list[tuple[object, ...]]:
    with rooms.db.transaction() as tx:
        tx._cursor.execute(statement)
        return [tuple(row) for row in tx._cursor.fetchall()] if tx._cursor.description else []


def judged(capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, str]]:
    capsys.readouterr()
    code = main(["rollout", "judge", "--database", "--json"])
    told = json.loads(capsys.readouterr().out)
    return code, {reason["what"].partition(":")[0]: reason["word"] for reason in told["reasons"]}


def test_a_rollout_goes_by_commands_that_are_audited(rooms: Rooms, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rollout", "share", "5"]) == 2
    assert main(["rollout", "begin", NEW, "--share", "101"]) == 2
    assert main(["rollout", "begin", NEW, "--conversation", "7"]) == 0
    assert main(["rollout", "share", "25"]) == 0
    capsys.readouterr()
    assert main(["rollout", "show"]) == 0
    assert f"{NEW} since" in (told := capsys.readouterr().out) and "takes 25 % and 1 conversations by name" in told
    assert main(["rollout", "back"]) == 0
    assert main(["rollout", "share", "50"]) == 2
    assert main(["rollout", "done"]) == 0
    assert sql(rooms, "select count(*) from rollouts") == [(0,)]
    done = [str(did) for (did,) in sql(rooms, "select did from audit where subject = 'rollout' order by id")]
    assert [did.split()[0] for did in done] == ["began", "widened", "took", "ended"]


def test_the_database_judges_a_version_by_what_it_did(rooms: Rooms, capsys: pytest.CaptureFixture[str]) -> None:
    assert judged(capsys)[0] == 3
    for number in range(30):
        rooms.hear(text("hola", wamid=f"wamid.old.{number}", sender=f"52155511{number:05}"))
    rooms.work()
    main(["rollout", "begin", NEW, "--share", "100"])
    for number in range(30):
        rooms.hear(text("hola", wamid=f"wamid.new.{number}", sender=f"52155522{number:05}"))
    worker = rooms.new_worker(release=NEW)
    while worker.run_once():
        """Until nothing is left for it."""
    assert judged(capsys)[0] == 3, "nobody of this version is at work"
    beat = "insert into heartbeats (process, kind, host, pid, jobs, version, breakers) values "
    sql(rooms, f"{beat} ('new', 'workers', 'h', 1, array['conversation'], '{NEW}', '{{\"ai\": \"closed\"}}')")
    assert judged(capsys) == (0, dict.fromkeys(judged(capsys)[1], "go"))
    sql(rooms, "update heartbeats set breakers = '{\"ai\": \"open\"}' where process = 'new'")
    assert judged(capsys)[1]["circuit of the AI"] == "back"
    sql(rooms, "update inbox set state = 'buried', finished_at = now() where external_id = 'wamid.new.3'")
    code, words = judged(capsys)
    assert code == 4 and words["dead letters"] == "back"
