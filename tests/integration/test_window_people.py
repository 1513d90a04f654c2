"""People in the window: who is let in by whom, as what; links that open once; the last admin stays."""

from __future__ import annotations

import re

import pytest

from core.store.db import Database
from tests import businesses
from tests.integration.crew import DESK
from tests.integration.staff import PASSWORD, Visitor, account, signed_in, web
from tests.integration.test_sign_in import ask

LINK = re.compile(r"http://127\.0\.0\.1:8000(/admin/welcome/[\w-]{43})")
EVA = {"email": "Eva@turno.example", "name": "Eva <b>Luz</b>", "role": "operator", "desk": "field-service"}


@pytest.fixture
def admin(db: Database) -> Visitor:
    with db.transaction() as tx:
        businesses.put(tx, DESK)
    return signed_in(db, "admin")


def invite(admin: Visitor, **fields: str) -> str:
    """Add a person; the path of the link."""
    page = admin.post("/admin/people", on="/admin/people", **{**EVA, **fields}).text
    found = LINK.search(page)
    assert found, page
    return found[1]


def deeds(db: Database) -> list[object]:
    return [did for (did,) in ask(db, "select did from audit order by id")]


def test_a_person_is_added_with_a_link_that_opens_once(db: Database, admin: Visitor) -> None:
    link = invite(admin)
    eva = Visitor(web(db))
    assert "eva@turno.example" in eva.get(link).text
    assert "<b>Eva" in eva.post(link, name="Eva Luz", password=PASSWORD, again=PASSWORD).text
    again = Visitor(web(db))
    assert "used" in again.get(link).text
    assert again.send(link, {"csrf": ""}).status_code == 403
    assert "Eva Luz" in admin.get("/admin/people").text
    assert ask(db, "select role, desks from staff where name = 'Eva Luz'") == [("operator", ["field-service"])]
    assert deeds(db)[-3:] == ["added a person", "made a link to choose a password", "signed in"]


def test_a_name_that_is_html_is_only_a_name(admin: Visitor) -> None:
    invite(admin)
    page = admin.get("/admin/people").text
    assert "Eva &lt;b&gt;Luz&lt;/b&gt;" in page and "<b>Luz" not in page


def test_a_link_whose_time_is_over_opens_nothing(db: Database, admin: Visitor) -> None:
    link = invite(admin)
    ask(db, "update staff set invitation_until = now()")
    assert Visitor(web(db)).get(link).status_code == 404


def test_a_newer_link_takes_the_place_of_an_older_one(db: Database, admin: Visitor) -> None:
    first = invite(admin)
    [(id,)] = ask(db, "select id from staff where role = 'operator'")
    found = LINK.search(admin.post(f"/admin/people/{id}/link", on=f"/admin/people/{id}").text)
    assert found
    assert Visitor(web(db)).get(first).status_code == 404
    assert Visitor(web(db)).get(found[1]).status_code == 200


@pytest.mark.parametrize(
    ("password", "again", "why"),
    [
        ("short", "short", "12 to 200 characters"),
        (PASSWORD, "another password", "not the same"),
        ("aaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaa", "different characters"),
        ("eva, so it is me", "eva, so it is me", "e-mail address"),
    ],
)
def test_a_weak_password_is_said_and_the_link_stays(
    db: Database, admin: Visitor, password: str, again: str, why: str
) -> None:
    link = invite(admin)
    eva = Visitor(web(db))
    answer = eva.post(link, on=link, name="Eva", password=password, again=again)
    assert answer.status_code == 400
    assert why in answer.text
    assert eva.get(link).status_code == 200


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"role": "king"}, 400),
        ({"desk": "nowhere"}, 400),
        ({"desk": ""}, 400),
        ({"email": "nowhere"}, 400),
        ({"name": " "}, 400),
        ({"email": "admin@turno.example"}, 409),
        ({"name": "x" * 101}, 400),
    ],
)
def test_what_makes_no_sense_adds_nobody(db: Database, admin: Visitor, fields: dict[str, str], status: int) -> None:
    answer = admin.post("/admin/people", on="/admin/people", **{**EVA, **fields})
    assert answer.status_code == status
    assert "Nothing was done" in answer.text
    assert ask(db, "select count(*) from staff") == [(1,)]


def test_a_role_and_desks_are_changed_and_count_from_the_next_click(db: Database, admin: Visitor) -> None:
    eva = signed_in(db, "viewer")
    [(id,)] = ask(db, "select id from staff where role = 'viewer'")
    place = {"role": "admin", "every_desk": "yes"}
    assert "is admin now" in admin.post(f"/admin/people/{id}/place", on=f"/admin/people/{id}", **place).text
    assert eva.get("/admin/people").status_code == 200
    admin.post(f"/admin/people/{id}/place", on=f"/admin/people/{id}", role="viewer", desk="field-service")
    assert eva.get("/admin/people").status_code == 403
    assert ask(db, "select why from audit where did = 'changed a role' order by id") == [
        ("admin; every desk",),
        ("viewer; field-service",),
    ]


def test_who_is_disabled_is_out_and_may_be_let_in_again(db: Database, admin: Visitor) -> None:
    eva = signed_in(db, "viewer")
    [(id,)] = ask(db, "select id from staff where role = 'viewer'")
    admin.post(f"/admin/people/{id}/disable", on=f"/admin/people/{id}", why="left us")
    assert "Sign in" in eva.get("/admin/").text
    assert eva.sign_in("viewer@turno.example").status_code == 401
    assert admin.post(f"/admin/people/{id}/link", on="/admin/people").status_code == 409
    admin.post(f"/admin/people/{id}/enable", on=f"/admin/people/{id}")
    assert eva.sign_in("viewer@turno.example").status_code == 200
    assert ask(db, "select why from audit where did = 'disabled an account'") == [("left us",)]


@pytest.mark.parametrize(
    ("action", "fields"), [("disable", {"why": "x"}), ("place", {"role": "viewer", "every_desk": "y"})]
)
def test_the_last_admin_stays(db: Database, admin: Visitor, action: str, fields: dict[str, str]) -> None:
    account(db, "invited@turno.example", "admin")
    ask(db, "update staff set password_hash = null where email = 'invited@turno.example'")
    [(id,)] = ask(db, "select id from staff where email = 'admin@turno.example'")
    answer = admin.post(f"/admin/people/{id}/{action}", on=f"/admin/people/{id}", **fields)
    assert answer.status_code == 409
    assert "last admin" in answer.text
    assert admin.get("/admin/people").status_code == 200


def test_an_admin_ends_the_sessions_of_another_and_takes_a_lost_second_factor_away(
    db: Database, admin: Visitor
) -> None:
    eva = signed_in(db, "viewer")
    [(id,)] = ask(db, "select id from staff where role = 'viewer'")
    assert "1 place" in admin.post(f"/admin/people/{id}/sessions/end", on=f"/admin/people/{id}").text
    assert "Sign in" in eva.get("/admin/").text
    ask(db, "update staff set totp_secret = 'JBSWY3DPEHPK3PXP'")
    admin.post(f"/admin/people/{id}/second-factor/remove", on=f"/admin/people/{id}")
    assert "Sign out" in eva.sign_in("viewer@turno.example").text
    assert {"ended sessions", "removed a second factor"} <= set(deeds(db))


@pytest.mark.parametrize("role", ["viewer", "operator", "analyst"])
def test_only_admins_see_people_and_the_audit(db: Database, role: str) -> None:
    visitor = signed_in(db, role)
    for path in ("/admin/people", "/admin/people/1", "/admin/audit", "/admin/audit.csv"):
        assert visitor.get(path).status_code == 403
    assert "/admin/people" not in visitor.get("/admin/").text, "nor are they offered"


def test_who_is_not_there_is_not_found(admin: Visitor) -> None:
    assert admin.get("/admin/people/999").status_code == 404
    assert admin.post("/admin/people/999/enable", on="/admin/people").status_code == 404


# --- an admin of some desks -------------------------------------------------------------------------------------------


@pytest.fixture
def of_one(db: Database, admin: Visitor) -> Visitor:
    """An admin of the desk field-service alone; there is another desk, and somebody who works for it."""
    with db.transaction() as tx:
        businesses.put(tx, {"desks": [{**DESK["desks"][0], "id": "hotel", "name": "The Hotel", "whatsapp": []}]})
    account(db, "hotel@turno.example", "viewer", ["hotel"], name="Somebody of the hotel")
    return signed_in(db, "admin", desks=["field-service"], email="one@turno.example")


def id_of(db: Database, email: str) -> int:
    [(id,)] = ask(db, f"select id from staff where email = '{email}'")
    return int(str(id))


def test_an_admin_of_some_desks_sees_the_accounts_of_these_alone(db: Database, of_one: Visitor) -> None:
    page = of_one.get("/admin/people").text
    assert "one@turno.example" in page
    assert "hotel" not in page.lower() and "admin@turno.example" not in page
    assert "every desk" not in page, "nor is it offered"
    for email in ("admin@turno.example", "hotel@turno.example"):
        assert of_one.get(f"/admin/people/{id_of(db, email)}").status_code == 404


def test_every_desk_and_one_of_them_at_once_is_refused(db: Database, admin: Visitor) -> None:
    form = admin.get("/admin/people").text
    assert re.search(r'name="every_desk" value="yes">', form), "nothing is ticked from the start"
    both = {"name": "Eva", "email": "e@turno.example", "role": "operator", "every_desk": "y", "desk": "field-service"}
    refused = admin.post("/admin/people", on="/admin/people", **both)
    assert refused.status_code == 400 and "choose one or the other" in refused.text
    assert ask(db, "select email from staff where name = 'Eva'") == []


@pytest.mark.parametrize(
    ("place", "status"), [({"every_desk": "yes"}, 403), ({"desk": "hotel"}, 400), ({"desk": "field-service"}, 200)]
)
def test_an_admin_of_some_desks_gives_no_others_not_even_to_himself(
    db: Database, of_one: Visitor, place: dict[str, str], status: int
) -> None:
    me = id_of(db, "one@turno.example")
    answer = of_one.post(f"/admin/people/{me}/place", on=f"/admin/people/{me}", role="admin", **place)
    assert answer.status_code == status
    added = {"email": "new@turno.example", "name": "New", "role": "admin", **place}
    assert of_one.post("/admin/people", on="/admin/people", **added).status_code == status
    assert ask(db, "select desks from staff where email = 'one@turno.example'") == [(["field-service"],)]


@pytest.mark.parametrize("action", ["place", "disable", "enable", "link", "second-factor/remove", "sessions/end"])
@pytest.mark.parametrize("email", ["admin@turno.example", "hotel@turno.example"])
def test_an_admin_of_some_desks_touches_no_account_beyond_them(
    db: Database, of_one: Visitor, email: str, action: str
) -> None:
    before = ask(db, "select * from staff order by id")
    fields = {"role": "viewer", "desk": "field-service", "why": "x"}
    path = f"/admin/people/{id_of(db, email)}/{action}"
    assert of_one.post(path, on="/admin/people", **fields).status_code == 404
    assert ask(db, "select * from staff order by id") == before


def test_the_last_admin_of_every_desk_is_not_made_one_of_some(db: Database, admin: Visitor, of_one: Visitor) -> None:
    me = id_of(db, "admin@turno.example")
    answer = admin.post(f"/admin/people/{me}/place", on=f"/admin/people/{me}", role="admin", desk="hotel")
    assert answer.status_code == 409
    assert "last admin" in answer.text


def test_an_account_is_an_address_and_cannot_be_named_like_a_shell_or_a_key(db: Database, admin: Visitor) -> None:
    for email in (
        "cli:root@prod-db-1",
        "the person@themselves",
        "a@b@c",
        "eva@",
        "@turno.example",
        "e" * 80 + "@x.org",
    ):
        answer = admin.post("/admin/people", on="/admin/people", **{**EVA, "email": email})
        assert answer.status_code == 400, email
    assert ask(db, "select count(*) from staff") == [(1,)]
