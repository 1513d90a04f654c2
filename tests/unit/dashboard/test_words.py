"""How the window tells times, browsers, phones and texts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dashboard import guard, masks
from dashboard.filters import ago, browser
from dashboard.person import Staff
from dashboard.sheets import line

NOW = datetime(2026, 7, 28, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, "now"),
        (4, "now"),
        (-4, "now"),
        (59, "59 s ago"),
        (60, "1 min ago"),
        (3599, "59 min ago"),
        (-90, "in 1 min"),
        (7200, "2 h ago"),
        (86_400 * 3, "3 d ago"),
        (86_400 * 40, "18 Jun 2026"),
        (-86_400 * 40, "6 Sep 2026"),
    ],
)
def test_a_time_is_told_as_people_tell_it(seconds: float, told: str) -> None:
    assert ago(NOW - timedelta(seconds=seconds), NOW) == told


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", "Chrome on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Linux; Android 16) Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("curl/8.5", "curl/8.5"),
        ("", "unknown"),
    ],
)
def test_a_browser_is_named_in_two_words(said: str, told: str) -> None:
    assert browser(said) == told


@pytest.mark.parametrize(
    ("value", "shown"),
    [("5215550000077", "••••••0077"), ("••••••0077", "••••••0077"), ("0077", "••••••"), ("", ""), (None, "")],
)
def test_a_phone_shows_its_last_four_digits(value: str | None, shown: str) -> None:
    assert masks.phone(value) == shown


def person(role: str, desks: frozenset[str] | None = None) -> Staff:
    return Staff(1, "ana@turno.example", "Ana", role, desks, 1)  # type: ignore[arg-type]  # roles come from a list


@pytest.mark.parametrize(
    ("role", "shown"), [("viewer", "••• (4 characters)"), ("operator", "hola"), ("analyst", "hola"), ("admin", "hola")]
)
def test_what_a_customer_wrote_is_not_for_who_only_looks_on(
    monkeypatch: pytest.MonkeyPatch, role: str, shown: str
) -> None:
    monkeypatch.setattr(guard, "somebody", lambda: person(role))
    assert masks.text("hola") == shown
    assert masks.may_reveal() == (role != "viewer")


def test_who_is_nobody_reads_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "somebody", lambda: None)
    assert masks.text("hola") == "••• (4 characters)"
    assert not masks.may_reveal()


def test_a_person_sees_the_desks_that_are_theirs() -> None:
    all_desks, two, none = person("viewer"), person("viewer", frozenset({"hotel", "it"})), person("viewer", frozenset())
    assert all_desks.sees("hotel") and all_desks.sees(None)
    assert two.sees("it") and not two.sees("field") and not two.sees(None)
    assert not none.sees("hotel")
    assert [who.desk_list for who in (all_desks, two, none)] == [None, ["hotel", "it"], []]
    assert [who.desk_setting for who in (all_desks, two, none)] == ["*", "hotel,it", "-"]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1"])
def test_a_cell_that_a_spreadsheet_would_run_begins_with_an_apostrophe(cell: str) -> None:
    assert line([cell]).strip('"').startswith("'")


def test_a_number_stays_a_number_and_quotes_are_doubled() -> None:
    assert line([-1, 'a "b", c', None]) == '-1,"a ""b"", c",\r\n'
