"""Widgets: rows in, markup out. What a customer wrote is never markup, and every chart can be read without seeing it."""

from __future__ import annotations

import itertools
import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from time import thread_time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot import desks
from core.rows import Rows
from dashboard import widgets
from dashboard.widgets import WIDGETS, Frame, Unfit
from dashboard.widgets.drawing import moments, ticks
from dashboard.widgets.flow_layout import HEIGHT, WIDTH, place
from dashboard.widgets.words import ago, brief, formatted, heading, number, span

NOW = datetime(2026, 5, 31, 12, tzinfo=UTC)
EVIL = "<script>alert('x')</script>\"&"


def rows(*records: dict[str, Any], more: bool = False) -> Rows:
    columns = tuple(records[0])
    kinds: Any = tuple(kind_of(records[0][column]) for column in columns)
    return Rows(columns, kinds, [tuple(record.values()) for record in records], more)


def kind_of(value: object) -> str:
    return "time" if isinstance(value, datetime) else "number" if isinstance(value, int | float) else "text"


def frame(**changes: Any) -> Frame:
    return Frame(**{"id": "p", "title": "Things", "now": NOW, "diagrams": desks.diagrams(), **changes})


class Reader(HTMLParser):
    """Tells whether tags close in order, and what stands in them."""

    def __init__(self, markup: str):
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.tags: list[str] = []
        self.text: list[str] = []
        self.feed(markup)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


SAMPLES: dict[str, Rows] = {
    "big": rows({"big": 1234, "label": EVIL, "before": 1000, "tone": "bad"}),
    "bars": rows({"bar_label": EVIL, "bar_value": 3, "bar_series": EVIL}, {"bar_label": "b", "bar_value": 1, "bar_series": "z"}),
    "lines": rows(*({"line_at": NOW - timedelta(hours=n), "line_value": n, "line_series": EVIL} for n in range(5))),
    "progress": rows({"done": 3, "total": 4, "label": EVIL}),
    "funnel": rows(
        {"funnel_step": EVIL, "funnel_value": 10, "funnel_note": EVIL},
        {"funnel_step": "b", "funnel_value": 4, "funnel_note": EVIL},
    ),
    "heat": rows({"heat_day": EVIL, "heat_hour": 7, "heat_value": 3}),
    "lamps": rows({"lamp": EVIL, "state": "bad", "detail": EVIL}),
    "markdown": rows({"markdown": f"# {EVIL}\n\n{EVIL} **{EVIL}** [{EVIL}](javascript:alert)"}),
    "flows": rows(
        {"flow": "menu", "state": "waiting", "conversations": 3, "oldest_at": NOW - timedelta(hours=3)},
        {"flow": EVIL, "state": EVIL, "conversations": 1, "oldest_at": NOW},
    ),
    "table": rows({"sentence": EVIL, "phone": "5215512345678", "error_code": 131047, "conversation_id": 7}),
}  # fmt: skip


def test_there_is_a_sample_for_every_widget() -> None:
    assert set(SAMPLES) == set(WIDGETS)


@pytest.mark.parametrize("name", WIDGETS)
def test_columns_choose_their_widget(name: str) -> None:
    assert widgets.choose(SAMPLES[name]) == name


@pytest.mark.parametrize("name", WIDGETS)
def test_a_widget_draws_well_formed_markup_without_anything_inline_or_foreign(name: str) -> None:
    read = Reader(widgets.draw(SAMPLES[name], frame(link="/admin/panels/now/things?x={sentence}")))
    assert "script" not in read.tags
    assert [name for name, _ in read.attributes if name == "style" or name.startswith("on")] == []
    assert [value for name, value in read.attributes if name == "href" and not value.startswith("/admin/")] == []
    assert "alert" in "".join(read.text)


@pytest.mark.parametrize("name", ["bars", "lines", "progress", "funnel", "heat", "flows"])
def test_a_chart_has_a_title_a_description_and_its_numbers_as_a_table(name: str) -> None:
    markup = widgets.draw(SAMPLES[name], frame())
    read = Reader(markup)
    assert {"svg", "title", "desc", "details", "table"} <= set(read.tags)
    ids = [value for attribute, value in read.attributes if attribute == "id"]
    assert len(ids) == len(set(ids))
    named = [value for attribute, value in read.attributes if attribute in ("aria-labelledby", "aria-describedby")]
    assert named
    assert set(named) <= set(ids)


@pytest.mark.parametrize("name", WIDGETS)
def test_no_rows_are_said_in_words(name: str) -> None:
    sample = SAMPLES[name]
    assert "No things." in widgets.draw(Rows(sample.columns, sample.kinds), frame(empty="No things."), name)


@pytest.mark.parametrize("name", [name for name in WIDGETS if name != "table"])
def test_a_widget_says_which_columns_it_wants(name: str) -> None:
    with pytest.raises(Unfit, match="missing"):
        widgets.draw(rows({"other": 1}), frame(), name)


def test_a_widget_that_is_not_there_is_told() -> None:
    with pytest.raises(Unfit, match="no such widget: pie"):
        widgets.draw(rows({"other": 1}), frame(), "pie")


@pytest.mark.parametrize("name", ["big", "bars", "lines", "progress", "funnel", "heat"])
def test_nothing_where_a_number_is_wanted_is_drawn_as_nothing(name: str) -> None:
    sample = SAMPLES[name]
    empty = [
        tuple(None if kind == "number" else cell for cell, kind in zip(row, sample.kinds, strict=True))
        for row in sample.rows
    ]
    Reader(widgets.draw(Rows(sample.columns, sample.kinds, empty), frame()))


@pytest.mark.parametrize(
    ("name", "record"),
    [
        ("bars", {"bar_label": "a", "bar_value": "many"}),
        ("lines", {"line_at": "noon", "line_value": 1}),
        ("heat", {"heat_day": "a", "heat_hour": 24, "heat_value": 1}),
        ("lamps", {"lamp": "a", "state": "purple"}),
    ],
)
def test_values_that_cannot_be_drawn_are_told(name: str, record: dict[str, Any]) -> None:
    with pytest.raises(Unfit):
        widgets.draw(rows(record), frame())


@pytest.mark.parametrize(("at", "value"), [("line_at", "line_value"), ("bar_label", "bar_value")])
def test_what_happened_at_no_time_has_no_place_in_time(at: str, value: str) -> None:
    with pytest.raises(Unfit, match=f"{at} is a time, and one is missing"):
        widgets.draw(rows({at: NOW, value: 1}, {at: None, value: 2}), frame())


ODD: tuple[Any, ...] = (None, 0, -1, -3.5, 0.001, 1e-59, -1e59, 1e59, 10**59)


@pytest.mark.parametrize("name", ["big", "bars", "lines", "progress", "funnel", "heat", "flows", "table"])
def test_any_number_is_drawn_within_its_picture(name: str) -> None:
    around = frame(diagrams={flow: desks.diagrams()[flow] for flow in ("menu", "hotel_stay")})
    for pair in itertools.product(ODD, ODD):
        read = Reader(widgets.draw(with_numbers(SAMPLES[name], pair), around, name))
        sizes = [value for attribute, value in read.attributes if attribute in ("width", "height", "cy")]
        assert [size for size in sizes if size.startswith("-")] == [], pair
        paths = " ".join(value for attribute, value in read.attributes if attribute == "d")
        heights = [float(value.split()[3]) for attribute, value in read.attributes if attribute.lower() == "viewbox"]
        assert all(float(y) <= max(heights) for y in re.findall(r"[ML][\d.]+ (-?[\d.]+)", paths)), pair


def with_numbers(sample: Rows, values: tuple[Any, ...]) -> Rows:
    """Its first row once for each of these, which stands in the place of every number but an hour."""
    columns = list(zip(sample.columns, sample.rows[0], sample.kinds, strict=True))
    return Rows(
        sample.columns,
        sample.kinds,
        [
            tuple(v if kind == "number" and name != "heat_hour" else cell for name, cell, kind in columns)
            for v in values
        ],
    )


def test_less_than_nothing_has_no_bar_and_is_told() -> None:
    drawn = str(widgets.draw(rows({"bar_label": "a", "bar_value": -5}, {"bar_label": "b", "bar_value": 2}), frame()))
    assert ">-5<" in drawn
    assert drawn.count('class="series s0"') == 1


def test_a_number_is_compared_with_the_one_before() -> None:
    assert "▲ 234 (23 %)" in widgets.draw(SAMPLES["big"], frame())
    assert "▼ 1" in widgets.draw(rows({"big": 1, "before": 2}), frame())
    assert "as before" in widgets.draw(rows({"big": 2, "before": 2}), frame())


def test_a_funnel_tells_how_many_were_lost_and_why() -> None:
    assert "−6 (60 %) · <script>" in "".join(Reader(widgets.draw(SAMPLES["funnel"], frame())).text)


def test_bars_by_time_stand_along_a_line_of_time() -> None:
    markup = widgets.draw(rows(*({"bar_label": NOW - timedelta(hours=n), "bar_value": n} for n in range(4))), frame())
    assert "12:00" in markup
    assert markup.count("<rect") == 3, "an hour without any has no column"


def test_a_line_is_broken_where_a_value_is_missing() -> None:
    values = [1, 2, None, 4, 5]
    records = [{"line_at": NOW + timedelta(hours=n), "line_value": value} for n, value in enumerate(values)]
    (path,) = re.findall(r'<path d="([^"]+)" class="line', widgets.draw(rows(*records), frame()))
    assert path.count("M") == 2


def test_a_table_masks_phones_links_ids_explains_codes_and_tells_the_age() -> None:
    record = {
        "conversation_id": 7,
        "contact": "5215512345678",
        "error_code": 131047,
        "at": NOW - timedelta(minutes=5),
        "wait_s": 90,
    }
    markup = widgets.draw(rows(record), frame())
    assert 'href="/admin/conversations/7"' in markup
    assert "5215512345678" not in markup
    assert "5678" in markup
    assert "More than 24 hours" in markup
    assert ">5 min ago</time>" in markup
    assert 'title="2026-05-31 11:55:00 UTC"' in markup
    assert "1 min 30 s" in markup


def test_a_table_says_aloud_that_there_are_more_rows() -> None:
    assert "Only the first 1 rows" in widgets.draw(rows({"a": 1}, more=True), frame())


def test_a_link_carries_values_of_its_row_and_only_whole() -> None:
    linked = frame(link="/admin/x?flow={flow}&state={state}")
    assert linked.href({"flow": "a b", "state": "c&d/é"}) == "/admin/x?flow=a%20b&state=c%26d%2F%C3%A9"
    assert linked.href({"flow": "a", "state": None}) == ""
    assert linked.href({"flow": "a"}) == ""


# --- the flow map -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("flow", desks.diagrams())
def test_the_states_of_a_flow_stand_apart_within_the_picture(flow: str) -> None:
    diagram = desks.diagrams()[flow]
    placed = place(diagram)
    assert set(placed.nodes) == {*diagram.states, *diagram.exits}
    corners = sorted(placed.nodes.values())
    for x, y in corners:
        assert 0 <= x <= placed.width - WIDTH
        assert 0 <= y <= placed.height - HEIGHT
    for n, (x, y) in enumerate(corners):
        assert not [1 for a, b in corners[n + 1 :] if abs(a - x) < WIDTH and abs(b - y) < HEIGHT]


@pytest.mark.parametrize("flow", desks.diagrams())
def test_every_arrow_is_drawn_but_those_to_what_stands_apart(flow: str) -> None:
    diagram = desks.diagrams()[flow]
    placed = place(diagram)
    wanted = {
        (arrow.from_state, arrow.to_state)
        for arrow in diagram.arrows
        if arrow.from_state != arrow.to_state and not {arrow.from_state, arrow.to_state} & placed.apart
    }
    assert set(placed.ways) == wanted
    for start, end in wanted - placed.back:
        assert placed.nodes[start][1] < placed.nodes[end][1], "arrows lead down"


@pytest.mark.parametrize("flow", desks.diagrams())
def test_an_arrow_that_leads_back_passes_beside_the_boxes(flow: str) -> None:
    placed = place(desks.diagrams()[flow])
    for edge in placed.back:
        spots = [(float(x), float(y)) for x, y in re.findall(r"(-?\d+) (-?\d+)", placed.ways[edge])]
        assert all(0 <= x <= placed.width and 0 <= y <= placed.height for x, y in spots)
        for (x1, y1), (x2, y2) in itertools.pairwise(spots):
            hidden = [
                name
                for name, (x, y) in placed.nodes.items()
                if max(x1, x2) > x + 2 and min(x1, x2) < x + WIDTH - 2
                and max(y1, y2) > y + 2 and min(y1, y2) < y + HEIGHT - 2
            ]  # fmt: skip
            assert hidden == [], f"{edge} passes behind {hidden}"


def test_a_click_on_a_state_follows_the_link_and_a_state_of_no_flow_is_told() -> None:
    markup = widgets.draw(SAMPLES["flows"], frame(link="/admin/in?flow={flow}&state={state}"))
    assert '<a href="/admin/in?flow=menu&amp;state=waiting">' in markup
    assert "3 · oldest 3 h" in markup
    assert "Elsewhere" in markup


def test_a_flow_without_a_row_is_not_drawn() -> None:
    markup = widgets.draw(SAMPLES["flows"], frame())
    assert 'aria-label="Map of menu"' in markup
    assert markup.count('aria-label="Map of ') == 1


# --- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (0.08, "80 ms"),
        (3.21, "3.2 s"),
        (65, "1 min 5 s"),
        (7800, "2 h 10 min"),
        (273_600, "3 d 4 h"),
        (-60, "−1 min"),
    ],
)
def test_a_span_of_time_in_its_two_largest_units(seconds: float, words: str) -> None:
    assert span(seconds) == words


def test_numbers_and_columns_as_they_are_read() -> None:
    assert [number(value) for value in (12345, 1234.56, 0.25, 3.0)] == ["12,345", "1,234.6", "0.25", "3"]
    assert [heading(column) for column in ("oldest_s", "read_share", "created_at", "id", "s")] == [
        "Oldest",
        "Read",
        "Created",
        "Id",
        "S",
    ]
    assert [formatted(value) for value in (None, True, "", "x")] == ["–", "yes", "–", "x"]
    assert [ago(NOW - timedelta(seconds=s), NOW) for s in (1, 90, -3600)] == ["just now", "1 min 30 s ago", "in 1 h"]


@pytest.mark.parametrize("most", [0.003, 0.9, 1, 7, 99, 100, 1234, 10**9])
def test_ticks_are_few_round_and_reach_the_largest(most: float) -> None:
    found = ticks(most)
    assert found[0] == 0
    assert found[-1] >= most
    assert 2 <= len(found) <= 6


@pytest.mark.parametrize(
    ("most", "unit", "names"),
    [
        (2.1, "s", ["0 s", "1 s", "2 s", "3 s"]),
        (100, "s", ["0 s", "1 min", "2 min"]),
        (80_000, "ms", ["0 s", "30 s", "1 min", "1.5 min"]),
        (5 * 86_400, "s", ["0 s", "2 d", "4 d", "6 d"]),
        (35_000, "", ["0", "20 k", "40 k"]),
        (2_400_000, "", ["0", "1 M", "2 M", "3 M"]),
    ],
)
def test_ticks_are_short_beside_their_axis_and_round_as_clocks_have_it(
    most: float, unit: str, names: list[str]
) -> None:
    assert [brief(tick, unit) for tick in ticks(most, unit)] == names


@pytest.mark.parametrize("zone", ["UTC", "America/Mexico_City", "Pacific/Kiritimati"])
def test_thousands_of_years_have_few_moments_too(zone: str) -> None:
    since, until = datetime(2, 1, 1, tzinfo=UTC), datetime(9998, 12, 31, 23, 59, tzinfo=UTC)
    assert 0 < len(moments(since, until, ZoneInfo(zone))) < 10


def test_moments_of_a_range_are_round_and_within() -> None:
    found = moments(NOW - timedelta(hours=24), NOW, UTC)
    assert [name for _, name in found] == ["12:00", "18:00", "31 May", "06:00", "12:00"]
    assert all(0 <= share <= 1 for share, _ in found)


@pytest.mark.parametrize("part", ["[", "*", "`", "**", "\n", "\n ", "- ", "# ", "[a](", "[a](/admin/"])
def test_markdown_of_any_text_is_drawn_at_once(part: str) -> None:
    """All the rows of a console that holds nothing else."""
    texts = [part * (2_000 // len(part))] * 1_000
    begun = thread_time()
    drawn = widgets.draw(Rows(("markdown",), ("text",), [(text,) for text in texts]), frame())
    assert thread_time() - begun < 1
    assert "and more" in drawn


def test_markdown_within_the_limit_is_drawn_whole() -> None:
    drawn = widgets.draw(rows({"markdown": "[one](/admin/a) and [two] (three)\n \n\n- four"}), frame())
    assert drawn == (
        '<div class="prose"><p><a href="/admin/a">one</a> and [two] (three)</p><ul><li>four</li></ul></div>'
    )
