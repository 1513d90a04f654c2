"""The page of a ticket over HTTP: details and cancelling go through the inbox, once, and only from the page itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.integration.chatting import ORIGIN, Browser, client
from tests.integration.crew import Rooms


class Page:
    """A browser on the page of a ticket that was just made."""

    def __init__(self, rooms: Rooms, **settings: Any):
        self.client = client(rooms, **settings)
        link = urlsplit(Browser(self.client).post("whatsapp-ticket", device="Impresora").get_json()["publicUrl"])
        self.path, self.address = link.path, f"{link.path}?{link.query}"
        self.key = link.query.removeprefix("key=")

    def get(self) -> str:
        answer = self.client.get(self.address)
        assert answer.status_code == 200 and answer.headers["Referrer-Policy"] == "same-origin"
        return str(answer.text)

    def post(self, what: str, headers: Mapping[str, str] = ORIGIN, **form: Any) -> Any:
        return self.client.post(f"{self.path}/{what}", data={"key": self.key, **form}, headers=headers)

    def after(self, what: str, **form: Any) -> str:
        answer = self.post(what, **form)
        assert answer.status_code == 303
        return str(self.client.get(answer.headers["Location"]).text)


def test_a_detail_is_in_the_ticket_and_on_the_page_once_and_masked(working: Rooms) -> None:
    page = Page(working)
    for _ in range(2):
        told = page.after("add", text="tira agua; soy ana@ejemplo.com <b>", once="the same form")
    assert "quedó en tu reporte" in told and "&lt;b&gt;" in told and "ana@" not in told
    [ticket] = working.ask("select summary, content from tickets")
    assert ticket.summary == "Impresora · tira agua; soy ana@ejemplo.com <b>" and len(ticket.content["added"]) == 1
    [event] = working.ask("select origin, state, retries from inbox where kind = 'ticket_told'")
    assert (event.origin, event.state, event.retries) == ("customer", "done", 1)


def test_a_ticket_is_taken_back_by_a_turn_and_told_in_the_chat(working: Rooms) -> None:
    page = Page(working)
    told = page.after("cancel")
    assert "quedó cancelado" in told and "<form" not in told
    [change] = working.ask("select by, before, after from ticket_changes")
    assert tuple(change) == ("customer", "pending", "cancelled")
    assert "cancelé tu reporte" in working.ask("select text from outbox order by id desc limit 1")[0].text
    assert "quedó cancelado" not in page.after("add", text="algo más"), "what is settled takes nothing more"
    assert "added" not in working.ask("select content from tickets")[0].content


def test_who_is_at_work_on_it_is_told_and_the_page_says_so(working: Rooms) -> None:
    page = Page(working)
    working.ask("update tickets set status = 'in_progress', assignee = 'ana@example.com' returning 1")
    assert "Alguien ya está con tu reporte" in page.after("cancel")
    assert working.ask("select status from tickets")[0].status == "in_progress"
    assert re.findall(r'aria-current="step">\s*<span class="step">([^<]+)', page.get()) == ["En proceso"]


@pytest.mark.parametrize("what", ["add", "cancel"])
def test_only_the_page_itself_with_its_key_changes_a_ticket(working: Rooms, what: str) -> None:
    page = Page(working, webchat_origins="https://shop.example")
    refused: tuple[dict[str, str], ...] = (
        {},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Origin": "https://shop.example"},
    )
    for headers in refused:
        assert page.post(what, headers, text="x").status_code == 403
    assert page.post(what, key="another", text="x").status_code == 404
    assert page.client.get(f"{page.path}/{what}").status_code == 405
    assert working.ask("select 1 from inbox where kind = 'ticket_told'") == []


def test_changes_of_one_ticket_have_a_limit(working: Rooms) -> None:
    page = Page(working, limit_ticket_change="2/hour")
    assert [page.post("add", text=f"x{n}").status_code for n in range(3)] == [303, 303, 429]


def test_a_ticket_of_somebody_who_was_erased_takes_nothing_more(chatroom: Rooms) -> None:
    chatroom.ask(
        "insert into tickets (number, desk_id, conversation_id, event_id, kind, summary)"
        " select 'TKT-00000001', 'field-service', null, 1, 'help', 'x' returning 1"
    )
    chatroom.ask(
        "insert into ticket_links (ticket, key, expires_at) values ('TKT-00000001', 'k', now() + '1 h') returning 1"
    )
    visitor = client(chatroom)
    answer = visitor.post("/ticket/TKT-00000001/add", data={"key": "k", "text": "x"}, headers=ORIGIN)
    assert answer.status_code == 404
    assert visitor.get("/ticket/TKT-00000001?key=k").status_code == 200


def test_a_change_that_waits_is_told_as_one_that_waits(working: Rooms) -> None:
    page = Page(working)
    page.client = client(working, webchat_wait_s=0.01)
    working.ask("update sessions set leased_until = now() + interval '1 hour', lease_token = 1 returning 1")
    assert "se verá aquí en un momento" in page.after("add", text="más")
