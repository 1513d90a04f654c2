"""A month of made-up traffic, written straight into the tables: something for every panel to show."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from bot import desks
from bot.commands.demo import put_months
from bot.commands.desk_apply import put_file
from bot.desks.business import File
from core.store.db import Database
from tests import businesses

DESKS = {
    "desks": [
        {"id": id, "name": id.replace("-", " ").title(), "language": "es", "timezone": zone, "menu": "menu",
         "whatsapp": [number]}
        for id, zone, number in (
            ("field-service", "America/Mexico_City", "100000000000001"),
            ("hotel", "Europe/Madrid", "100000000000009"),
        )
    ]
}  # fmt: skip

PATH = (
    ("menu", "waiting", "greeting"),
    ("refrigerator", "filling", "report_refrigerator"),
    ("refrigerator", "confirming_equipment", "told"),
    ("refrigerator", "confirming_problem", "told"),
    ("refrigerator", "reported", "yes"),
)
SENTENCES = ("no enfría", "cuánto cuesta", "asdf", "quiero otra cosa 5512345678", "<b>hola</b>")
WHYS = ("", "", "", "timeout", "low_confidence", "breaker_open")
STATES = ("read", "read", "delivered", "sent", "failed", "unknown", "parked", "waiting")


def seed(db: Database, conversations: int = 60, *, days: int = 20) -> None:
    """Conversations at two desks, spread over so many days, the newest an hour ago; the same every time."""
    with db.transaction() as tx:
        businesses.put(tx, DESKS)
        run = tx._cursor.execute
        dice = random.Random(7)
        now = datetime.now(UTC)
        channels = run("select id, desk_id from channels order by id").fetchall()
        for number in range(conversations):
            channel = channels[number % len(channels)]
            begun = now - timedelta(hours=1) - timedelta(days=days) * (1 - number / conversations)
            _conversation(run, dice, channel, number, begun)
        run("insert into heartbeats (process, kind, host, pid, jobs, breakers, at) values"
            " ('a', 'web', 'one', 1, '{}', '{}', now()),"
            " ('b', 'workers', 'one', 2, '{conversation,sender}', '{\"ai\": \"open\", \"whatsapp:100000000000001\": \"closed\"}', now()),"
            " ('c', 'workers', 'two', 3, '{janitor}', '{\"ai\": \"half_open\"}', now() - interval '1 hour')")  # fmt: skip
        run(
            "insert into alarms (fingerprint, name, severity, summary, runbook, started_at)"
            " values ('a', 'TurnoEventsWait', 'page', 'The oldest event has waited 2m', '', now())"
        )
        run("insert into last_posts (channel_id, at) select id, now() - interval '1 minute' from channels limit 1")
        run("insert into happenings (at, kind, name, detail) select now() - n * interval '40 minutes', 'breaker', 'ai',"
            " '{\"from\": \"closed\", \"to\": \"open\", \"why\": \"5 failures\"}' from generate_series(1, 5) n")  # fmt: skip
        run("insert into happenings (at, kind, name, count) select now() - n * interval '1 hour', 'refused',"
            " 'BadSignature', n from generate_series(1, 9) n")  # fmt: skip
        run("insert into happenings (at, kind, conversation_id, count) select now() - id * interval '7 minutes',"
            " 'conflict', id, 1 + id % 3 from conversations where id < 30")  # fmt: skip


def seed_months(db: Database) -> None:
    """The made-up month of each desk that brings one, and breakers of what its services ask: for panels of its own."""
    months = desks.months()
    with db.transaction() as tx:
        for demo in {script.with_name("demo.toml") for script in months.values()}:
            put_file(tx, File(demo))
        run = tx._cursor.execute
        breakers = {name: "open" for business, script in months.items() for name in _breakers(business, script)}
        run("insert into heartbeats (process, kind, host, pid, jobs, breakers, at) values"
            " ('d', 'workers', 'two', 4, '{errands}', %s, now())", (orjson.dumps(breakers).decode(),))  # fmt: skip
        run("insert into happenings (at, kind, name, detail) select now(), 'breaker', name,"
            " '{\"from\": \"closed\", \"to\": \"open\", \"why\": \"5 failures\"}' from unnest(%s::text[]) name",
            (list(breakers),))  # fmt: skip
    assert [*put_months(db.url)] == [f"{business}: a made-up month" for business in months]


def _breakers(business: str, script: Path) -> set[str]:
    """The names of a business's breakers, as its workers name them."""
    services = desks.DESKS[script.parent.name].services
    return {f"service:{business}:{of.behind or name}" for name, of in services.items()}


def _conversation(run: Any, dice: random.Random, channel: Any, number: int, begun: datetime) -> None:
    contact = run("insert into contacts (name) values (%s) returning id", (f"Rosa {number}",)).fetchone().id
    run("insert into aliases values ('', 'wa_id', %s, %s)", (f"52155{number:08}", contact))
    id = run(
        "insert into conversations (channel_id, contact_id, created_at) values (%s, %s, %s) returning id",
        (channel.id, contact, begun),
    ).fetchone().id  # fmt: skip
    steps = PATH[: dice.choice((1, 2, 2, 3, 4, 5, 5, 5))]
    before, at = ("", ""), begun
    for version, (flow, state, trigger) in enumerate(steps, start=1):
        at += timedelta(seconds=dice.uniform(5, 90))
        trigger = "unclear" if dice.random() < 0.2 else trigger
        event = _event(run, dice, channel.id, id, at, dice.choice(SENTENCES))
        reading = {
            "intent": trigger, "confidence": round(dice.uniform(0.3, 1), 2), "source": dice.choice(("rules", "ai", "rules+ai")),
            "ms": round(dice.uniform(0.2, 900), 1), "why": dice.choice(WHYS), "guesses": {}, "facts": {},
        }  # fmt: skip
        run(
            "insert into steps values (%s, %s, %s, %s, %s, %s, %s, %s, 'customer', %s, 1, '', %s)",
            (id, version, event, *before, flow, state, trigger, orjson.dumps(reading).decode(), at),
        )
        _reply(run, dice, channel.id, id, event, at)
        before = flow, state
    agent = "ana" if number % 13 == 0 else None
    notes = {"person_wanted_at": at.isoformat()} if number % 11 == 0 else {}
    if dice.random() < 0.2:
        run(
            "insert into steps values (%s, %s, 0, %s, %s, 'menu', 'timed_out', 'inactivity_close', 'timer', null, 1, '', %s)",
            (id, len(steps) + 1, *before, at + timedelta(minutes=30)),
        )
    if agent:
        run(
            "insert into steps values (%s, %s, 0, %s, %s, %s, %s, 'take_over', 'agent', null, 1, '', %s)",
            (id, len(steps) + 2, *before, *before, at + timedelta(minutes=40)),
        )
    run(
        "insert into sessions (conversation_id, version, flow, state, memory, agent, heard_at, updated_at)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s)",
        (
            id,
            len(steps),
            *before,
            orjson.dumps({"notes": notes}).decode(),
            agent,
            at if number % 13 else datetime.now(UTC) - timedelta(hours=22),
            at,
        ),
    )
    if before[1] == "reported":
        _ticket(run, dice, channel.desk_id, id, event, at, number)


def _event(run: Any, dice: random.Random, channel: int, conversation: int, at: datetime, text: str) -> int:
    state = dice.choices(("done", "waiting", "buried"), (40, 1, 1))[0]
    retries = dice.choices((0, 1, 2, 5), (20, 2, 1, 1))[0]
    row = run(
        "insert into inbox (channel_id, conversation_id, external_id, kind, text, state, attempts, retries, last_retry_at,"
        " received_at, finished_at, error) values (%s, %s, %s, 'text', %s, %s, 1, %s, %s, %s, %s, %s) returning id",
        (
            channel, conversation, f"wamid.{conversation}.{at.timestamp()}", text, state, retries,
            at + timedelta(minutes=3) if retries else None, at,
            None if state == "waiting" else at + timedelta(seconds=1), "Broken: a bug" if state == "buried" else None,
        ),
    ).fetchone()  # fmt: skip
    return int(row.id)


def _reply(run: Any, dice: random.Random, channel: int, conversation: int, event: int, at: datetime) -> None:
    state = dice.choice(STATES)
    sent = at + timedelta(seconds=dice.uniform(0.2, 6)) if state in ("read", "delivered", "sent") else None
    delivered = sent + timedelta(seconds=dice.uniform(0.5, 60)) if sent and state != "sent" else None
    read = delivered + timedelta(minutes=2) if delivered and state == "read" else None
    code = dice.choice((131047, 131026, 130472)) if state == "failed" else None
    row = run(
        "insert into outbox (channel_id, conversation_id, event_id, correlation_id, kind, text, state, created_at, sent_at,"
        " delivered_at, read_at, error_code, unknowns) values (%s, %s, %s, 'c', 'text', 'hola', %s, %s, %s, %s, %s, %s, 1)"
        " returning id",
        (channel, conversation, event, state, at, sent, delivered, read, code),
    ).fetchone()
    if delivered:
        run(
            "insert into deliveries (external_id, state, outbox_id, pricing_category, billable, at, received_at)"
            " values (%s, 'delivered', %s, %s, %s, %s, %s)",
            (
                f"wamid.out.{row.id}",
                row.id,
                dice.choice(("service", "utility")),
                dice.random() < 0.3,
                delivered,
                delivered,
            ),
        )


def _ticket(run: Any, dice: random.Random, desk: str, id: int, event: int, at: datetime, number: int) -> None:
    status = dice.choice(("pending", "in_progress", "resolved", "resolved", "cancelled"))
    kind = dice.choice(("refrigerator", "vehicle"))
    content = {"arrival": {"name": dice.choice(("Centro Norte", "Centro Sur"))}} if kind == "vehicle" else {}
    resolved = at + timedelta(hours=dice.uniform(1, 60)) if status == "resolved" else None
    run(
        "insert into tickets (number, desk_id, conversation_id, event_id, kind, status, summary, content, created_at,"
        " resolved_at) values (%s, %s, %s, %s, %s, %s, 'No enfría', %s, %s, %s)",
        (f"TKT-{number:08X}", desk, id, event, kind, status, orjson.dumps(content).decode(), at, resolved),
    )
    if status == "resolved":
        for question in range(1, 7):
            run(
                "insert into survey_answers values (%s, %s, %s, %s)",
                (f"TKT-{number:08X}", question, dice.randint(2, 5), at + timedelta(hours=2)),
            )
        run(
            "insert into surveys values (%s, %s, '', %s, %s)",
            (f"TKT-{number:08X}", dice.choice(("completed", "rejected")), at, at + timedelta(hours=3)),
        )
