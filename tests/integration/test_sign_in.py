"""Signing in and out: who may, how often one may try, and how long it lasts."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import gevent
import pytest

from core import passwords
from core.store.db import Database
from core.store.staff import accounts, sign_ins
from core.store.staff.sign_ins import Tries
from dashboard.signing_in import hashing
from tests.integration.staff import PASSWORD, Visitor, account, signed_in, web


def ask(db: Database, query: str, *values: object) -> list[tuple[object, ...]]:
    with db.transaction() as tx:
        tx._cursor.execute(query, values)
        return tx._cursor.fetchall() if tx._cursor.description else []


def test_the_right_password_opens_whatever_the_case_of_the_address(db: Database) -> None:
    account(db)
    visitor = Visitor(web(db))
    assert "Ana Prado" in visitor.sign_in("  ANA@turno.example ").text
    assert ask(db, "select who, did from audit") == [("ana@turno.example", "signed in")]


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("ana@turno.example", "another password"),
        ("ana@turno.example", ""),
        ("ana@turno.example", PASSWORD + " "),
        ("nobody@turno.example", PASSWORD),
        ("", ""),
        ("ana@turno.example", PASSWORD + "x" * 10_000),
    ],
)
def test_the_answer_does_not_tell_whether_there_is_an_account(db: Database, email: str, password: str) -> None:
    account(db)
    answer = Visitor(web(db)).sign_in(email, password)
    assert answer.status_code == 401
    assert "The e-mail address or the password is not right." in answer.text


def test_an_unknown_account_costs_a_hash_as_a_known_one_does(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    account(db)
    checked: list[str] = []
    verify = passwords._hasher.verify

    def counted(kept: str, password: str) -> bool:
        checked.append(kept[:20])
        return verify(kept, password)

    monkeypatch.setattr(passwords, "_hasher", type("Counting", (), {"verify": staticmethod(counted)}))
    visitor = Visitor(web(db))
    for email in ("ana@turno.example", "nobody@turno.example"):
        visitor.sign_in(email, "another password")
    assert len(checked) == 2 and checked[0] == checked[1], "with the same parameters"
    assert ask(db, "select count(*) from audit where did = 'sign-in refused'") == [(2,)]


def test_who_is_disabled_or_only_invited_does_not_get_in(db: Database) -> None:
    disabled = account(db)
    with db.transaction() as tx:
        accounts.set_disabled(tx, disabled, True)
        accounts.create(tx, email="new@turno.example", name="New", role="viewer", desks=None)
    visitor = Visitor(web(db))
    assert visitor.sign_in().status_code == 401
    assert visitor.sign_in("new@turno.example", "").status_code == 401


def test_who_is_disabled_while_inside_is_out_at_once(db: Database) -> None:
    visitor = signed_in(db)
    ask(db, "update staff set disabled_at = now()")
    assert "Sign in" in visitor.get("/admin/").text


def test_signing_out_ends_the_session_for_whoever_has_its_key(db: Database) -> None:
    visitor = signed_in(db)
    key = visitor.client.get_cookie("turno")
    assert key
    assert "You are signed out" in visitor.post("/admin/sign-out", on="/admin/").text
    visitor.client.set_cookie("turno", key.value)
    assert "Sign in" in visitor.get("/admin/").text


def test_a_key_from_before_signing_in_opens_nothing_after_it(db: Database) -> None:
    account(db)
    visitor = Visitor(web(db))
    visitor.client.set_cookie("turno", "planted")
    visitor.sign_in()
    key = visitor.client.get_cookie("turno")
    assert key and key.value != "planted"
    other = Visitor(web(db))
    other.client.set_cookie("turno", "planted")
    assert "Sign in" in other.get("/admin/").text


def test_what_the_database_keeps_of_a_session_does_not_open_it(db: Database) -> None:
    signed_in(db)
    [(kept,)] = ask(db, "select token_hash from staff_sessions")
    other = Visitor(web(db))
    other.client.set_cookie("turno", str(kept))
    assert "Sign in" in other.get("/admin/").text


@pytest.mark.parametrize("column", ["seen_at", "created_at"])
def test_a_session_ends_when_it_was_idle_too_long_and_when_it_is_too_old(db: Database, column: str) -> None:
    visitor = signed_in(db, staff_idle_s=100, staff_session_s=1000)
    limit = 100 if column == "seen_at" else 1000
    ask(db, f"update staff_sessions set {column} = now() - make_interval(secs => {limit - 20})")
    assert "Sign out" in visitor.get("/admin/").text
    ask(db, f"update staff_sessions set {column} = now() - make_interval(secs => {limit + 1})")
    assert "Sign in" in visitor.get("/admin/").text


def test_looking_keeps_a_session_alive_and_a_page_that_renews_itself_does_not(db: Database) -> None:
    visitor = signed_in(db, staff_idle_s=100)
    for headers, kept in (({"X-Turno-Quiet": "1"}, False), ({}, True)):
        ask(db, "update staff_sessions set seen_at = now() - interval '50 seconds'")
        visitor.get("/admin/", **headers)
        assert ask(db, "select seen_at > now() - interval '40 seconds' from staff_sessions") == [(kept,)]


def test_sessions_that_open_nothing_any_more_are_forgotten_at_the_next_sign_in(db: Database) -> None:
    visitor = signed_in(db)
    ask(db, "update staff_sessions set seen_at = now() - interval '1 year'")
    visitor.sign_in("admin@turno.example")
    assert ask(db, "select count(*) from staff_sessions") == [(1,)]


def test_a_password_kept_with_weaker_parameters_is_kept_anew(db: Database) -> None:
    from argon2 import PasswordHasher

    weak = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    id = account(db)
    ask(db, "update staff set password_hash = %s", weak)
    Visitor(web(db)).sign_in()
    [(kept,)] = ask(db, "select password_hash from staff where id = %s", id)
    assert kept != weak and hashing.matches(str(kept), PASSWORD)


# --- how often --------------------------------------------------------------------------------------------------------


def test_too_many_tries_are_told_to_wait_and_the_right_password_then_too(db: Database) -> None:
    account(db)
    visitor = Visitor(web(db, sign_in_tries=3))
    for _ in range(3):
        assert visitor.sign_in(password="another password").status_code == 401
    answer = visitor.sign_in()
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert re.search(r"Wait \d+ seconds", answer.text)
    ask(db, "update sign_in_tries set paid_until = paid_until - interval '61 seconds'")
    assert visitor.sign_in().status_code == 200


SEALED = {"whatsapp_app_secret": "a secret to sign with"}


def guess(visitor: Visitor, times: int, address: str, email: str = "ana@turno.example") -> list[int]:
    """Wrong passwords from this address."""
    visitor.client.environ_base["REMOTE_ADDR"] = address
    return [visitor.sign_in(email, "a guess").status_code for _ in range(times)]


def test_who_guesses_elsewhere_locks_nobody_out(db: Database) -> None:
    account(db)
    app = web(db, sign_in_tries=3)
    assert guess(Visitor(app), 4, "192.0.2.9") == [401, 401, 401, 429]
    assert Visitor(app).sign_in().status_code == 200


def test_a_browser_that_was_inside_has_tries_of_its_own_whoever_guesses_beside_it(db: Database) -> None:
    account(db)
    app = web(db, sign_in_tries=3, sign_in_address_tries=4, **SEALED)
    mine = Visitor(app)
    mine.sign_in()
    mine.post("/admin/sign-out", on="/admin/")
    guess(Visitor(app), 6, "127.0.0.1")
    assert Visitor(app).sign_in().status_code == 429, "an unknown browser at this address waits"
    assert mine.sign_in().status_code == 200
    mine.post("/admin/sign-out", on="/admin/")
    assert guess(mine, 4, "127.0.0.1") == [401, 401, 401, 429], "and it may not guess for ever either"


@pytest.mark.parametrize("value", ["", ".", "x.y", "known." + "0" * 64, "ñ.ñ"])
def test_a_cookie_that_we_did_not_sign_makes_no_browser_known(db: Database, value: str) -> None:
    account(db)
    app = web(db, sign_in_tries=1, **SEALED)
    guess(Visitor(app), 2, "127.0.0.1")
    visitor = Visitor(app)
    visitor.client.set_cookie("turno-known", value)
    assert visitor.sign_in().status_code == 429


def test_the_cookie_of_one_account_makes_no_browser_known_to_another(db: Database) -> None:
    account(db)
    account(db, "eva@turno.example")
    app = web(db, sign_in_tries=1, **SEALED)
    visitor = Visitor(app)
    visitor.sign_in("eva@turno.example")
    visitor.post("/admin/sign-out", on="/admin/")
    assert guess(visitor, 2, "127.0.0.1") == [401, 429]


def test_waits_grow_and_end(db: Database) -> None:
    tries, waits = Tries("account", 2, 60), []
    for _ in range(8):
        ask(db, "update sign_in_tries set paid_until = least(paid_until, now())")
        assert sign_ins.pay_for_try(db, tries, "ana", "here") == 0
        [(wait,)] = ask(db, "select round(extract(epoch from paid_until - now())) from sign_in_tries")
        waits.append(int(str(wait)))
    assert [max(0, wait) for wait in waits] == [0, 5, 10, 20, 40, 60, 60, 60]
    ask(db, "update sign_in_tries set paid_until = now() - interval '61 minutes'")
    assert sign_ins.pay_for_try(db, tries, "ana", "here") == 0
    assert ask(db, "select tries from sign_in_tries") == [(1,)]


def test_one_ipv6_customer_is_one_address(db: Database) -> None:
    account(db)
    app = web(db, sign_in_address_tries=3)
    codes = [guess(Visitor(app), 1, f"2001:db8:1:2::{n:x}", f"{n}@turno.example")[0] for n in range(4)]
    assert codes == [401, 401, 401, 429]
    assert guess(Visitor(app), 1, "2001:db8:1:3::1", "9@turno.example") == [401]


def test_refused_tries_are_traced_and_told_at_the_next_sign_in(db: Database) -> None:
    account(db)
    app = web(db)
    guess(Visitor(app), 5, "192.0.2.9")
    assert ask(db, "select distinct why from audit") == [("password, from 192.0.2.9",)]
    page = Visitor(app).sign_in().text
    assert "was refused 5 times" in page and "192.0.2.9" in page
    visitor = Visitor(app)
    assert "was refused" not in visitor.sign_in().text


def test_hashing_has_a_short_queue_and_who_comes_after_it_is_sent_away_at_once(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    account(db)
    visitor, gate = Visitor(web(db)), Event()
    visitor.get("/admin/sign-in")
    monkeypatch.setattr(passwords, "matches", lambda *_: gate.wait(30))
    hashing._threads.cache_clear()  # gevent queues only for the thread that made the pool: another test's may have
    waiting = [gevent.spawn(hashing.matches, None, "a guess") for _ in range(hashing.MOST)]
    gevent.sleep(0)
    with pytest.raises(hashing.Busy):
        hashing.check_room()
    refused = visitor.post("/admin/sign-in", email="ana@turno.example", password=PASSWORD)
    gate.set()
    gevent.joinall(waiting, raise_error=True)
    assert refused.status_code == 503 and int(refused.headers["Retry-After"]) > 0
    assert "Too many sign in" in refused.text
    assert ask(db, "select count(*) from sign_in_tries") == [(0,)], "what could not be answered is no try"
    assert visitor.sign_in().status_code == 200


def test_an_account_that_does_not_exist_is_told_to_wait_all_the_same(db: Database) -> None:
    visitor = Visitor(web(db, sign_in_tries=2))
    codes = [visitor.sign_in("nobody@turno.example").status_code for _ in range(3)]
    assert codes == [401, 401, 429]


def test_an_address_that_tries_many_accounts_is_told_to_wait(db: Database) -> None:
    visitor = Visitor(web(db, sign_in_address_tries=3))
    codes = [visitor.sign_in(f"{n}@turno.example").status_code for n in range(4)]
    assert codes == [401, 401, 401, 429]


def test_behind_a_proxy_the_address_is_the_one_it_saw_and_nobody_chooses_their_own(db: Database) -> None:
    visitor = Visitor(web(db, sign_in_address_tries=1, proxies=1))
    csrf = re.search(r'csrf" value="(\w+)', visitor.get("/admin/sign-in").text)
    assert csrf

    def attempt(n: int, seen: str) -> int:
        fields = {"csrf": csrf[1], "email": f"{n}@turno.example", "password": "x"}
        return visitor.send("/admin/sign-in", fields, **{"X-Forwarded-For": f"10.0.0.{n}, {seen}"}).status_code

    assert [attempt(1, "192.0.2.1"), attempt(2, "192.0.2.1"), attempt(3, "192.0.2.2")] == [401, 429, 401]


def test_signing_in_forgives_the_tries_of_the_account(db: Database) -> None:
    account(db)
    visitor = Visitor(web(db, sign_in_tries=3))
    for _ in range(2):
        visitor.sign_in(password="another password")
        visitor.sign_in(password="another password")
        assert visitor.sign_in().status_code == 200
        visitor.post("/admin/sign-out", on="/admin/")


def test_all_processes_together_allow_exactly_as_many_tries_as_one(db: Database) -> None:
    tries = Tries("account", 5, 3600)
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _: sign_ins.pay_for_try(db, tries, "ana"), range(40)))
    assert sum(1 for wait in waits if wait == 0) == 5
    assert all(0 < wait <= 3600 for wait in waits if wait)
