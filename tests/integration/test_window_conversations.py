"""What staff see of a conversation and do with it, through the window, with real turns between."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from bot import desks
from core.store.db import Database
from core.store.files import photos
from dashboard import Tools
from tests.integration.crew import Rooms, text
from tests.integration.staff import Visitor, signed_in

ROSA = "5215550000001"
PAGE = "/admin/conversations/1"
TOOLS = Tools(places=desks.places)


@pytest.fixture
def rooms(db: Database) -> Iterator[Rooms]:
    """A customer has begun a report."""
    made = Rooms(db)
    made.hear(text("quiero reportar un refrigerador", wamid="wamid.1"))
    made.work()
    yield made
    made.close()


@pytest.fixture
def ana(rooms: Rooms) -> Visitor:
    return signed_in(rooms.db, "operator", email="ana@turno.example", tools=TOOLS)


def lines(page: TestResponse) -> str:
    """The page without its tags, for who reads it."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def act(rooms: Rooms, who: Visitor, action: str, **fields: str) -> str:
    """Press it, let the worker take its turn, and read what became of it."""
    pressed = who.post(f"{PAGE}/{action}", on=PAGE, **fields)
    assert pressed.status_code == 200
    assert "Waiting for the worker" in pressed.text
    rooms.work()
    return lines(who.get(pressed.request.full_path))


def agent(rooms: Rooms) -> str | None:
    holder: str | None = rooms.ask("select agent from sessions where conversation_id = 1")[0].agent
    return holder


def test_the_page_tells_what_was_said_what_was_decided_and_why(rooms: Rooms, ana: Visitor) -> None:
    rooms.send()
    page = ana.get(PAGE)
    told = lines(page)
    for part in (
        "quiero reportar un refrigerador",
        "begins → refrigerator.filling",
        "report_refrigerator",
        " ms",
        "Rosa",
    ):
        assert part in told
    assert "••••••0001" in told
    assert ROSA not in page.text, "a phone is shown in part"
    assert 'class="tick sent"' in page.text
    assert 'id="e1"' in page.text
    assert "inactivity_warn" in told


def test_a_conversation_is_taken_over_answered_and_released(rooms: Rooms, ana: Visitor) -> None:
    assert "You hold this conversation now. It stands at refrigerator.filling." in act(rooms, ana, "take_over")
    assert agent(rooms) == "ana@turno.example"
    rooms.hear(text("¿hay alguien?", wamid="wamid.2"))
    rooms.work()
    assert "Said." in act(rooms, ana, "answer", text="Sí, aquí estoy <b>")
    [said] = rooms.ask("select text, content from outbox order by id desc limit 1")
    assert (said.text, said.content["author"]) == ("Sí, aquí estoy <b>", "agent")
    assert "Sí, aquí estoy &lt;b&gt;" in ana.get(PAGE).text
    told = act(rooms, ana, "release", state="vehicle.filling")
    assert "Released: the bot goes on. It stands at vehicle.filling." in told
    assert agent(rooms) is None


def test_after_the_24_hours_only_the_template_that_staff_press_goes_and_only_it_is_shown(
    rooms: Rooms, ana: Visitor
) -> None:
    rooms.send()
    rooms.ask("update sessions set heard_at = now() - interval '25 hours'")
    rooms.ask("""update channels set fallback_template = '{"name": "turno_news", "language": "es_MX"}'""")
    assert "the customer is not told" in lines(ana.get(PAGE))
    for action, fields in (("take_over", {}), ("answer", {"template": "turno_news"}), ("release", {"state": ""})):
        act(rooms, ana, action, **fields)
        rooms.send()
    kinds = [outbound.kind for _, _, outbound in rooms.carrier.accepted]
    assert kinds.count("template") == 1 == len(kinds) - 1, "the question of before, and one template"
    told = lines(ana.get(PAGE))
    assert "Template “turno_news” (es_MX)" in told
    assert "te atiende a partir de ahora" not in told and "Te atiende otra vez" not in told
    assert "[turno_news]" not in told and "not told: the 24 hours are over" in told
    [said] = rooms.ask("select text, content ->> 'author' as author from outbox where kind = 'template'")
    assert (said.text, said.author) == ("", "agent")


def test_a_form_that_is_sent_twice_counts_once(rooms: Rooms, ana: Visitor) -> None:
    act(rooms, ana, "take_over")
    once = "a" * 32
    for _ in range(2):
        ana.post(f"{PAGE}/answer", on=PAGE, once=once, text="una vez")
    rooms.work()
    assert len(rooms.ask("select 1 from outbox where text = 'una vez'")) == 1
    assert rooms.ask("select retries from inbox where external_id = %(id)s", id=f"agent:{once}")[0].retries == 1


def test_the_second_of_two_sees_who_holds_it_and_is_refused(rooms: Rooms, ana: Visitor) -> None:
    luis = signed_in(rooms.db, "operator", email="luis@turno.example", tools=TOOLS)
    both = [who.post(f"{PAGE}/take_over", on=PAGE) for who in (ana, luis)]
    rooms.work()
    won, lost = (lines(who.get(page.request.full_path)) for who, page in zip((ana, luis), both, strict=True))
    assert "You hold this conversation now." in won
    assert "Refused: somebody else holds it already, and was faster. Nothing was changed." in lost
    assert "Operator holds this conversation." in lines(luis.get(PAGE))
    luis.send(f"{PAGE}/answer", {"csrf": _csrf(luis), "once": "b" * 32, "text": "yo también"})
    rooms.work()
    refused = lines(luis.get(f"{PAGE}?event={_last(rooms)}"))
    assert "Refused: you do not hold it (any more), so nothing was said." in refused
    assert "yo también" in refused, "what was written is not lost"
    onlooker = signed_in(rooms.db, "viewer", tools=TOOLS)
    assert "yo también" not in onlooker.get(f"{PAGE}?event={_last(rooms)}").text
    assert rooms.ask("select 1 from outbox where text = 'yo también'") == []


def _csrf(who: Visitor) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]{64})"', who.get("/admin/search").text)
    assert found
    return found[1]


def _last(rooms: Rooms) -> int:
    return int(rooms.ask("select max(id) as id from inbox")[0].id)


def test_an_admin_takes_it_from_who_holds_it_and_nobody_else_does(rooms: Rooms, ana: Visitor) -> None:
    act(rooms, ana, "take_over")
    eva = signed_in(rooms.db, "admin", email="eva@turno.example", tools=TOOLS)
    assert "Take it from Operator" in lines(eva.get(PAGE))
    assert "You hold this conversation now." in act(rooms, eva, "take_over", **{"from": "ana@turno.example"})
    fields = {"csrf": _csrf(ana), "once": "f" * 32, "from": "eva@turno.example"}
    told = lines(ana.send(f"{PAGE}/take_over", fields))
    assert "Only an admin takes a conversation from somebody else." in told
    assert agent(rooms) == "eva@turno.example"


def test_taking_over_one_that_was_just_closed_tells_where_it_stands(rooms: Rooms, ana: Visitor) -> None:
    act(rooms, ana, "close")
    assert "You hold this conversation now. It stands at menu.closed." in act(rooms, ana, "take_over")


def test_releasing_one_that_was_released_meanwhile_is_told_and_changes_nothing(rooms: Rooms, ana: Visitor) -> None:
    act(rooms, ana, "take_over")
    page = ana.get(PAGE)
    act(rooms, ana, "release")
    ana.last = page
    ana.post(f"{PAGE}/release", once="c" * 32, state="")
    rooms.work()
    assert "Refused: nobody holds it" in lines(ana.get(f"{PAGE}?event={_last(rooms)}"))


def test_outside_the_window_only_the_template_goes(rooms: Rooms, ana: Visitor) -> None:
    act(rooms, ana, "take_over")
    page = ana.get(PAGE)
    rooms.ask("update sessions set heard_at = now() - interval '25 hours'")
    ana.last = page
    refused = lines(ana.post(f"{PAGE}/answer", text="hola, ¿sigues ahí?"))
    assert "The 24-hour window has shut meanwhile" in refused and "hola, ¿sigues ahí?" in refused
    assert "this number has no template" in lines(ana.get(PAGE))
    rooms.ask('update channels set fallback_template = \'{"name": "seguimos", "language": "es"}\'')
    assert "What goes out is the template “seguimos” (es)" in lines(ana.get(PAGE))
    assert "Said." in act(rooms, ana, "answer", template="seguimos")
    rooms.send()
    assert rooms.carrier.accepted[-1][2].template is not None


def test_a_message_nobody_knows_of_is_said_again_after_looking(rooms: Rooms, ana: Visitor) -> None:
    rooms.ask("update outbox set state = 'unknown', unknowns = 2, settle_at = null")
    [lost] = rooms.ask("select id from outbox")
    told = lines(ana.post(f"{PAGE}/say_again", on=PAGE, outbound=str(lost.id)))
    assert "Look first whether it arrived" in told
    assert "Said again." in act(rooms, ana, "say_again", outbound=str(lost.id), looked="yes")
    assert "Say it again" not in lines(ana.get(PAGE))
    fields = {"csrf": _csrf(ana), "once": "f" * 32, "outbound": str(lost.id), "looked": "yes"}
    ana.send(f"{PAGE}/say_again", fields)
    rooms.work()
    assert rooms.ask("select count(*) from outbox")[0].count == 2


@pytest.mark.parametrize("action", ["take_over", "answer", "release", "reset", "close", "say_again"])
def test_who_only_looks_on_does_nothing(rooms: Rooms, action: str) -> None:
    viewer = signed_in(rooms.db, "viewer", tools=TOOLS)
    assert "Your role may look, and not act." in lines(viewer.get(PAGE))
    before = _last(rooms)
    assert viewer.send(f"{PAGE}/{action}", {"csrf": _csrf(viewer), "once": "d" * 32, "text": "x"}).status_code == 403
    assert _last(rooms) == before


def test_who_only_looks_on_reads_no_words(rooms: Rooms) -> None:
    viewer = signed_in(rooms.db, "viewer", tools=TOOLS)
    assert "quiero reportar" not in viewer.get(PAGE).text
    assert "quiero reportar" not in viewer.get("/admin/conversations").text
    assert "quiero reportar" not in viewer.get("/admin/search?q=quiero").text
    assert viewer.get(f"{PAGE}/events/1").status_code == 403


@pytest.mark.parametrize("path", ["", "/live", "/events/1"])
def test_what_is_none_of_their_desk_is_not_there(rooms: Rooms, path: str) -> None:
    other = signed_in(rooms.db, "operator", desks=["another"], tools=TOOLS)
    assert other.get(PAGE + path).status_code == 404
    assert "Rosa" not in other.get("/admin/conversations").text
    assert "Rosa" not in other.get("/admin/search?q=rosa").text
    posted = other.send(f"{PAGE}/take_over", {"csrf": _csrf(other), "once": "e" * 32})
    assert posted.status_code == 404
    assert _last(rooms) == 1


def test_what_renews_itself_is_sent_only_when_something_changed(rooms: Rooms, ana: Visitor) -> None:
    first = ana.get(f"{PAGE}/live")
    etag = first.headers["ETag"]
    assert ana.get(f"{PAGE}/live", **{"If-None-Match": etag}).status_code == 304
    rooms.send()
    second = ana.get(f"{PAGE}/live", **{"If-None-Match": etag})
    assert second.status_code == 200
    assert 'class="tick sent"' in second.text
    assert "<html" not in second.text


def test_a_long_conversation_is_read_back_to_its_beginning_with_nothing_left_out(rooms: Rooms, ana: Visitor) -> None:
    rooms.ask(
        "insert into inbox (channel_id, conversation_id, external_id, kind, text, state, received_at)"
        " select 1, 1, 'w' || n, 'text', 'línea ' || n, 'done', now() + n * interval '1 second'"
        " from generate_series(1, 150) n"
    )
    seen, path = set(), PAGE
    for _ in range(6):
        page = ana.get(path)
        seen |= set(re.findall(r'id="(e\d+)"', page.text))
        older = re.search(r'href="([^"]+)">↑ Earlier', page.text)
        if not older:
            break
        path = older[1].replace("&amp;", "&")
    assert len(seen) == 151
    assert 'id="e20"' in ana.get(f"{PAGE}?around=20").text


NASTY = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "\u202eevil\u202d \u2067عربى\u2069",
    "{{ 7 * 7 }} {% raw %}",
    "👩‍👩‍👧‍👦" * 50,
    "\x01\x08\x0b\x1b[31m",
    "ñ" * 60_000,
)


@pytest.mark.parametrize("nasty", NASTY, ids=range(len(NASTY)))
def test_nothing_anybody_writes_breaks_a_page(rooms: Rooms, ana: Visitor, nasty: str) -> None:
    rooms.ask("update contacts set name = %(nasty)s", nasty=nasty[:2000])
    rooms.ask("update inbox set text = %(nasty)s", nasty=nasty)
    rooms.ask("update outbox set text = %(nasty)s", nasty=nasty)
    for path in (PAGE, f"{PAGE}/live", f"{PAGE}/events/1", "/admin/conversations", "/admin/search?q=al"):
        page = ana.get(path)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
    assert len(ana.get(PAGE).data) < 80_000, "a very long text is shown in part"
    if len(nasty) > 4000:
        assert nasty in ana.get(f"{PAGE}/events/1").text


@pytest.mark.parametrize(
    "query",
    [
        "?event=99999999999999999999&around=x",
        "?around=9223372036854775807",
        "?heard=-1&step=99999999999&said=%F0",
        "?event=9223372036854775807",
        "?heard=1&heard=2",
    ],
)
def test_an_address_that_makes_no_sense_breaks_nothing(ana: Visitor, query: str) -> None:
    assert ana.get(PAGE + query).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/admin/conversations/999",
        "/admin/conversations/99999999999999999999",
        "/admin/conversations/-1",
        "/admin/conversations/1/events/999",
        "/admin/photos/1",
        "/admin/photos/99999999999999999999",
    ],
)
def test_what_is_not_there_is_told_so(ana: Visitor, path: str) -> None:
    assert ana.get(path).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?desk=field-service&flow=refrigerator&state=filling&held=nobody&need=waiting",
        "?held=me",
        "?need=closing&held=somebody",
        "?at=yesterday&id=x",
        "?at=2026-01-01T00:00:00&id=1",
        "?at=0001-01-01T00:00:00%2B00:00&id=1",
        "?at=9999-12-31T23:59:59%2B00:00&id=9223372036854775807",
        "?flow=%27%3B+drop+table+inbox",
    ],
)
def test_the_list_is_shown_whatever_is_asked(ana: Visitor, query: str) -> None:
    assert ana.get(f"/admin/conversations{query}").status_code == 200


def test_the_list_leads_from_page_to_page(rooms: Rooms, ana: Visitor) -> None:
    for n in range(60):
        rooms.hear(text("hola", wamid=f"w.{n}", sender=f"52155502{n:05}"))
    rooms.work()
    first = ana.get("/admin/conversations?desk=field-service")
    older = re.search(r'rel="next" href="([^"]+)"', first.text)
    assert older
    second = ana.get(older[1].replace("&amp;", "&"))
    both = [re.findall(r'href="/admin/conversations/(\d+)"', page.text) for page in (first, second)]
    assert [len(page) for page in both] == [50, 11]
    assert len({*both[0], *both[1]}) == 61


def test_a_photo_is_a_picture_and_nothing_else_and_who_saw_it_is_known(rooms: Rooms, tmp_path: Path) -> None:
    ana = signed_in(rooms.db, "operator", email="ana@turno.example", tools=TOOLS, photos_folder=str(tmp_path))
    kept = photos.Folder(tmp_path)
    names = [kept.put(b"\xff\xd8\xff\xe0 a picture"), kept.put(b"<html><script>alert(1)</script>")]
    for n, name in enumerate(names, 1):
        rooms.ask(
            "insert into photos (conversation_id, event_id, purpose, sha256, bytes, received_at)"
            " values (1, %(n)s, 'code', %(name)s, 9, now())", n=n, name=name,
        )  # fmt: skip
    assert '<img class="photo" src="/admin/photos/1"' in ana.get(PAGE).text
    picture = ana.get("/admin/photos/1")
    assert (picture.status_code, picture.mimetype, picture.data[:3]) == (200, "image/jpeg", b"\xff\xd8\xff")
    assert picture.headers["X-Content-Type-Options"] == "nosniff"
    assert picture.headers["Cache-Control"] == "no-store"
    assert ana.get("/admin/photos/2").status_code == 404, "what is no picture is not served"
    seen = rooms.ask("select who, subject from audit where did = 'saw a photo'")
    assert [(row.who, row.subject) for row in seen] == [("ana@turno.example", "photo:1 conversation:1")]


def test_every_look_and_every_deed_is_in_the_audit_without_what_was_said(rooms: Rooms, ana: Visitor) -> None:
    act(rooms, ana, "take_over")
    act(rooms, ana, "answer", text="un secreto")
    ana.get("/admin/search?q=secreto")
    rows = rooms.ask("select did, subject, why from audit where who = 'ana@turno.example' order by id")
    assert {"read a conversation", "took a conversation over", "answered", "searched"} <= {row.did for row in rows}
    assert "secreto" not in repr(rows)


def test_search_finds_by_digits_name_and_words_and_leads_there(rooms: Rooms, ana: Visitor) -> None:
    assert "Rosa" in lines(ana.get("/admin/search?q=0001"))
    assert "Rosa" in lines(ana.get("/admin/search?q=ROS"))
    found = ana.get("/admin/search?q=Refrigerador")
    assert 'href="/admin/conversations/1?around=1#e1"' in found.text
    assert "That was all." in lines(found)
    assert "2 among 1" not in lines(found)
    assert "Nobody." in lines(ana.get("/admin/search?q=001"))
