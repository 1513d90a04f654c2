"""A panel's file: what its header may say, and how what is wrong with it is told."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.panels.panel_file import KEYS, SIZES, Panel, parse
from core.panels.parameters import DECLARED, BadValue, Parameter, values
from core.settings import Settings
from dashboard.boards.shelf import Shelf
from dashboard.widgets import WIDGETS

DOCS = (Path(__file__).parents[3] / "docs" / "panels.md").read_text(encoding="utf-8")
NOW = datetime(2026, 5, 31, 12, tzinfo=UTC)

WHOLE = """\
-- title: Things
-- help: All of them.
-- param: kind text a b
-- param: least integer 3
-- roles: operator, admin
-- refresh: 2m
-- link: /admin/panels/now/things?kind={kind}
-- widget: table
-- size: wide
-- unit: s
-- empty: No things.

-- not a header any more
select :kind as kind where 1 > :least and now() > :since
"""


def of(source: str, name: str = "10-things") -> Panel:
    return parse(source, board="now", name=name)


def test_every_key_is_understood() -> None:
    panel = of(WHOLE)
    assert panel.problem == ""
    assert (panel.path, panel.order, panel.title, panel.help) == ("now/things", 10, "Things", "All of them.")
    assert panel.own == (Parameter("kind", "text", "a b"), Parameter("least", "integer", "3"))
    assert [parameter.name for parameter in panel.asked] == ["since", "kind", "least"]
    assert panel.roles == {"operator", "admin"}
    assert (panel.refresh_s, panel.widget, panel.size, panel.unit) == (120, "table", "wide", "s")
    assert (panel.link, panel.empty) == ("/admin/panels/now/things?kind={kind}", "No things.")


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ("-- help: no title", "has a title"),
        ("-- title:", "has a title"),
        ("-- title: a\n-- titel: b", "no such key: titel"),
        ("-- title: a\n-- title: b", "twice"),
        ("-- title: a\n-- just a remark", "not a header line"),
        ("-- title: a\n-- param: x", "wanted: name type default"),
        ("-- title: a\n-- param: x colour red", "no such type as colour"),
        ("-- title: a\n-- param: x interval 1", "no such type as interval"),
        ("-- title: a\n-- param: x integer many", "whole number"),
        ("-- title: a\n-- param: x number @OPENAI_API_KEY", "no setting OPENAI_API_KEY that is a number"),
        ("-- title: a\n-- param: x number @OF_TOMORROW", "no setting OF_TOMORROW"),
        ("-- title: a\n-- param: desk text", "there already"),
        ("-- title: a\n-- param: x text\n-- param: x text", "there already"),
        ("-- title: a\n-- roles: root", "roles: root"),
        ("-- title: a\n-- roles:", "nobody"),
        ("-- title: a\n-- refresh: often", "refresh"),
        ("-- title: a\n-- refresh: 1s", "refresh"),
        ("-- title: a\n-- link: https://elsewhere.example/", "below /admin/"),
        ("-- title: a\n-- link: /admin/{x", "below /admin/"),
        ("-- title: a\n-- size: huge", "size"),
    ],
)
def test_a_bad_header_is_told_in_words(header: str, why: str) -> None:
    panel = of(f"{header}\nselect 1")
    assert why in panel.problem
    assert panel.title, "it can still be shown, with its problem"


def test_a_file_with_a_bad_name_is_told_so() -> None:
    assert "10-waiting.sql" in of(WHOLE, "Waiting").problem


def test_one_broken_file_leaves_the_others_alone(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "10-good.sql").write_text("-- title: Good\nselect 1 as big")
    (folder / "20-bad.sql").write_text("-- title: Bad\nselect 1; select 2")
    (folder / "30-odd.sql").write_bytes(b"-- title: \xff\nselect 1")
    panels = Shelf(tmp_path).boards()["mine"].panels
    assert [panel.problem == "" for panel in panels] == [True, False, False]


def test_two_files_of_one_name_do_not_answer_for_each_other(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    for order in (10, 20, 30):
        (folder / f"{order}-things.sql").write_text(f"-- title: Things {order}\nselect {order} as big")
    board = Shelf(tmp_path).boards()["mine"]
    assert [panel.slug for panel in board.panels] == ["things", "20-things", "30-things"]
    assert [panel.problem for panel in board.panels] == [
        "",
        *["another panel of this board is called things already"] * 2,
    ]
    assert (found := board.panel("things")) and found.title == "Things 10"


def test_an_edited_file_is_read_again_only_while_developing(tmp_path: Path) -> None:
    file = tmp_path / "mine" / "10-one.sql"
    file.parent.mkdir()
    file.write_text("-- title: Before\nselect 1 as big")
    live, settled = Shelf(tmp_path, live=True), Shelf(tmp_path)
    assert [titles(shelf) for shelf in (live, settled)] == [["Before"], ["Before"]]
    file.write_text("-- title: After\nselect 1 as big -- longer")
    (tmp_path / "mine" / "20-two.sql").write_text("-- title: New\nselect 2 as big")
    assert [titles(shelf) for shelf in (live, settled)] == [["After", "New"], ["Before"]]


def test_a_default_may_be_what_a_setting_is(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "10-late.sql").write_text(
        "-- title: Late\n-- param: most number @ALARM_REPLY_S\nselect :most as big"
    )
    for settings, most in ((None, 3.0), (Settings(alarm_reply_s=7.5), 7.5)):
        (panel,) = Shelf(tmp_path, settings=settings).boards()["mine"].panels
        assert values(panel.own, {}, NOW) == {"most": most}
        assert values(panel.own, {"most": "1"}, NOW) == {"most": 1.0}


@pytest.mark.parametrize("name", ["OPENAI_API_KEY", "LOG_TOKEN", "DATABASE_URL", "SMART_MODE"])
def test_no_panel_can_show_a_setting_that_is_no_number(tmp_path: Path, name: str) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "10-x.sql").write_text(f"-- title: X\n-- param: x text @{name}\nselect :x as big")
    settings = Settings.model_validate({"openai_api_key": "secret", "log_token": "secret", "database_url": "secret"})
    (panel,) = Shelf(tmp_path, settings=settings).boards()["mine"].panels
    assert "no setting" in panel.problem and "secret" not in repr(panel)


def titles(shelf: Shelf) -> list[str]:
    return [panel.title for panel in shelf.boards()["mine"].panels]


# --- what people type -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("text", " a ", "a"),
        ("integer", "-7", -7),
        ("number", "0.5", 0.5),
        ("boolean", "Yes", True),
        ("boolean", "no", False),
        ("date", "2026-05-31", NOW.date()),
        ("time", "now", NOW),
        ("time", "24h", NOW - timedelta(hours=24)),
        ("time", "90m", NOW - timedelta(minutes=90)),
        ("time", "2026-05-31T12:00", NOW),
        ("time", "2026-05-31T06:00-06:00", NOW),
        ("time", "999999d", NOW - timedelta(days=3660)),
    ],
)
def test_a_typed_value_becomes_one_of_its_kind(kind: str, typed: str, value: object) -> None:
    assert Parameter("x", kind, "1").value(typed, NOW) == value


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("integer", "1; drop table inbox"),
        ("integer", "1.5"),
        ("integer", "9" * 40),
        ("integer", "٣"),
        ("number", "1e400"),
        ("number", "NaN"),
        ("boolean", "perhaps"),
        ("date", "31/05/2026"),
        ("time", "yesterday"),
        ("time", "-1h"),
        ("text", "x" * 501),
        ("text", "a\0b"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_by_name(kind: str, typed: str) -> None:
    with pytest.raises(BadValue, match=r"^size: "):
        Parameter("size", kind, "1").value(typed, NOW)


def test_all_that_is_wrong_is_told_at_once() -> None:
    asked = (Parameter("a", "integer", "1"), Parameter("b", "date", "2026-01-01"))
    with pytest.raises(BadValue, match=r"a: .*; b: "):
        values(asked, {"a": "x", "b": "y"}, NOW)


@pytest.mark.parametrize(
    ("since", "minutes"), [("1h", 1), ("24h", 15), ("7d", 120), ("30d", 720), ("3660d", 10080), ("now", 1)]
)
def test_a_column_is_as_wide_as_a_hundredth_of_the_range_and_round(since: str, minutes: int) -> None:
    (bucket,) = [parameter for parameter in of(WHOLE).parameters if parameter.name == "bucket"]
    assert values((bucket,), {"since": since}, NOW) == {"bucket": timedelta(minutes=minutes)}


# --- docs -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", [*(f"`{key}`" for key in KEYS), *(f"`{kind}`" for kind in DECLARED)])
def test_every_key_and_type_is_in_the_docs(word: str) -> None:
    assert word in DOCS


@pytest.mark.parametrize("name", WIDGETS)
def test_every_widget_and_its_columns_are_in_the_docs(name: str) -> None:
    assert f"`{name}`" in DOCS
    assert [column for column in WIDGETS[name].columns if f"`{column}`" not in DOCS] == []


@pytest.mark.parametrize("size", SIZES)
def test_every_size_is_in_the_docs(size: str) -> None:
    assert f"`{size}`" in DOCS


def test_the_example_in_the_docs_is_a_panel() -> None:
    (example,) = re.findall(r"```sql\n(-- title: .*?)```", DOCS, re.DOTALL)
    assert of(example).problem == ""
