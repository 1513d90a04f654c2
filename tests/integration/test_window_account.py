"""My account: password, second factor, and the places I am signed in at."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from core.store.db import Database
from dashboard.signing_in.second_factor import step_of
from tests.integration.crew import TestClock
from tests.integration.staff import PASSWORD, Visitor, account, signed_in, web
from tests.integration.test_sign_in import ask

ME = "admin@turno.example"
NEW = "a donkey and a stapler"


def change(visitor: Visitor, **fields: str) -> str:
    fields = {"current": PASSWORD, "password": NEW, "again": NEW, **fields}
    return visitor.post("/admin/account/password", on="/admin/account", **fields).text


def test_a_changed_password_signs_out_everywhere_else(db: Database) -> None:
    here, there = signed_in(db), Visitor(web(db))
    there.sign_in(ME)
    assert "Your password is changed" in change(here)
    assert "Sign in" in there.get("/admin/").text
    assert there.sign_in(ME).status_code == 401
    assert there.sign_in(ME, NEW).status_code == 200


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"current": "not mine at all"}, "password is not right"),
        ({"again": PASSWORD}, "not the same"),
        ({"password": "short", "again": "short"}, "12 to 200"),
    ],
)
def test_a_password_is_not_changed_when_something_is_wrong(db: Database, fields: dict[str, str], why: str) -> None:
    visitor = signed_in(db)
    assert why in change(visitor, **fields)
    assert Visitor(web(db)).sign_in(ME).status_code == 200


def test_an_unwatched_screen_does_not_let_anybody_guess_the_password(db: Database) -> None:
    visitor = signed_in(db, sign_in_tries=2)
    for _ in range(2):
        change(visitor, current="not mine at all")
    assert "Too many tries" in change(visitor)


def test_a_place_is_signed_out_from_another_and_nobody_elses(db: Database) -> None:
    here, there, other = signed_in(db), Visitor(web(db)), signed_in(db, "viewer")
    there.client.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0"
    there.sign_in(ME)
    page = here.get("/admin/account").text
    assert "Firefox on Linux" in page
    places = re.findall(r"/admin/account/sessions/(\d+)/end", page)
    assert len(places) == 1, "not the place we are at"
    assert other.post(f"/admin/account/sessions/{places[0]}/end", on="/admin/account").status_code == 404
    assert "signed out" in here.post(f"/admin/account/sessions/{places[0]}/end", on="/admin/account").text
    assert "Sign in" in there.get("/admin/").text


def test_all_other_places_are_signed_out_at_once(db: Database) -> None:
    here, others = signed_in(db), [Visitor(web(db)) for _ in range(3)]
    for other in others:
        other.sign_in(ME)
    here.post("/admin/account/sessions/end", on="/admin/account")
    assert all("Sign in" in other.get("/admin/").text for other in others)
    assert "Sign out" in here.get("/admin/").text


# --- the second factor ------------------------------------------------------------------------------------------------


def test_a_code_is_good_for_its_half_minute_and_the_ones_beside_it() -> None:
    secret, now = pyotp.random_base32(), datetime(2026, 7, 28, 12, 0, 15, tzinfo=UTC)
    code = pyotp.TOTP(secret).at(now)
    step = int(now.timestamp()) // 30
    for seconds, found in ((0, step), (30, step), (-30, step), (60, None), (-60, None)):
        assert step_of(secret, code, now + timedelta(seconds=seconds)) == found
    assert step_of(secret, f" {code[:3]} {code[3:]} ", now) == step
    for wrong in ("", "000000", "ñ", code[:5], code + "0"):
        assert step_of(secret, wrong, now) in ((step,) if wrong == code else (None,))


CLOCK = TestClock(datetime(2026, 7, 28, 12, 0, 15, tzinfo=UTC))


def browser(db: Database, **settings: object) -> Visitor:
    """A browser that stands still in time, as far as codes go."""
    return Visitor(web(db, clock=CLOCK, **settings))


def inside(db: Database) -> Visitor:
    return signed_in(db, clock=CLOCK)


def code_of(secret: str) -> str:
    return pyotp.TOTP(secret).at(CLOCK.now())


def set_up(visitor: Visitor) -> str:
    """Turn the second factor on; its secret."""
    page = visitor.post("/admin/account/second-factor/new", on="/admin/account", current=PASSWORD).text
    found = re.search(r"<code>(\w+)</code>", page)
    assert found and 'src="data:image/svg+xml' in page
    before = pyotp.TOTP(found[1]).at(CLOCK.now() - timedelta(seconds=30))  # leaves the code of now unspent
    answer = visitor.post("/admin/account/second-factor", code=before)
    assert "asks for a code" in answer.text
    return found[1]


def test_with_a_second_factor_the_password_alone_opens_nothing(db: Database) -> None:
    secret = set_up(inside(db))
    visitor = browser(db)
    assert "six digits" in visitor.sign_in(ME, next="/admin/account").text
    assert "Sign in" in visitor.get("/admin/").text
    assert "Sign in" in visitor.get("/admin/people").text
    visitor.get("/admin/sign-in/code?next=/admin/account")
    fields = {"code": code_of(secret), "next": "/admin/account"}
    assert visitor.post("/admin/sign-in/code", **fields).request.path == "/admin/account"


def test_what_was_written_is_carried_past_the_second_factor(db: Database) -> None:
    secret = set_up(inside(db))
    visitor = browser(db)
    visitor.sign_in(ME, next="/admin/account", written="una nota larga")
    assert (
        'name="written" value="una nota larga"'
        in visitor.post("/admin/sign-in/code", code="1", written="una nota larga").text
    )
    page = visitor.post(
        "/admin/sign-in/code", code=code_of(secret), next="/admin/account", written="una nota larga"
    ).text
    assert "una nota larga</textarea>" in page and 'href="/admin/account"' in page
    assert "Sign out" in visitor.get("/admin/account").text


SEALS = {"whatsapp_app_secret": "an app secret", "staff_secret": "a secret of staff"}


def kept(db: Database) -> str:
    return str(ask(db, "select totp_secret from staff")[0][0])


def code_opens(db: Database, secret: str, **settings: str) -> bool:
    """The next code of this secret opens, where these secrets are in the environment."""
    ask(db, "update staff set totp_step = 0")
    visitor = browser(db, **settings)
    visitor.sign_in(ME)
    return visitor.post("/admin/sign-in/code", code=code_of(secret)).status_code == 200


def test_who_takes_the_database_away_makes_no_codes(db: Database) -> None:
    secret = set_up(signed_in(db, clock=CLOCK, **SEALS))
    assert secret not in kept(db) and kept(db).startswith("sealed:")
    assert code_opens(db, secret, **SEALS)
    assert not code_opens(db, secret, **{name: f"another {value}" for name, value in SEALS.items()})


def test_a_second_factor_from_before_there_were_seals_opens_and_is_sealed_then(db: Database) -> None:
    secret = set_up(inside(db))
    assert kept(db) == secret, "without any secret in the environment it lies there as it is"
    assert code_opens(db, secret, whatsapp_app_secret="an app secret")
    assert kept(db).startswith("sealed:")


def test_a_second_factor_sealed_with_the_app_secret_is_sealed_anew_with_the_staff_secret(db: Database) -> None:
    secret = set_up(signed_in(db, clock=CLOCK, whatsapp_app_secret="an app secret"))
    assert code_opens(db, secret, **SEALS)
    assert code_opens(db, secret, staff_secret=SEALS["staff_secret"], whatsapp_app_secret="changed since")


def test_the_seal_of_one_account_opens_no_other(db: Database) -> None:
    mine = set_up(signed_in(db, clock=CLOCK, **SEALS))
    account(db, "eva@turno.example")
    ask(db, "update staff set totp_secret = (select totp_secret from staff where email = 'admin@turno.example')")
    visitor = browser(db, **SEALS)
    visitor.sign_in("eva@turno.example")
    assert visitor.post("/admin/sign-in/code", code=code_of(mine)).status_code == 401


def test_a_code_opens_once(db: Database) -> None:
    secret = set_up(inside(db))
    code = code_of(secret)
    answers = []
    for _ in range(2):
        visitor = browser(db)
        visitor.sign_in(ME)
        answers.append(visitor.post("/admin/sign-in/code", code=code).status_code)
    assert answers == [200, 401]


def test_codes_cannot_be_guessed(db: Database) -> None:
    secret = set_up(inside(db))
    visitor = browser(db, sign_in_tries=2)
    visitor.sign_in(ME)
    codes = [visitor.post("/admin/sign-in/code", code="abcdef").status_code for _ in range(2)]
    codes.append(visitor.post("/admin/sign-in/code", code=code_of(secret)).status_code)
    assert codes == [401, 401, 429]


def test_the_code_has_five_minutes(db: Database) -> None:
    secret = set_up(inside(db))
    visitor = browser(db)
    visitor.sign_in(ME)
    ask(db, "update staff_sessions set created_at = created_at - interval '6 minutes' where not complete")
    answer = visitor.post("/admin/sign-in/code", code=code_of(secret))
    assert (answer.request.path, answer.status_code) == ("/admin/sign-in", 200)


def test_the_page_of_the_code_is_for_who_gave_the_password(db: Database) -> None:
    assert browser(db).get("/admin/sign-in/code").request.path == "/admin/sign-in"


def test_a_wrong_code_turns_nothing_on(db: Database) -> None:
    visitor = inside(db)
    visitor.post("/admin/account/second-factor/new", on="/admin/account", current=PASSWORD)
    for code in ("123", "", "ñandú"):
        assert visitor.post("/admin/account/second-factor", code=code).status_code == 400
    assert ask(db, "select totp_secret from staff") == [(None,)]


def test_the_second_factor_is_set_and_removed_only_with_the_password(db: Database) -> None:
    visitor = inside(db)
    refused = visitor.post("/admin/account/second-factor/new", on="/admin/account", current="not mine at all").text
    assert "password is not right" in refused and "data:image" not in refused
    secret = set_up(visitor)
    remove = "/admin/account/second-factor/remove"
    for shown in (
        {"current": "not mine at all", "code": code_of(secret)},
        {"current": PASSWORD},
        {"current": PASSWORD, "code": "123"},
    ):
        visitor.post(remove, on="/admin/account", **shown)
        assert ask(db, "select count(totp_secret) from staff") == [(1,)]
    visitor.post(remove, on="/admin/account", current=PASSWORD, code=code_of(secret))
    assert ask(db, "select count(totp_secret) from staff") == [(0,)]


def test_a_secret_from_the_browser_is_no_second_factor(db: Database) -> None:
    visitor, mine = inside(db), pyotp.random_base32()
    visitor.post("/admin/account/second-factor", on="/admin/account", secret=mine, code=code_of(mine))
    assert ask(db, "select totp_secret from staff") == [(None,)], "without the password nothing was begun"
    visitor.post("/admin/account/second-factor/new", on="/admin/account", current=PASSWORD)
    assert visitor.post("/admin/account/second-factor", secret=mine, code=code_of(mine)).status_code == 400
    assert ask(db, "select totp_secret from staff") == [(None,)]


def test_a_secret_that_was_begun_waits_ten_minutes_in_its_session_and_sealed(db: Database) -> None:
    visitor = signed_in(db, clock=CLOCK, **SEALS)
    page = visitor.post("/admin/account/second-factor/new", on="/admin/account", current=PASSWORD).text
    found = re.search(r"<code>(\w+)</code>", page)
    assert found
    [(begun, waits)] = ask(db, "select totp_secret, totp_until - now() > interval '9 minutes' from staff_sessions")
    assert str(begun).startswith("sealed:") and waits
    ask(db, "update staff_sessions set totp_until = totp_until - interval '11 minutes'")
    late = visitor.post("/admin/account/second-factor", on="/admin/account", code=code_of(found[1]))
    assert "Begin again" in late.text and ask(db, "select totp_secret from staff") == [(None,)]


def test_a_second_factor_is_replaced_only_with_its_own_code(db: Database) -> None:
    visitor = inside(db)
    old = set_up(visitor)
    new = "/admin/account/second-factor/new"
    refused = visitor.post(new, on="/admin/account", current=PASSWORD).text
    assert "code is not right" in refused and "data:image" not in refused
    page = visitor.post(new, on="/admin/account", current=PASSWORD, code=code_of(old)).text
    found = re.search(r"<code>(\w+)</code>", page)
    assert found and found[1] != old
    visitor.post("/admin/account/second-factor", code=code_of(found[1]))
    assert kept(db) == found[1]


def test_a_new_second_factor_ends_the_other_sessions_and_the_next_sign_in_tells_of_it(db: Database) -> None:
    here, there = inside(db), browser(db)
    there.sign_in(ME)
    secret = set_up(here)
    assert "Sign in" in there.get("/admin/").text and "Sign out" in here.get("/admin/").text
    there.sign_in(ME)
    told = "Your second factor was set at 2026-07-28 12:00 UTC"
    assert told in there.post("/admin/sign-in/code", code=code_of(secret)).text
    assert told not in there.get("/admin/").text


def test_tries_from_outside_do_not_use_up_those_of_who_is_inside(db: Database) -> None:
    visitor, other = signed_in(db, sign_in_tries=2), Visitor(web(db, sign_in_tries=2))
    for _ in range(3):
        other.sign_in(ME, "a guess")
    assert "Your password is changed" in change(visitor)


def test_choosing_a_password_by_link_does_not_go_round_the_second_factor(db: Database) -> None:
    admin = inside(db)
    set_up(admin)
    page = admin.post("/admin/people/1/link", on="/admin/people/1").text
    link = re.search(r"(/admin/welcome/[\w-]+)", page)
    assert link
    visitor = browser(db)
    assert visitor.post(link[1], on=link[1], name="Ana", password=NEW, again=NEW).request.path == "/admin/sign-in"
    assert "six digits" in visitor.sign_in(ME, NEW).text
