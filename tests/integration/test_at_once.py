"""The same thing at the same moment: a hundred reports confirmed at once and in copies, two ratings of one question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from core.messages import News
from core.store.db import Database
from core.store.staff import tickets
from tests.integration.crew import Rooms, parse, press, text
from tests.waiting import until
from webhook.door import Door

CUSTOMERS, COPIES, WORKERS, DOORS = 100, 4, 3, 4
AT_ONCE = '{"survey_after_h": 0, "survey_from_h": 0, "survey_to_h": 24, "survey_reminder_h": 0}'
WAITING = "select count(*) as n from inbox where state = 'waiting'"


@pytest.fixture
def rooms(db_url: str) -> Iterator[Rooms]:
    database = Database(db_url, pool=DOORS + WORKERS + 1)
    made = Rooms(database)
    yield made
    made.close()
    database.close()


def all_at_once(rooms: Rooms, posts: Sequence[News]) -> None:
    """Everything is posted at once at several doors while several workers work; returns when nothing waits."""
    over = Event()

    def work() -> None:
        worker = rooms.new_worker()
        while not over.is_set():
            worker.run_once()

    with ThreadPoolExecutor(WORKERS + DOORS) as pool:
        working = [pool.submit(work) for _ in range(WORKERS)]
        doors = [Door(rooms.db, rooms.bell) for _ in range(DOORS)]
        try:
            for posted in [pool.submit(doors[n % DOORS].accept, news) for n, news in enumerate(posts)]:
                posted.result(60)
            until(lambda: rooms.ask(WAITING)[0].n == 0, 60)
        finally:
            over.set()
        for each in working:
            each.result(60)


def test_a_hundred_reports_confirmed_at_once_and_in_copies_are_a_hundred_tickets(rooms: Rooms) -> None:
    senders = [f"52155510{number:05}" for number in range(CUSTOMERS)]
    asked = [text("refrigerador 4045101 no enfría desde ayer", wamid=f"wamid.a{s}", sender=s) for s in senders]
    rooms.door.accept(parse(asked))
    rooms.work()
    yes = [text("sí", wamid=f"wamid.b{s}", sender=s) for s in senders]
    all_at_once(rooms, [parse(yes[first::10]) for first in range(10) for _ in range(COPIES)])
    [row] = rooms.ask("select count(*) as tickets, count(distinct conversation_id) as customers from tickets")
    assert (row.tickets, row.customers) == (CUSTOMERS, CUSTOMERS)
    [row] = rooms.ask("select count(*) as events, sum(retries) as copies from inbox where external_id like 'wamid.b%%'")
    assert (row.events, row.copies) == (CUSTOMERS, CUSTOMERS * (COPIES - 1))
    assert len([said for said in rooms.said() if "Reporte creado" in said]) == CUSTOMERS


def test_two_ratings_of_one_question_at_the_same_moment_are_one(rooms: Rooms) -> None:
    rooms.ask("update desks set settings = settings || %(at_once)s::jsonb", at_once=AT_ONCE)
    for turn, said in enumerate(["refrigerador 4045101 no enfría desde ayer", "sí"]):
        rooms.hear(text(said, wamid=f"wamid.{turn}"))
        rooms.work()
    [ticket] = rooms.ask("select number, conversation_id from tickets")
    with rooms.db.transaction() as tx:
        tickets.ask_status(tx, ticket, "resolved", by="ana")
    until(lambda: (rooms.janitor.run_once(), rooms.work()) and "¿Nos dices" in rooms.said()[-1], 30)
    rooms.hear(text("aceptar", wamid="wamid.accept"))
    rooms.work()
    [question] = rooms.ask("select content from outbox order by id desc limit 1")
    ids = {option["id"].split("|")[0]: option["id"] for option in question.content["options"]}
    pressed = [press(ids["rating_5"], wamid="wamid.five"), press(ids["rating_1"], wamid="wamid.one")]
    all_at_once(rooms, [parse([one]) for one in pressed for _ in range(COPIES)])
    [answer] = rooms.ask("select question, rating from survey_answers")
    assert (answer.question, answer.rating) in {(1, 5), (1, 1)}
    assert rooms.ask("select state from sessions")[0].state == "question_2"
