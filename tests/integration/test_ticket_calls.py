"""Tickets by HTTP: one however often it is wanted, made by a turn; ways to it; and the list for who holds the token."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
from pydantic import SecretStr

from core.store import queries
from core.store.staff import tickets
from tests.integration.chatting import ORIGIN, Browser, client
from tests.integration.crew import Rooms
from tests.waiting import until

TOKEN = {"log_token": SecretStr("a token")}
SHOWN = {"Authorization": "Bearer a token"}
FREE = {"limit_whatsapp_ticket": ""}


def with_desk(rooms: Rooms, **settings: str) -> None:
    for name, value in settings.items():
        rooms.ask(
            "update desks set settings = settings || jsonb_build_object(%(name)s::text, %(value)s::text) returning 1",
            name=name, value=value,
        )  # fmt: skip


def test_a_ticket_comes_with_every_way_to_it(working: Rooms) -> None:
    with_desk(working, whatsapp_number="+54 9 341 555-1234")
    browser = Browser(client(working, public_url="https://help.example"))
    told = browser.post("whatsapp-ticket", name="Ana", device="Impresora HP", history="no imprime").get_json()
    number = told["ticketId"]
    assert told["ok"] and told["allowWhatsapp"] and number.startswith("TKT-")
    assert told["publicUrl"].startswith(f"https://help.example/ticket/{number}?key=")
    assert told["apiPublicUrl"].startswith(f"https://help.example/api/ticket/{number}?key=")
    assert told["waUrl"].startswith("https://wa.me/5493415551234?text=")
    assert number in parse_qs(urlsplit(told["waUrl"]).query)["text"][0]
    assert told["waWebUrl"].startswith("https://web.whatsapp.com/send?phone=5493415551234&text=")
    assert told["waAppUrl"].startswith("whatsapp://send?phone=5493415551234")
    assert told["waIntentUrl"].startswith("intent://send?phone=5493415551234")
    assert [button["url"] for button in told["ui"]["externalButtons"]] == [told["waUrl"], told["publicUrl"]]
    shown = urlsplit(told["publicUrl"])
    assert browser.client.get(f"{shown.path}?{shown.query}").status_code == 200
    kept = working.ask("select kind, status, summary, content from tickets")[0]
    assert (kept.kind, kept.status, kept.summary) == ("help", "pending", "Impresora HP")
    assert kept.content["name"] == "Ana" and kept.content["history"] == "no imprime"
    assert number in browser.lines()[-1][1], "the chat says it too"


def test_a_desk_without_a_number_of_its_own_has_no_way_by_whatsapp(working: Rooms) -> None:
    told = Browser(client(working)).post("whatsapp-ticket").get_json()
    assert told["ok"] and not told["allowWhatsapp"] and told["waUrl"] == ""
    assert [button["url"] for button in told["ui"]["externalButtons"]] == [told["publicUrl"]]


@pytest.mark.parametrize(("family", "shape"), [("TCK", r"TCK-\d{8}-[0-9A-F]{6}"), ("STI", r"STI-\d{8}-\d{4}")])
def test_numbers_are_of_the_desks_family(working: Rooms, family: str, shape: str) -> None:
    with_desk(working, ticket_family=family)
    Browser(client(working)).post("whatsapp-ticket")
    assert working.ask("select count(*) as n from tickets where number ~ %(s)s", s=f"^{shape}$")[0].n == 1


def test_twenty_presses_at_once_make_one_ticket_and_all_are_told_it(working: Rooms) -> None:
    visitor = client(working, **FREE)
    browser, gate = Browser(visitor), threading.Barrier(20)

    def press(_: int) -> Any:
        gate.wait()
        return visitor.application.test_client().post("/api/whatsapp-ticket", json={"sessionId": browser.id})

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(press, range(20)))
    assert [answer.status_code for answer in answers] == [200] * 20
    numbers = {answer.get_json()["ticketId"] for answer in answers}
    assert numbers == {row.number for row in working.ask("select number from tickets")} and len(numbers) == 1
    assert len({answer.get_json()["publicUrl"] for answer in answers}) == 1
    assert working.ask("select count(*) as n from inbox where kind = 'ticket_wanted' and state = 'done'")[0].n == 20


def test_a_report_of_just_now_is_the_ticket_that_is_wanted(working: Rooms) -> None:
    browser = Browser(client(working))
    asked = browser.say("refrigerador 4045101")
    browser.post("chat", action="button", value=asked["buttons"][0]["value"], label=asked["buttons"][0]["label"])
    browser.say("no enfría desde ayer")
    told = browser.post("whatsapp-ticket").get_json()
    assert [row.number for row in working.ask("select number from tickets")] == [told["ticketId"]]


@pytest.mark.parametrize(
    "change", ["status = 'resolved'", "status = 'cancelled'", "created_at = now() - interval '61 minutes'"]
)
def test_a_ticket_that_is_closed_or_old_does_not_serve(working: Rooms, change: str) -> None:
    browser = Browser(client(working))
    first = browser.post("whatsapp-ticket").get_json()["ticketId"]
    working.ask(f"update tickets set {change} returning 1")
    assert browser.post("whatsapp-ticket").get_json()["ticketId"] != first


def test_three_in_an_hour_are_enough(working: Rooms) -> None:
    browser = Browser(client(working))
    answers = [browser.post("whatsapp-ticket") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer.headers["RateLimit-Remaining"] for answer in answers] == ["2", "1", "0", "0"]
    assert answers[-1].get_json()["error"] == "whatsapp_ticket_rate_limit"
    assert int(answers[-1].headers["Retry-After"]) > 3000


def test_one_that_takes_long_is_asked_for_again_and_is_the_same(chatroom: Rooms) -> None:
    browser = Browser(client(chatroom, webchat_wait_s=0.05))
    answer = browser.post("whatsapp-ticket")
    assert (answer.status_code, answer.get_json()["error"], answer.headers["Retry-After"]) == (503, "try_again", "2")
    chatroom.work()
    patient = client(chatroom, webchat_wait_s=0.05)
    patient.post("/api/whatsapp-ticket", json={"sessionId": browser.id})
    chatroom.work()
    assert chatroom.ask("select count(*) as n from tickets")[0].n == 1


def test_while_staff_hold_the_conversation_the_ticket_is_made_and_nothing_is_said(working: Rooms) -> None:
    browser = Browser(client(working))
    browser.say("hola")
    working.ask("update sessions set agent = 'ana@example.com' returning 1")
    before = len(browser.lines())
    assert browser.post("whatsapp-ticket").get_json()["ok"]
    assert len(browser.lines()) == before


def test_a_page_needs_the_token_of_its_session_and_curl_does_not(working: Rooms) -> None:
    browser = Browser(client(working))
    assert browser.post("whatsapp-ticket", headers=ORIGIN).status_code == 403
    assert browser.post("whatsapp-ticket", headers=ORIGIN, csrfToken=browser.token).status_code == 200


@pytest.mark.parametrize("consent", [None, False, "true", 1])
def test_without_consent_no_ticket_is_created(working: Rooms, consent: object) -> None:
    browser = Browser(client(working))
    answer = browser.post("ticket/create", consent=consent)
    assert (answer.status_code, answer.get_json()["error"]) == (403, "consent_required")
    assert working.ask("select number from tickets") == []
    assert browser.post("ticket/create", consent=True).get_json()["ticketId"]


def test_who_holds_the_token_reads_a_whole_ticket_and_that_is_known(working: Rooms) -> None:
    visitor = client(working, **TOKEN)
    number = (
        Browser(visitor)
        .post("whatsapp-ticket", name="Ana", device="Notebook de ana@ejemplo.com")
        .get_json()["ticketId"]
    )
    told = visitor.get(f"/api/ticket/{number}", headers=SHOWN).get_json()
    assert told["summary"] == "Notebook de ana@ejemplo.com" and told["content"]["name"] == "Ana"
    assert visitor.get(f"/api/ticket/{number}", headers={"X-Log-Token": "another"}).status_code == 404
    assert visitor.get("/api/ticket/TKT-00000000", headers=SHOWN).status_code == 404
    assert [row.subject for row in working.ask("select subject from audit")] == [f"ticket:{number}"]


def test_a_ticket_that_is_withdrawn_is_cancelled_and_its_link_opens_nothing(working: Rooms) -> None:
    browser = Browser(client(working, **TOKEN))
    told = browser.post("whatsapp-ticket").get_json()
    path, link = f"/api/ticket/{told['ticketId']}", urlsplit(told["publicUrl"])
    assert browser.client.delete(path, headers=browser.own).status_code == 401
    assert browser.client.get(f"{link.path}?{link.query}").status_code == 200
    first = browser.client.delete(path, headers=SHOWN).get_json()
    until(lambda: working.ask("select status from tickets")[0].status == "cancelled")
    again = browser.client.delete(path, headers=SHOWN).get_json()
    assert (first["cancelled"], first["linkClosed"]) == (True, True)
    assert (again["ok"], again["cancelled"], again["linkClosed"]) == (True, False, False)
    assert browser.client.get(f"{link.path}?{link.query}").status_code == 404
    assert browser.client.delete("/api/ticket/TKT-00000000", headers=SHOWN).status_code == 404


def fill(rooms: Rooms, most: int) -> None:
    rooms.ask(
        "insert into tickets (number, desk_id, event_id, kind, summary, created_at)"
        " select 'TKT-' || lpad(to_hex(n), 8, '0'), 'field-service', n, 'help', 'ana@ejemplo.com ' || n,"
        " now() - n / 3 * interval '1 second' from generate_series(1, %(most)s) n returning 1", most=most,
    )  # fmt: skip


def test_the_list_of_tickets_has_each_once_newest_first_however_it_is_paged(chatroom: Rooms) -> None:
    fill(chatroom, 50)
    visitor = client(chatroom, **TOKEN)
    seen: list[Any] = []
    after = ""
    while after is not None:
        told = visitor.get("/api/tickets", query_string={"limit": 7, "after": after}, headers=SHOWN).get_json()
        seen, after = seen + told["tickets"], told["next"]
    assert len(seen) == len({ticket["ticketId"] for ticket in seen}) == 50
    assert [t["createdAt"] for t in seen] == sorted((t["createdAt"] for t in seen), reverse=True)
    assert "ana@" not in str(seen)


@pytest.mark.parametrize("plans", ["force_custom_plan", "force_generic_plan"])
def test_a_page_far_down_reads_no_more_of_the_table_than_the_first(chatroom: Rooms, plans: str) -> None:
    fill(chatroom, 20_000)
    with psycopg.connect(chatroom.db.url, autocommit=True, cursor_factory=psycopg.ClientCursor) as connection:
        connection.execute("vacuum analyze tickets")
        connection.execute(f"set plan_cache_mode = {plans}")
        place = connection.execute(
            "select created_at, number from tickets order by created_at desc, number desc offset 15000 limit 1"
        ).fetchone()
        assert place is not None
        prepared = Prepared(connection, "tickets.page")
        top, deep = (prepared.explained(at=at, number=number) for at, number in ((None, None), place))
    for plan in (top, deep):
        assert uses(plan, "tickets_created_at") and not uses(plan, "Seq Scan", "tickets")
    assert read(deep) <= read(top) + 5


class Prepared:
    """A named statement as the server plans it after it was asked a few times."""

    def __init__(self, connection: psycopg.Connection[Any], name: str):
        self._connection = connection
        statement = queries.load()[name]
        self._names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", statement)))
        for number, value in enumerate(self._names, 1):
            statement = statement.replace(f"%({value})s", f"${number}")
        connection.execute(f"prepare page as {statement}")

    def explained(self, **values: Any) -> dict[str, Any]:
        """What it does with a page of 50."""
        given = {**dict.fromkeys(self._names), "walk": tickets.WALK, "most": 51, **values}
        places = ", ".join(["%s"] * len(self._names))
        statement = f"explain (analyze, buffers, format json) execute page ({places})"
        row = self._connection.execute(statement, [given[name] for name in self._names]).fetchone()
        assert row is not None
        found: dict[str, Any] = row[0][0]["Plan"]
        return found


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", ()):
        yield from nodes(inner)


def uses(plan: dict[str, Any], *words: str) -> bool:
    """Whether some part of it says all these words."""
    return any(set(words) <= {str(value) for value in node.values()} for node in nodes(plan))


def read(plan: dict[str, Any]) -> int:
    """Pages of the database that it looked at."""
    return int(plan["Shared Hit Blocks"]) + int(plan["Shared Read Blocks"])


@pytest.mark.parametrize(
    ("query", "headers", "status"),
    [("", {}, 401), ("token=a+token", {}, 401), ("after=x", SHOWN, 400), ("limit=x", SHOWN, 200), ("", SHOWN, 200)],
)
def test_the_list_opens_to_the_token_in_a_header_only(
    chatroom: Rooms, query: str, headers: dict[str, str], status: int
) -> None:
    assert client(chatroom, **TOKEN).get(f"/api/tickets?{query}", headers=headers).status_code == status
