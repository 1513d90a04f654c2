"""The audit: only added to, one chain whoever writes at once, and every change of it is seen."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import psycopg
import pytest

from core.store.db import Database
from core.store.staff import audit, audit_seal
from core.store.staff.audit import Chain, Filter


def write(db: Database, *subjects: str) -> None:
    for subject in subjects:
        with db.transaction() as tx:
            audit.note(tx, who="ana@turno.example", did="looked", subject=subject, why="ñ, 1:x", desk="hotel")


def verified(db: Database, seen: str | None = None) -> Chain:
    with db.transaction() as tx:
        return audit.verify(tx, seen=seen)


def meddle(db: Database, statement: str) -> None:
    """What somebody does who owns the database, and has no shame."""
    with db.transaction() as tx:
        tx._cursor.execute("alter table audit disable trigger audit_kept")
        tx._cursor.execute(statement.encode())
        tx._cursor.execute("alter table audit enable always trigger audit_kept")


def test_an_empty_audit_is_whole(db: Database) -> None:
    assert verified(db) == Chain(0, "00" * 32)


def test_rows_are_chained_in_order_and_the_chain_is_whole(db: Database) -> None:
    write(db, *(f"thing:{n}" for n in range(7)))
    chain = verified(db)
    assert (chain.rows, chain.whole) == (7, True)
    with db.transaction() as tx:
        assert [row.id for row in audit.page(tx, Filter(), before=None, most=99)] == [7, 6, 5, 4, 3, 2, 1]


def test_a_walk_of_many_pieces_counts_every_row(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "PIECE", 3)
    write(db, *"abcdefgh")
    assert verified(db).rows == 8


def test_many_who_write_at_once_make_one_chain(db: Database) -> None:
    def many(name: int) -> None:
        for n in range(10):
            write(db, f"{name}:{n}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(many, range(8)))
    chain = verified(db)
    assert (chain.rows, chain.whole) == (80, True)


def test_what_is_taken_back_leaves_no_gap(db: Database) -> None:
    write(db, "a")
    with pytest.raises(RuntimeError), db.transaction() as tx:
        audit.note(tx, who="ana", did="looked", subject="b")
        raise RuntimeError
    write(db, "c")
    assert verified(db).whole


@pytest.mark.parametrize(
    "statement",
    [
        "update audit set who = 'somebody else' where id = 2",
        "delete from audit where id = 2",
        "delete from audit",
        "truncate audit",
    ],
)
def test_what_is_written_stays(db: Database, statement: str) -> None:
    write(db, "a", "b", "c")
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="only ever added to"), db.transaction() as tx:
        tx._cursor.execute(statement.encode())
    assert verified(db).rows == 3


def test_place_time_and_hash_are_not_the_writers_to_choose(db: Database) -> None:
    write(db, "a")
    with db.transaction() as tx:
        tx._cursor.execute(
            "insert into audit (id, at, who, did, subject, previous, hash)"
            " values (99, '2001-01-01', 'x', 'y', 'z', '\\x00', '\\x00')"
        )
        tx._cursor.execute("select id, at > now() - interval '1 hour' as fresh from audit where who = 'x'")
        assert tx._cursor.fetchall() == [(2, True)]
    assert verified(db).whole


@pytest.mark.parametrize(
    ("statement", "broken_at", "why"),
    [
        ("update audit set who = 'somebody else' where id = 3", 3, "changed"),
        ("update audit set at = at + interval '1 second' where id = 3", 3, "changed"),
        ("update audit set why = 'n', subject = subject || 'x' where id = 1", 1, "changed"),
        ("update audit set hash = sha256('x') where id = 5", 5, "changed"),
        ("update audit set previous = sha256('x') where id = 4", 4, "not chained"),
        ("delete from audit where id = 3", 4, "1 rows before it are missing"),
        ("delete from audit where id < 4", 4, "3 rows before it are missing"),
        ("update audit set id = -id where id in (2, 3)", 4, "2 rows before it are missing"),
        ("update audit set hash = audit_hash(previous, audit) where id = 3", None, ""),
    ],
)
def test_the_walk_names_the_place_where_somebody_meddled(
    db: Database, statement: str, broken_at: int | None, why: str
) -> None:
    write(db, *"abcde")
    meddle(db, statement)
    chain = verified(db)
    assert chain.broken_at == broken_at
    assert why in chain.why


def test_a_row_changed_with_a_hash_that_fits_it_breaks_the_link_after_it(db: Database) -> None:
    write(db, *"abc")
    meddle(db, "update audit set who = 'x' where id = 2")
    meddle(db, "update audit a set hash = audit_hash(previous, a) where id = 2")
    assert verified(db) == Chain(2, verified(db).head, broken_at=3, why="it is not chained to the row before it")


def test_rows_taken_away_from_the_end_are_missed_by_who_noted_the_last_link(db: Database) -> None:
    write(db, *"abc")
    head = verified(db).head
    write(db, "d")
    assert verified(db, head).whole
    meddle(db, "delete from audit where id >= 3")
    assert verified(db).whole
    assert not verified(db, head).whole


def test_whoever_reads_a_reason_reads_what_was_written_and_not_too_much_of_it(db: Database) -> None:
    with db.transaction() as tx:
        audit.note(tx, who="ana", did="looked", subject="x" * 900, why="y" * 900)
    with db.transaction() as tx:
        [row] = audit.page(tx, Filter(), before=None, most=9)
    assert (len(row.subject), len(row.why), row.desk) == (500, 500, "")


def test_a_row_from_before_the_process_was_told_keeps_its_hash(db: Database) -> None:
    with db.transaction() as tx:
        tx._cursor.execute("set local application_name = ''")
        audit.note(tx, who="ana", did="looked", subject="thing:1")
    with db.transaction() as tx:
        [row] = tx.rows("audit.after", id=0, most=1)
    fields = [str(row.id), row.at, row.who, row.did, row.subject, row.why, row.desk]
    told = "".join(f"{len(field.encode())}:{field}," for field in fields)
    assert row.via == "" and row.hash == sha256(bytes(32) + told.encode()).digest()
    write(db, "thing:2")
    assert verified(db).whole


def test_the_process_is_the_databases_to_tell_and_part_of_the_hash(db: Database) -> None:
    write(db, "thing:1")
    with db.transaction() as tx:
        tx._cursor.execute("insert into audit (who, did, subject, via) values ('ana', 'looked', 'thing:2', 'shell')")
        tx._cursor.execute("select distinct via from audit")
        assert tx._cursor.fetchall() == [("turno",)]
    meddle(db, "update audit set via = 'window' where id = 2")
    assert verified(db).broken_at == 2


KEY, OTHER = "a secret that is not in the database", "another one"


def sealed(db: Database, key: str = KEY) -> int:
    with db.transaction() as tx:
        return audit_seal.seal(tx, key)


def judged(db: Database, *keys: str) -> Chain:
    with db.transaction() as tx:
        return audit.verify(tx, keys=keys)


def test_a_seal_stands_for_the_rows_before_it_and_is_added_only_after_new_ones(db: Database) -> None:
    assert sealed(db) == 0, "nothing is there"
    write(db, "thing:1", "thing:2")
    assert [sealed(db), sealed(db), sealed(db, "")] == [1, 0, 0]
    write(db, "thing:3")
    found = judged(db, KEY)
    assert found.whole and (found.rows, found.sealed) == (4, 2)
    assert judged(db).whole and judged(db).sealed == 0, "without the key nothing is known of seals"
    assert judged(db, OTHER).whole and judged(db, OTHER).sealed == 0, "nor with another one"


def test_who_counts_the_whole_chain_anew_cannot_make_its_seals(db: Database) -> None:
    write(db, "thing:1", "thing:2")
    sealed(db)
    write(db, "thing:3")
    recount = """do $$ declare r audit; h bytea := decode(repeat('00', 32), 'hex'); begin
        for r in select * from audit order by id loop
            update audit set previous = h, hash = audit_hash(h, r) where id = r.id returning hash into h;
        end loop; end $$"""
    meddle(db, f"update audit set who = 'eva' where id = 1; {recount}")
    assert judged(db).whole, "the chain alone does not tell"
    found = judged(db, KEY)
    assert (found.broken_at, found.why, found.sealed) == (3, "its seal is false", 0)
