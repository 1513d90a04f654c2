"""A person of whom there is something in every table that may hold something."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import psycopg

from core.own_files import OwnFile
from core.store.files import own as own_store
from core.store.files import photos
from core.store.files.photos import Folder
from core.store.people import person
from core.store.promises import proofs
from core.store.staff import tickets
from tests.integration.crew import Rooms, text

PHONE, OTHER_PHONE = "5215550004711", "5215550008888"
NAME = "Rosalinda"
WORDS = ("hace un ruido de tractor", "mi gata Filomena", "el técnico era simpático")
BROWSER = "5e5510f0" * 8
SECRET = "a secret that only tests know"
PICTURE = b"\xff\xd8 not much of a photo"


def tell(rooms: Rooms, folder: Folder) -> int:
    """Have her report, ask, rate, send a photo, be told, and leave dead letters. Her contact's number."""
    for turn, said in enumerate([f"refrigerador 4045101 {WORDS[0]}", "sí", f"hola, {WORDS[1]}"]):
        hear(rooms, said, wamid=f"wamid.told.{turn}")
    hear(rooms, "hola, soy otro", wamid="wamid.other", sender=OTHER_PHONE, name="Bruno")
    rooms.send()
    _statuses(rooms)
    _ticket_and_survey(rooms)
    _photo(rooms, folder)
    _letters(rooms)
    return contact(rooms)


def hear(rooms: Rooms, said: str, *, wamid: str, sender: str = PHONE, name: str = NAME) -> None:
    rooms.hear(text(said, wamid=wamid, sender=sender), contacts=[{"wa_id": sender, "profile": {"name": name}}])
    rooms.work()


def contact(rooms: Rooms, phone: str = PHONE) -> int:
    with rooms.db.transaction() as tx:
        [row] = person.find(tx, phone)
    return int(row.id)


def conversation(rooms: Rooms, phone: str = PHONE) -> int:
    [row] = rooms.ask("select id from conversations where contact_id = %(contact)s", contact=contact(rooms, phone))
    return int(row.id)


def _statuses(rooms: Rooms) -> None:
    hers = "select external_id from outbox where external_id is not null and conversation_id = %(c)s"
    for sent in rooms.ask(hers, c=conversation(rooms)):
        rooms.hear(statuses=[_status(sent.external_id)])
    rooms.hear(statuses=[_status("wamid.of.nobody")])


def _status(wamid: str) -> dict[str, Any]:
    return {
        "id": wamid,
        "status": "delivered",
        "timestamp": "1790000000",
        "recipient_id": PHONE,
        "recipient_participant_id": PHONE,
    }


def _ticket_and_survey(rooms: Rooms) -> None:
    [ticket] = rooms.ask("select number, conversation_id from tickets")
    with rooms.db.transaction() as tx:
        tickets.ask_status(tx, ticket, "in_progress", by="ana", note=f"para {NAME}")
    rooms.work()
    rooms.ask(
        "insert into surveys (ticket, status, comment) values (%(t)s, 'completed', %(c)s)", t=ticket.number, c=WORDS[2]
    )
    rooms.ask("insert into survey_answers (ticket, question, rating) values (%(t)s, 1, 5)", t=ticket.number)


def _photo(rooms: Rooms, folder: Folder) -> None:
    own = conversation(rooms)
    rooms.ask(
        "insert into aliases (scope, kind, value, contact_id) values ('', 'web', %(v)s, %(c)s)",
        v=BROWSER,
        c=contact(rooms),
    )
    rooms.ask(
        "insert into web_sessions (secret_hash, channel_id, csrf_token) select %(v)s, id, 'x' from channels limit 1",
        v=BROWSER,
    )
    name = folder.put(PICTURE)
    with rooms.db.transaction() as tx:
        photos.add(
            tx, conversation_id=own, event_id=1, purpose="code", sha256=name, size=len(PICTURE),
            received_at=rooms.clock.now(),
        )  # fmt: skip
    rooms.ask(
        "insert into errands (conversation_id, event_id, service, what, key, state) values (%(c)s, 1, 'photo', 'code', '1', 'done')",
        c=own,
    )
    _promises(rooms, own)
    rooms.ask(
        "insert into desk_contacts (kind, value, desk_id, mapped_by) select 'wa_id', %(p)s, id, 'ana' from desks limit 1",
        p=PHONE,
    )
    with rooms.db.transaction() as tx:
        proofs.use(tx, "field-service", own, NAME, {"photo": NAME})
        own_store.keep(tx, [(own, OwnFile(f"a card for {NAME}".encode(), "image/png"))])


def _promises(rooms: Rooms, own: int) -> None:
    """A price that she was told, and what she booked."""
    rooms.ask(
        "with quoted as (insert into quotes (desk_id, conversation_id, key, number, resource, period, amount, currency,"
        " content, source, read_at, good_until) select id, %(c)s, 'q', 1, 'x', '[2027-01-01,2027-01-02)', 1, 'MXN',"
        " jsonb_build_object('for', %(n)s::text), 'book', now(), now() from desks limit 1 returning *) insert into bookings"
        " (desk_id, conversation_id, quote_id, key, resource, period, amount, currency, content, source, state) select"
        " desk_id, conversation_id, id, 'b', resource, period, amount, currency, content, source, 'booked' from quoted",
        c=own,
        n=NAME,
    )


def _letters(rooms: Rooms) -> None:
    """One in her conversation, and one that could not be read and so has none."""
    hear(rooms, "esto no", wamid="wamid.buried")
    rooms.ask("update inbox set state = 'buried', error = 'given up' where external_id = 'wamid.buried'")
    rooms.hear(
        {"id": "wamid.broken", "from": None, "profile": f"{NAME} {PHONE}", "timestamp": "1", "type": "text"},
        contacts=[],
    )
    rooms.ask(
        "insert into timers (conversation_id, name, due_at, set_at_version, content) values (%(c)s, 'late', now() + interval '1 day', 1, %(w)s::jsonb)",
        c=conversation(rooms),
        w=f'{{"w": "{WORDS[1]}"}}',
    )


def traces(url: str, *words: str) -> list[str]:
    """Every column of every table, whatever its type, where one of these words can be read."""
    found = []
    with psycopg.connect(url) as connection:
        columns = connection.execute(
            "select table_name, column_name from information_schema.columns"
            " where table_schema = 'public' and table_name <> 'alembic_version'"
            " and table_name in (select table_name from information_schema.tables where table_type = 'BASE TABLE')"
        ).fetchall()
        for table, column in columns:
            values = connection.execute(f'select "{column}"::text from "{table}" where "{column}" is not null')  # type: ignore[arg-type]
            for (value,) in values:
                found += [
                    f"{table}.{column}: {word}" for word in words if re.search(re.escape(word), _plain(value), re.I)
                ]
    return found


def _plain(value: str) -> str:
    """JSON as it came spells letters outside ASCII as \\u…."""
    return re.sub(r"\\u([0-9a-f]{4})", lambda escape: chr(int(escape[1], 16)), value)


def files(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*.jpg")]
