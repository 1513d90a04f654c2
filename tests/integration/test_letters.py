"""Dead letters: looked at, tried dry, replayed once, put aside; by those who may, and only of their desks."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import psycopg
import pytest

from bot.__main__ import main
from bot.desks import FLOWS
from bot.workers import dry_run_process
from bot.workers.dry_run import try_out
from bot.workers.dry_run_process import try_apart
from core import bell, telemetry
from core.errors import Unreachable
from core.store.db import Database
from dashboard import Tools
from tests.integration.crew import SETTINGS, Rooms, text
from tests.integration.staff import Visitor, signed_in

PHONE = "5215550004711"
PATIENT = SETTINGS.model_copy(update={"dry_run_s": 300.0})
"""A busy machine is no reason to give a dry run up."""


@pytest.fixture
def rooms(db: Database) -> Iterator[Rooms]:
    made = Rooms(db)
    yield made
    made.close()


def bury(rooms: Rooms, said: str = "refrigerador 4045101", *, wamid: str = "wamid.1", sender: str = PHONE) -> int:
    """An event that was given up, of somebody who is known. Its number."""
    rooms.hear(text("hola", wamid=f"{wamid}.before", sender=sender))
    rooms.work()
    rooms.hear(text(said, wamid=wamid, sender=sender))
    rooms.ask(
        "update inbox set state = 'buried', error = 'given up after 5 attempts: KeyError', attempts = 5,"
        " finished_at = now() where external_id = %(w)s", w=wamid,
    )  # fmt: skip
    return int(rooms.ask("select id from inbox where external_id = %(w)s", w=wamid)[0].id)


def state(rooms: Rooms, id: int) -> str:
    return str(rooms.ask("select state from inbox where id = %(id)s", id=id)[0].state)


def tools(rooms: Rooms) -> Tools:
    def tried(event_id: int) -> Any:
        return try_out(rooms.db, SETTINGS, event_id, datetime.now(UTC))

    return Tools(try_out=tried)


def staff(rooms: Rooms, role: str = "operator", **how: Any) -> Visitor:
    return signed_in(rooms.db, role, tools=how.pop("tools", tools(rooms)), **how)


def everything(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of ours, with where it lies: a row that was written again lies elsewhere."""
    with psycopg.connect(url) as connection:
        names = connection.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
        return {
            name: sorted(
                map(str, connection.execute(f'select xmin::text, ctid::text, t::text from "{name}" t').fetchall())
            )
            for (name,) in names
        }


# --- the dry run ---


def test_a_dry_run_tells_what_would_be_said_and_written_and_writes_nothing(rooms: Rooms) -> None:
    id = bury(rooms, "refrigerador 4045101 no enfría")
    before = everything(rooms.db.url)
    trial = try_out(rooms.db, SETTINGS, id, datetime.now(UTC))
    assert everything(rooms.db.url) == before
    assert trial is not None and not trial.error
    assert trial.after.startswith("refrigerator.") and trial.trigger
    assert "VR-16" in " ".join(said.text for said in trial.said)
    assert "sap_code" in [name for name, _, _ in trial.slots]


def test_a_dry_run_in_its_own_process_tells_the_same(rooms: Rooms) -> None:
    id = bury(rooms, "refrigerador 4045101 no enfría")
    here, before = try_out(rooms.db, SETTINGS, id, datetime.now(UTC)), everything(rooms.db.url)
    apart = try_apart(rooms.db.url, PATIENT, id)
    assert here is not None and apart is not None and not apart.error
    assert everything(rooms.db.url) == before
    assert (apart.before, apart.after, apart.trigger, apart.note) == (here.before, here.after, here.trigger, here.note)
    assert [*apart.said] == [*here.said] and [s[0] for s in apart.slots] == [s[0] for s in here.slots]
    assert [name for name, _ in apart.timers] == [name for name, _ in here.timers]
    assert try_apart(rooms.db.url, PATIENT, 10**12) is None


def test_a_dry_run_that_takes_too_long_is_ended_and_the_page_says_so(rooms: Rooms) -> None:
    id, hurried = bury(rooms), SETTINGS.model_copy(update={"dry_run_s": 0.05})
    visitor = signed_in(
        rooms.db, "operator", tools=Tools(try_out=lambda event_id: try_apart(rooms.db.url, hurried, event_id))
    )
    answer = visitor.post(f"/admin/letters/{id}/try", on=f"/admin/letters/{id}")
    assert answer.status_code == 503 and "did not come to an end: TimedOut" in answer.text


def test_a_dry_run_that_breaks_its_limits_takes_nobody_along(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    endless = "import sys, resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True: pass"
    monkeypatch.setattr(dry_run_process, "COMMAND", (sys.executable, "-c", endless))
    with pytest.raises(Unreachable, match="ended with -"):
        try_apart(rooms.db.url, PATIENT, bury(rooms))


def test_a_dry_run_tells_the_truth(rooms: Rooms) -> None:
    id = bury(rooms)
    trial = try_out(rooms.db, SETTINGS, id, datetime.now(UTC))
    assert trial is not None
    before = len(rooms.said())
    rooms.ask("update inbox set state = 'waiting', error = null, attempts = 0 where id = %(id)s", id=id)
    rooms.work()
    assert [said.text for said in trial.said] == rooms.said()[before:]


def test_a_dry_run_of_what_still_fails_tells_where(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    id = bury(rooms)
    monkeypatch.setitem(FLOWS, "refrigerator", None)
    before = everything(rooms.db.url)
    trial = try_out(rooms.db, SETTINGS, id, datetime.now(UTC))
    assert trial is not None and trial.error and trial.where.startswith("bot/")
    assert everything(rooms.db.url) == before


def test_a_dry_run_meets_the_rules_of_the_database_too(rooms: Rooms) -> None:
    id = bury(rooms)
    rooms.ask("alter table steps add constraint nothing_more check (version < 2)")
    before = everything(rooms.db.url)
    trial = try_out(rooms.db, SETTINGS, id, datetime.now(UTC))
    assert trial is not None and trial.error == "CheckViolation"
    assert everything(rooms.db.url) == before


def test_a_dry_run_beside_a_worker_that_holds_the_conversation_leaves_it_the_lease(rooms: Rooms) -> None:
    id = bury(rooms)
    rooms.hear(text("menú", wamid="wamid.2", sender=PHONE))
    [leased] = rooms.worker.claim()
    claims = rooms.worker.load([leased])
    assert try_out(rooms.db, SETTINGS, id, datetime.now(UTC)) is not None
    rooms.worker.commit(rooms.worker.step(rooms.worker.read(claims)))
    assert rooms.ask("select state from inbox where external_id = 'wamid.2'")[0].state == "done"


def test_an_event_without_a_conversation_cannot_be_tried(rooms: Rooms) -> None:
    rooms.hear({"id": "wamid.broken", "timestamp": "1", "type": "text"}, contacts=[])
    [row] = rooms.ask("select id from inbox")
    assert try_out(rooms.db, SETTINGS, row.id, datetime.now(UTC)) is None
    assert try_out(rooms.db, SETTINGS, 10**12, datetime.now(UTC)) is None


def test_the_command_line_tries_too(
    rooms: Rooms, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", rooms.db.url)
    monkeypatch.setattr(telemetry, "configure", lambda _: None)
    assert main(["events", "--try", str(bury(rooms))]) == 0
    assert "→ refrigerator." in capsys.readouterr().out
    assert main(["events", "--try", "999999"]) == 2


# --- the pages ---


def test_the_list_shows_what_they_died_of_and_the_page_shows_one(rooms: Rooms) -> None:
    id = bury(rooms, "mi gata <b>Filomena</b>")
    visitor = staff(rooms)
    page = visitor.get("/admin/letters").text
    assert "given up after 5 attempts: KeyError" in page and f"/admin/letters/{id}" in page
    page = visitor.get(f"/admin/letters/{id}").text
    assert "mi gata &lt;b&gt;Filomena" in page and "<b>Filomena" not in page
    assert PHONE not in page, "as it came, it is masked"
    assert seen_by(rooms) == [("operator@turno.example", f"event:{id}", "field-service")]
    assert "dead letter" in page


def test_who_only_looks_on_reads_no_words_and_may_do_nothing(rooms: Rooms) -> None:
    id = bury(rooms, "mi gata Filomena")
    visitor = staff(rooms, "viewer")
    page = visitor.get(f"/admin/letters/{id}").text
    assert "Filomena" not in page and "(16 characters)" in page
    assert seen_by(rooms) == []
    for deed in ("replay", "discard", "try"):
        assert visitor.post(f"/admin/letters/{id}/{deed}", on=f"/admin/letters/{id}", why="x").status_code == 403
    assert visitor.get("/admin/letters/replay").status_code == 403
    assert state(rooms, id) == "buried"


def test_nobody_sees_or_moves_another_desks_letters(rooms: Rooms) -> None:
    id = bury(rooms)
    visitor = staff(rooms, desks=["hotel"])
    assert f"/admin/letters/{id}" not in visitor.get("/admin/letters").text
    assert visitor.get(f"/admin/letters/{id}").status_code == 404
    for deed in ("replay", "discard", "try"):
        assert visitor.post(f"/admin/letters/{id}/{deed}", on="/admin/letters", why="x").status_code == 404
    assert "none that could be replayed" in visitor.get("/admin/letters/replay").text
    assert state(rooms, id) == "buried"


def test_the_page_tries_dry(rooms: Rooms) -> None:
    id = bury(rooms, "refrigerador 4045101 no enfría")
    before = rooms.ask("select count(*) as c from outbox")
    page = staff(rooms).post(f"/admin/letters/{id}/try", on=f"/admin/letters/{id}").text
    assert "Replies to the customer" in page and "VR-16" in page and "refrigerator." in page
    assert rooms.ask("select count(*) as c from outbox") == before
    assert audited(rooms) == [("operator@turno.example", "tried a dead letter dry", f"event:{id}", "", "field-service")]


def audited(rooms: Rooms) -> list[Any]:
    return rooms.ask("select who, did, subject, why, desk from audit where did like '%%letter%%' order by id")


def seen_by(rooms: Rooms) -> list[Any]:
    return rooms.ask("select who, subject, desk from audit where did = 'read an event' order by id")


def test_pressing_replay_twice_counts_once(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    id = bury(rooms)
    visitor = staff(rooms)
    rung: list[str] = []
    monkeypatch.setattr(bell.Bell, "ring", lambda _, channel: rung.append(channel))
    page = f"/admin/letters/{id}"
    assert "It is back in line." in visitor.post(f"{page}/replay", on=page).text
    rooms.work()
    said = len(rooms.said())
    assert "no dead letter any more" in visitor.post(f"{page}/replay", on="/admin/account").text
    rooms.work()
    assert (state(rooms, id), len(rooms.said())) == ("done", said)
    assert rung.count(bell.INBOX) == 1
    assert [row.did for row in audited(rooms)] == ["replayed a dead letter"]


def move_on(rooms: Rooms, sender: str = PHONE) -> None:
    rooms.hear(text("menú", wamid=f"wamid.later.{sender}", sender=sender))
    rooms.work()


def test_a_letter_whose_conversation_moved_on_is_replayed_only_when_one_says_so(rooms: Rooms) -> None:
    id = bury(rooms)
    move_on(rooms)
    visitor, page = staff(rooms), f"/admin/letters/{id}"
    assert "moved on" in visitor.get("/admin/letters").text
    refused = visitor.post(f"{page}/replay", on=page)
    assert refused.status_code == 409 and state(rooms, id) == "buried"
    assert "back in line" in visitor.post(f"{page}/replay", on=page, moved_on_too="yes").text
    assert audited(rooms)[-1].why == "although the conversation has moved on"


def test_all_that_match_are_replayed_when_their_number_is_confirmed(rooms: Rooms) -> None:
    ids = [bury(rooms, wamid=f"wamid.{n}", sender=f"521555000100{n}") for n in range(4)]
    rooms.ask("update inbox set error = 'another' where id = %(id)s", id=ids[3])
    move_on(rooms, "5215550001002")
    visitor = staff(rooms)
    error = "given up after 5 attempts: KeyError"
    where = f"/admin/letters/replay?error={error.replace(' ', '+')}"
    page = visitor.get(where).text
    assert (
        "<button>Replay 2</button>" in page
        and "whose conversations stand" in page
        and "Replay all 3, those too" in page
    )
    done = visitor.post("/admin/letters/replay", on=where, error=error, **confirming(page))
    assert "2 are back in line" in done.text
    assert [state(rooms, id) for id in ids] == ["waiting", "waiting", "buried", "buried"]
    assert audited(rooms)[-1][1:4] == ("replayed dead letters", "2 events", f"error = {error}")


def test_nothing_is_replayed_when_their_number_changed_meanwhile(rooms: Rooms) -> None:
    ids = [bury(rooms, wamid="wamid.1"), bury(rooms, wamid="wamid.2", sender="5215550001002")]
    visitor = staff(rooms)
    confirmed = confirming(visitor.get("/admin/letters/replay").text)
    ids.append(bury(rooms, wamid="wamid.3", sender="5215550001003"))
    refused = visitor.post("/admin/letters/replay", **confirmed)
    assert refused.status_code == 409 and "There are 3 now, and you confirmed 2" in refused.text
    rooms.ask("update inbox set discarded_at = now() where id = %(id)s", id=ids[0])
    refused = visitor.post("/admin/letters/replay", on="/admin/letters/replay", **confirmed)
    assert refused.status_code == 409 and "The list changed" in refused.text, "as many, and not the same"
    assert {state(rooms, id) for id in ids} == {"buried"}


@pytest.mark.parametrize(
    ("asked", "fit"),
    [
        ({}, "abcd"),
        ({"says": "keyerror"}, "abc"),
        ({"says": "CAFÉ"}, "b"),
        ({"says": "cafe", "phone": "1001"}, "b"),
        ({"says": "100%"}, "d"),
        ({"says": "1_0%"}, ""),
        ({"phone": "0001002"}, "c"),
        ({"phone": "+52 1 555 000-1003"}, "d"),
        ({"phone": "02"}, ""),
        ({"phone": "nobody"}, ""),
        ({"error": "KeyError"}, "ac"),
        ({"error": "KeyError", "phone": "1000", "kind": "text", "desk": "field-service"}, "a"),
        ({"desk": "hotel"}, ""),
    ],
    ids=str,
)
def test_all_that_match_are_those_the_list_shows(rooms: Rooms, asked: dict[str, str], fit: str) -> None:
    errors = {"a": "KeyError", "b": "KeyError: 'el café'", "c": "KeyError", "d": "Broken: 100% of it"}
    ids = {name: bury(rooms, wamid=f"w.{name}", sender=f"521555000100{n}") for n, name in enumerate(errors)}
    for name, error in errors.items():
        rooms.ask("update inbox set error = %(error)s where id = %(id)s", error=error, id=ids[name])
    visitor, query = staff(rooms), urlencode(asked)
    page = visitor.get(f"/admin/letters?{query}").text
    assert [name for name, id in ids.items() if f'href="/admin/letters/{id}"' in page] == list(fit)
    link = re.search(r'href="(/admin/letters/replay[^"]*)"', page)
    assert bool(link) == bool(fit), "who sees none is not offered to replay them"
    if link:
        where = unescape(link[1])
        found = visitor.get(where).text
        visitor.post("/admin/letters/replay", on=where, **dict(parse_qsl(urlsplit(where).query)), **confirming(found))
    assert [name for name, id in ids.items() if state(rooms, id) == "waiting"] == list(fit)


def test_the_audit_keeps_no_digit_of_a_phone(rooms: Rooms) -> None:
    bury(rooms)
    visitor, where = staff(rooms), "/admin/letters/replay?phone=4711&says=keyerror"
    confirmed = confirming(visitor.get(where).text)
    visitor.post("/admin/letters/replay", on=where, phone="4711", says="keyerror", **confirmed)
    assert audited(rooms)[-1].why == "error with = keyerror; of one phone"


def confirming(page: str) -> dict[str, str]:
    """What the first form of the page confirms."""
    found = re.search(r'name="count" value="(\d+)"><input type="hidden" name="which" value="(\w+)"', page)
    assert found, page
    return {"count": found[1], "which": found[2]}


def test_a_letter_is_put_aside_with_a_reason_shown_and_no_longer_counted(rooms: Rooms) -> None:
    id = bury(rooms)
    visitor, page = staff(rooms), f"/admin/letters/{id}"
    assert visitor.post(f"{page}/discard", on=page, why=" ").status_code == 400
    assert "It is put aside" in visitor.post(f"{page}/discard", on=page, why="a test of ours").text
    assert "a test of ours" in visitor.get(page).text
    assert f'href="{page}"' not in visitor.get("/admin/letters").text
    assert f'href="{page}"' in visitor.get("/admin/letters?discarded=yes").text
    assert rooms.ask("select 1 from report.inbox where is_buried") == []
    assert audited(rooms)[-1][1:4] == ("put a dead letter aside", f"event:{id}", "a test of ours")
    assert "back in line" in visitor.post(f"{page}/replay", on=page).text, "it can be fetched again"
    assert rooms.ask("select discarded_at from inbox where id = %(id)s", id=id)[0].discarded_at is None


@pytest.mark.parametrize(
    "query", ["?before=x", "?kind=%27", "?error=%3Cscript%3E", "?desk=nobody&before=-1", f"?before={'9' * 30}"]
)
def test_whatever_is_asked_the_list_answers(rooms: Rooms, query: str) -> None:
    bury(rooms)
    answer = staff(rooms).get(f"/admin/letters{query}")
    assert answer.status_code == 200 and "<script>" not in answer.text
