"""Catalogues as CSV: what is read, what is refused with line and column, and that what is written reads back."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.desks import kinds_of
from bot.script.catalogue import sheet
from bot.script.catalogue.cells import words
from bot.script.catalogue.kind import Column, Kind

KINDS = kinds_of("menu")

EQUIPMENT = "code,model,brand,serial,client,place\n"
CENTRE = "code,name,address,city,latitude,longitude,phone,opens,closes,days\n"
GOOD = '4045101,VR-16,Frigus,S1,"La Esquina, S.A.",Centro\n'


def problems(kind: str, text: str | bytes) -> list[str]:
    return [str(p) for p in sheet.read(KINDS[kind], text if isinstance(text, bytes) else text.encode()).problems]


def test_lines_become_rows() -> None:
    found = sheet.read(KINDS["equipment"], (EQUIPMENT + GOOD).encode())
    assert found.problems == []
    assert found.rows == [
        {
            "code": "4045101",
            "model": "VR-16",
            "brand": "Frigus",
            "serial": "S1",
            "client": "La Esquina, S.A.",
            "place": "Centro",
        }
    ]


def test_a_byte_order_mark_semicolons_blank_lines_and_another_order_of_columns_are_fine() -> None:
    text = "\ufeffPlace; Client ;model;brand;CODE\r\n\r\nCentro;Rosa;VR-16;Frigus;4045101\r\n;;;;\r\n"
    found = sheet.read(KINDS["equipment"], text.encode())
    assert found.problems == []
    assert [(row["code"], row["serial"], row["client"]) for row in found.rows] == [("4045101", "", "Rosa")]


def test_everything_that_is_wrong_is_told_at_once_with_line_and_column() -> None:
    text = (
        EQUIPMENT
        + GOOD
        + "12,VR-16,Frigus,,Rosa,Centro\n"
        + "4045102,,Frigus,,Rosa,Centro\n"
        + "4045103,VR-16\n"
        + "4045101,VR-16,Frigus,,Rosa,Centro\n"
        + f"4045104,{'x' * 101},Frigus,,Ro\x07sa,Centro\n"
    )
    assert problems("equipment", text) == [
        "line 3, code: must be 5 to 10 digits, not “12”",
        "line 4, model: is empty",
        "line 5: has 2 cells, the header has 6",
        "line 6, code: “4045101” stands in line 2 already",
        "line 7, model: is longer than 100 characters",
        "line 7, client: holds characters that cannot be seen",
    ]


def test_the_header_is_checked_before_the_lines() -> None:
    assert problems("equipment", "code,model,colour,model,client\n" + GOOD) == [
        "line 1, model: stands there twice",
        "line 1, colour: is no column of equipment, which has code, model, brand, serial, client, place",
        "line 1, brand: is missing",
        "line 1, place: is missing",
    ]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "the file: is empty"),
        (b"\xef\xbb\xbf \n", "the file: is empty"),
        ((EQUIPMENT + GOOD + "4045102,VR,B,,Doña,C\n").encode("latin-1"), "line 3: is not UTF-8"),
        ((EQUIPMENT + GOOD).encode("utf-16"), "line 1: is not UTF-8"),
        ((EQUIPMENT + '4045101,"VR-16,Frigus,,Rosa,Centro\n').encode(), "line 2: is not CSV"),
        ((EQUIPMENT + '4045101,"VR"-16,Frigus,,Rosa,Centro\n').encode(), "line 2: is not CSV"),
        ((EQUIPMENT + f"4045101,{'x' * 200_000},F,,R,C\n").encode(), "line 2: is not CSV"),
    ],
)
def test_a_file_that_is_none_is_refused_clearly(content: bytes, why: str) -> None:
    [problem] = problems("equipment", content)
    assert problem.startswith(why)


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ("91,-99,555,08:00,18:00,1-5", "latitude: must be from -90 to 90"),
        ("nan,-99,555,08:00,18:00,1-5", "latitude: must be from -90 to 90"),
        ("x,-99,555,08:00,18:00,1-5", "latitude: must be a number, not “x”"),
        ("19,-199,555,08:00,18:00,1-5", "longitude: must be from -180 to 180"),
        ("19,-99,555,8,18:00,1-5", "opens: must be a time like 08:00, not “8”"),
        ("19,-99,555,08:00,24:00,1-5", "closes: must be a time like 08:00, not “24:00”"),
        ("19,-99,555,18:00,08:00,1-5", "closes: must be after opens"),
        ("19,-99,555,08:00,18:00,5-1", "days: must be days like 1-5 or 1,3,6 (1 is Monday), not “5-1”"),
        ("19,-99,555,08:00,18:00,8", "days: must be days like 1-5 or 1,3,6 (1 is Monday), not “8”"),
    ],
)
def test_a_centre_stands_on_earth_and_opens_before_it_closes(cells: str, why: str) -> None:
    assert problems("centres", CENTRE + f"CS-1,Norte,Calle 1,Monterrey,{cells}\n") == [f"line 2, {why}"]


def test_a_centre_may_be_written_as_spreadsheets_here_write_it() -> None:
    text = (
        CENTRE.replace(",", ";").replace("days", "days;active")
        + "CS-1;Norte;Calle 1;Monterrey;25,65;-100,3;;8:00;18:00;1-5 7;sí\n"
    )
    found = sheet.read(KINDS["centres"], text.encode())
    assert found.problems == []
    [row] = found.rows
    assert (row["latitude"], row["longitude"], row["opens"], row["days"], row["active"]) == (
        25.65,
        -100.3,
        "08:00",
        [1, 2, 3, 4, 5, 7],
        True,
    )


def test_what_is_written_reads_back_and_is_no_formula() -> None:
    rows = [
        {
            "code": "4045101",
            "model": "=HYPERLINK(1)",
            "brand": "+52",
            "serial": "",
            "client": "-1",
            "place": '@x, "y"; z',
        },
        {"code": "4045102", "model": "'quoted", "brand": "Ñandú", "serial": "'=x", "client": "a\nb", "place": "🚗"},
    ]
    text = "".join(sheet.write(KINDS["equipment"], rows))
    assert ",=" not in text and "\n=" not in text and ",+" not in text and ",-" not in text and ",@" not in text
    found = sheet.read(KINDS["equipment"], text.encode())
    assert found.problems == []
    assert found.rows == rows


def test_a_centre_reads_back_with_its_numbers_untouched() -> None:
    row = {
        "code": "CS-1",
        "name": "N",
        "address": "A",
        "city": "C",
        "latitude": -25.5,
        "longitude": -100.3,
        "phone": "+52 81",
        "opens": "08:00",
        "closes": "18:00",
        "days": [1, 2, 7],
        "active": False,
    }
    assert sheet.read(KINDS["centres"], "".join(sheet.write(KINDS["centres"], [row])).encode()).rows == [row]


def test_a_kind_has_one_key_and_no_column_twice() -> None:
    name, key = Column("name", words(9)), Column("code", words(9), key=True)
    assert list(Kind("rooms", (key, name)).problems()) == []
    assert list(Kind("rooms", (name, name)).problems()) == [
        "rooms: 0 columns are its key; one must be",
        "rooms: there are two columns name",
    ]


def test_a_business_has_the_kinds_of_its_desk_and_those_of_every_desk() -> None:
    assert list(kinds_of("help_desk")) == ["survey_questions"]
    assert set(KINDS) == {"customers", "equipment", "vehicles", "centres", "survey_questions"}
    assert KINDS["customers"].personal == ["contact"]


def test_the_page_names_every_kind_and_column() -> None:
    page = (Path(__file__).parents[2] / "docs/catalogues.md").read_text(encoding="utf-8")
    for kind in KINDS.values():
        [row] = [line for line in page.splitlines() if line.startswith(f"| `{kind.name}` |")]
        told = [f"[{column.name}]" if not column.needed else column.name for column in kind.columns if not column.key]
        assert row.endswith(f"| {', '.join(told)} |") and kind.key in row
