"""`python -m bot admin` and `audit`, as somebody types them."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from bot.__main__ import main
from core.store.db import Database
from core.store.staff import audit
from tests.integration.staff import PASSWORD, Visitor, web
from tests.integration.test_sign_in import ask
from tests.production import PRODUCTION


@pytest.fixture
def shell(db: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An environment that names this test's database; a file with a password in it."""
    monkeypatch.setenv("DATABASE_URL", db.url)
    monkeypatch.setenv("LOG_LEVEL", "error")
    file = tmp_path / "password"
    file.write_text(f"{PASSWORD}\n")
    return file


def run(*arguments: object) -> int:
    return main(["admin", *map(str, arguments)])


def create(shell: Path, email: str = "ana@turno.example", *more: str) -> int:
    return run("create", email, "--password-file", shell, *more)


def test_an_admin_is_made_and_can_sign_in(shell: Path, db: Database) -> None:
    assert create(shell, "Ana@Turno.example", "--name", "Ana Prado") == 0
    assert "<b>Ana Prado" in Visitor(web(db)).sign_in().text
    [(who, did)] = ask(db, "select who, did from audit where id = 1")
    assert str(who).startswith("cli:") and did == "added a person"


@pytest.mark.parametrize("option", ["--password", "--pass", "--p"])
def test_a_password_is_never_an_argument(shell: Path, capsys: pytest.CaptureFixture[str], option: str) -> None:
    for verb in ("create", "password"):
        with pytest.raises(SystemExit):
            run(verb, "ana@turno.example", option, PASSWORD)


def test_a_password_may_be_typed_twice(shell: Path, db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = iter([PASSWORD, PASSWORD, PASSWORD, "another password"])
    monkeypatch.setattr("getpass.getpass", lambda _: next(typed))
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    assert run("create", "ana@turno.example") == 0
    assert run("create", "eva@turno.example") == 2
    assert ask(db, "select email from staff") == [("ana@turno.example",)]


def test_where_nobody_can_type_nothing_waits(
    shell: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    assert run("create", "ana@turno.example") == 2
    assert "--password-file or --link" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", "12 to 200"),
        ("x" * 201, "12 to 200"),
        ("aaaaaaaaaaaaaaaa", "different"),
        ("ana is my name here", "e-mail"),
    ],
)
def test_a_weak_password_is_refused_and_said_why(
    shell: Path, db: Database, capsys: pytest.CaptureFixture[str], password: str, why: str
) -> None:
    shell.write_text(password)
    assert create(shell) == 2
    assert why in capsys.readouterr().err
    assert ask(db, "select count(*) from staff") == [(0,)]


@pytest.mark.parametrize(
    "arguments",
    [
        ("create", "no address", "--link"),
        ("create", "ana@turno.example", "--link", "--desks", "nowhere"),
        ("create", "ana@turno.example", "--link", "--desks", ","),
        ("role", "nobody@turno.example", "viewer"),
        ("disable", "nobody@turno.example"),
        ("password", "nobody@turno.example", "--link"),
        ("create", "eva@turno.example", "--password-file", "/nowhere"),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    shell: Path, db: Database, arguments: tuple[str, ...]
) -> None:
    assert run(*arguments) == 2
    assert ask(db, "select count(*) from staff") == [(0,)]
    assert ask(db, "select count(*) from audit") == [(0,)]


def test_an_address_has_one_account(shell: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert create(shell) == 0
    assert create(shell, "ANA@turno.example") == 2
    assert "has an account already" in capsys.readouterr().err


def test_a_link_opens_once_and_its_bearer_chooses_the_password(
    shell: Path, db: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("create", "ana@turno.example", "--link") == 0
    link = re.search(r"http://127\.0\.0\.1:8000(/admin/welcome/\S+)", capsys.readouterr().out)
    assert link
    visitor = Visitor(web(db))
    assert "ana@turno.example" in visitor.get(link[1]).text
    assert "<b>Ana" in visitor.post(link[1], name="Ana", password=PASSWORD, again=PASSWORD).text
    assert Visitor(web(db)).get(link[1]).status_code == 404
    assert Visitor(web(db)).sign_in().status_code == 200


def test_the_last_admin_cannot_be_locked_out(shell: Path, capsys: pytest.CaptureFixture[str]) -> None:
    create(shell)
    run("create", "eva@turno.example", "--link")
    assert run("disable", "ana@turno.example") == 2
    assert run("role", "ana@turno.example", "viewer") == 2
    assert "the last admin" in capsys.readouterr().err
    assert create(shell, "luz@turno.example") == 0
    assert run("disable", "ana@turno.example") == 0


def test_a_new_password_ends_the_sessions_and_may_take_the_second_factor_away(shell: Path, db: Database) -> None:
    create(shell)
    visitor = Visitor(web(db))
    visitor.sign_in()
    ask(db, "update staff set totp_secret = 'x'")
    shell.write_text("another good password")
    assert run("password", "ana@turno.example", "--password-file", shell, "--remove-second-factor") == 0
    assert "Sign in" in visitor.get("/admin/").text
    assert visitor.sign_in(password="another good password").status_code == 200


def test_a_list_says_who_may_what(shell: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("list")
    create(shell)
    run("create", "eva@turno.example", "--link", "--role", "viewer")
    create(shell, "luz@turno.example", "--role", "operator")
    run("disable", "luz@turno.example")
    capsys.readouterr()
    assert run("list") == 0
    told = capsys.readouterr().out
    assert re.search(r"ana@turno\.example +admin +\* +last signed in never\n", told)
    assert re.search(r"eva@.* viewer .*invited", told) and re.search(r"luz@.* operator .*disabled", told)


def test_while_nobody_can_enter_a_link_for_the_first_admin_is_printed_while_developing(
    shell: Path, db: Database, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    links = []
    for _ in range(2):
        assert run("first") == 0
        found = re.search(r"first admin: \S+(/admin/welcome/\S+)", capsys.readouterr().out)
        assert found
        links.append(found[1])
    visitor = Visitor(web(db))
    assert visitor.get(links[0]).status_code == 404, "the newer link took its place"
    visitor.get(links[1])
    assert "<b>Zoe" in visitor.post(links[1], name="Zoe", password=PASSWORD, again=PASSWORD).text
    assert run("first") == 0
    assert capsys.readouterr().out == ""


def test_production_gets_no_first_admin_by_itself(
    shell: Path, db: Database, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in PRODUCTION.items():
        monkeypatch.setenv(name, value)
    assert run("first") == 0
    assert capsys.readouterr().out == ""
    assert ask(db, "select count(*) from staff") == [(0,)]


def test_the_audit_is_verified_and_a_break_is_named(
    shell: Path, db: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    create(shell)
    create(shell, "eva@turno.example")
    assert main(["audit", "verify"]) == 0
    told = capsys.readouterr().out
    assert "2 rows are as they were written" in told
    head = told.split()[-1]
    assert main(["audit", "verify", "--seen", head]) == 0
    assert main(["audit", "verify", "--seen", "00"]) == 1
    ask(db, "alter table audit disable trigger audit_kept")
    ask(db, "update audit set who = 'nobody' where id = 2")
    capsys.readouterr()
    assert main(["audit", "verify"]) == 1
    assert "breaks at row 2: it was changed" in capsys.readouterr().out


def test_who_is_kept_out_by_failed_tries_is_let_in_from_a_shell(shell: Path, db: Database) -> None:
    create(shell)
    visitor = Visitor(web(db, sign_in_tries=1, sign_in_address_tries=1))
    visitor.sign_in(password="a guess")
    assert visitor.sign_in().status_code == 429
    assert run("unlock", "ana@turno.example") == 0
    assert visitor.sign_in().status_code == 200
    assert ("forgave failed tries",) in ask(db, "select did from audit")


def test_no_account_is_named_like_a_shell(shell: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert create(shell, "cli:root@prod-db-1") == 2
    assert "not an e-mail address" in capsys.readouterr().err


def test_the_audit_tells_a_shell_from_the_window_whatever_name_is_told(shell: Path, db: Database) -> None:
    create(shell)
    window = Database(db.url, name="turno window")
    with window.transaction() as tx:
        audit.note(tx, who="cli:root", did="looked", subject="thing:1")
    window.close()
    assert ask(db, "select via from audit order by id") == [("admin",), ("window",)]
