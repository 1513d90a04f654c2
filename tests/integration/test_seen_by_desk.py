"""What the console and the panels tell of the business of other desks: nothing."""

from __future__ import annotations

import pytest

from core.store.asking import console
from core.store.db import Database
from core.store.staff import accounts
from tests import businesses
from tests.integration.crew import DESK
from tests.integration.test_sign_in import ask

HERE = DESK["desks"][0]["id"]


@pytest.fixture
def house(db: Database) -> Database:
    with db.transaction() as tx:
        businesses.put(tx, DESK)
    ask(
        db,
        """insert into heartbeats (process, kind, host, pid, jobs, breakers) select 'p', 'workers', 'h', 1, '{}',
        jsonb_build_object('ai', 'closed', 'whatsapp:999', 'open')
        || (select jsonb_object_agg('whatsapp:' || address, 'closed') from channels where kind = 'whatsapp')""",
    )
    ask(
        db,
        """insert into happenings (at, kind, name, detail)
        select now(), 'breaker', b, '{}' from heartbeats, jsonb_object_keys(breakers) b""",
    )
    return db


@pytest.mark.parametrize(
    "view", [f"{schema}.{name}" for schema in ("report", "console") for name in ("breakers", "breaker_changes")]
)
@pytest.mark.parametrize(("seen", "found"), [("*", {"ai", "here", "999"}), (HERE, {"ai", "here"}), ("another", {"ai"})])
def test_the_breaker_of_a_number_is_seen_by_its_desk(house: Database, view: str, seen: str, found: set[str]) -> None:
    with house.transaction() as tx:
        tx._cursor.execute("select set_config('turno.desks', %s, true)", [seen])
        tx._cursor.execute(f"select distinct breaker from {view}")
        names = {row.breaker.removeprefix("whatsapp:") for row in tx._cursor.fetchall()}
    assert {name if name in ("ai", "999") else "here" for name in names} == found


@pytest.mark.parametrize(
    "view", [f"{schema}.{name}" for schema in ("report", "console") for name in ("breakers", "breaker_changes")]
)
@pytest.mark.parametrize(
    ("seen", "found"), [("*", {"own", "shared", "mail"}), (HERE, {"own", "shared"}), ("another", set())]
)
def test_breakers_of_services_mailboxes_and_shared_numbers_are_their_desks(
    house: Database, view: str, seen: str, found: set[str]
) -> None:
    names = {f"service:{HERE}:house": "own", "whatsapp:555": "shared", "email:help@other.example": "mail"}
    with house.transaction() as tx:
        tx._cursor.execute(
            "insert into channels (kind, address, desk_id) values ('whatsapp', %s, %s)", [f"555/{HERE}", HERE]
        )
        for name in names:
            tx._cursor.execute(
                "update heartbeats set breakers = breakers || jsonb_build_object(%s::text, 'open')", [name]
            )
            tx._cursor.execute(
                "insert into happenings (at, kind, name, detail) values (now(), 'breaker', %s, '{}')", [name]
            )
        tx._cursor.execute("select set_config('turno.desks', %s, true)", [seen])
        tx._cursor.execute(f"select distinct breaker from {view}")
        assert {names[row.breaker] for row in tx._cursor.fetchall() if row.breaker in names} == found


def test_a_shared_query_is_for_those_who_see_all_desks_of_its_owner(db: Database) -> None:
    with db.transaction() as tx:
        ids = [
            accounts.create(tx, email=f"{n}@turno.example", name=n, role="analyst", desks=of)
            for n, of in (("all", None), ("both", ["hotel", "field"]), ("hotel", ["hotel"]), ("field", ["field"]))
        ]
        for id in ids:
            assert id is not None
            console.save(tx, id, name=f"of {id}", sql="select 1", shared=True)
        seen = [{row.name for row in console.saved(tx, id or 0)} for id in ids]
        opened = [[console.saved_one(tx, viewer or 0, row) is not None for row in (1, 2, 3, 4)] for viewer in ids]
    names = [f"of {id}" for id in ids]
    assert seen == [{*names}, {*names[1:]}, {names[2]}, {names[3]}]
    assert opened == [[name in each for name in names] for each in seen]
