"""Requests as Meta wants them, its limits, and long texts in pieces."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import Broken
from core.limits import length
from core.messages import (
    Identity,
    Media,
    Option,
    Outbound,
    Place,
    Template,
    ask,
    ask_location,
    choose,
    pin,
    point,
    say,
    show,
    use_template,
)
from core.numbered_text import plainly
from core.wire.whatsapp_identity import identity
from core.wire.whatsapp_limits import LIMITS
from core.wire.whatsapp_send import message, read_mark

ANA = identity(bsuid="MX.1", wa_id="5215512345678")
YES, NO = Option("yes", "Sí"), Option("no", "No")


def sent(outbound: Outbound, **more: Any) -> dict[str, Any]:
    return message(outbound, **{"to": ANA, "callback_id": "4711", **more})


def test_a_text_is_sent_whole() -> None:
    assert sent(say("Hola")) == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "+5215512345678",
        "type": "text",
        "text": {"body": "Hola"},
        "biz_opaque_callback_data": "4711",
    }


@pytest.mark.parametrize(
    ("to", "address"),
    [
        (identity(bsuid="MX.1", wa_id="521"), {"to": "+521"}),
        (identity(wa_id="+521"), {"to": "+521"}),
        (identity(bsuid="MX.1", parent_bsuid="MX.ENT.1"), {"recipient": "MX.1"}),
        (identity(parent_bsuid="MX.ENT.1"), {"recipient": "MX.ENT.1"}),
    ],
)
def test_the_phone_is_used_when_it_is_known_else_the_business_scoped_id(to: Identity, address: dict[str, str]) -> None:
    request = sent(say("x"), to=to)
    assert {name: request[name] for name in ("to", "recipient") if name in request} == address


def test_somebody_without_a_whatsapp_id_is_our_own_mistake() -> None:
    with pytest.raises(Broken):
        sent(say("x"), to=Identity((("web", "abc"),)))


def test_an_answer_quotes_what_it_answers() -> None:
    assert sent(say("x"), reply_to="wamid.X")["context"] == {"message_id": "wamid.X"}


def test_a_question_carries_its_buttons() -> None:
    assert sent(ask("¿Seguro?", YES, NO, footer="Turno"))["interactive"] == {
        "type": "button",
        "body": {"text": "¿Seguro?"},
        "footer": {"text": "Turno"},
        "action": {
            "buttons": [
                {"type": "reply", "reply": {"id": "yes", "title": "Sí"}},
                {"type": "reply", "reply": {"id": "no", "title": "No"}},
            ]
        },
    }


def test_a_list_carries_its_rows() -> None:
    assert sent(choose("Menú", "Ver", Option("a", "A", "primera"), Option("b", "B")))["interactive"] == {
        "type": "list",
        "body": {"text": "Menú"},
        "action": {
            "button": "Ver",
            "sections": [
                {
                    "rows": [
                        {"id": "a", "title": "A", "description": "primera"},
                        {"id": "b", "title": "B"},
                    ]
                }
            ],
        },
    }


def test_a_link_stands_behind_a_button_and_can_be_said_plainly() -> None:
    link = point("Ve cómo va", "Ver", "https://x.example/1")
    assert sent(link)["interactive"] == {
        "type": "cta_url",
        "body": {"text": "Ve cómo va"},
        "action": {"name": "cta_url", "parameters": {"display_text": "Ver", "url": "https://x.example/1"}},
    }
    assert Outbound.revive(link.kind, link.text, link.content) == link
    assert plainly(link) == say("Ve cómo va\n\nhttps://x.example/1")


def test_a_location_is_asked_for_with_a_button() -> None:
    assert sent(ask_location("¿Dónde?"))["interactive"] == {
        "type": "location_request_message",
        "body": {"text": "¿Dónde?"},
        "action": {"name": "send_location"},
    }


def test_a_place_is_a_pin_and_can_be_said_plainly() -> None:
    shown = pin(Place(-34.6, -58.4, "Casa", "Calle 1"))
    assert sent(shown)["location"] == {"latitude": -34.6, "longitude": -58.4, "name": "Casa", "address": "Calle 1"}
    assert Outbound.revive(shown.kind, shown.text, shown.content) == shown
    assert plainly(shown).text == "Casa, Calle 1\n\nhttps://www.google.com/maps/search/?api=1&query=-34.6,-58.4"
    assert LIMITS.problems(replace(shown, place=Place(91, 0))) and LIMITS.problems(replace(shown, place=None))


def test_a_file_goes_by_id_or_by_link() -> None:
    assert sent(show("image", Media(id="9"), "foto"))["image"] == {"id": "9", "caption": "foto"}
    document = sent(show("document", Media(link="https://x.example/a.pdf", filename="a.pdf")))
    assert document["document"] == {"link": "https://x.example/a.pdf", "filename": "a.pdf"}


def test_a_template_carries_its_words() -> None:
    request = sent(use_template(Template("encuesta", "es_MX", ("Ana", "TKT-1"))))
    assert request["template"] == {
        "name": "encuesta",
        "language": {"code": "es_MX"},
        "components": [
            {"type": "body", "parameters": [{"type": "text", "text": "Ana"}, {"type": "text", "text": "TKT-1"}]}
        ],
    }


def test_a_read_mark_may_show_that_we_are_typing() -> None:
    mark = {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.X"}
    assert read_mark("wamid.X", typing=False) == mark
    assert read_mark("wamid.X", typing=True) == {**mark, "typing_indicator": {"type": "text"}}


ROWS = [Option(str(i), f"Fila {i}") for i in range(11)]


@pytest.mark.parametrize(
    "good",
    [
        say("a" * 4096),
        say("😀" * 2048),
        ask("a" * 1024, Option("x" * 256, "t" * 20), YES, NO, footer="f" * 60),
        ask("¿?", Option("a", "snake_case_word"), Option("b", "2 * 3")),
        choose("a" * 1024, "b" * 20, *[Option(f"{i}" * 200, "t" * 24, "d" * 72) for i in range(10)], footer="f" * 60),
        ask_location("a" * 1024),
        point("a" * 1024, "t" * 20, "https://x.example/".ljust(2000, "a")),
        show("image", Media(id="1"), "c" * 1024),
        show("document", Media(link="https://x.example/a", filename="a.pdf")),
        use_template(Template("n", "es", ("a",))),
    ],
    ids=lambda outbound: outbound.kind,
)
def test_what_just_fits_has_no_problems(good: Outbound) -> None:
    assert LIMITS.problems(good) == []


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        (say(""), "text is empty"),
        (say("  "), "text is empty"),
        (say("a" * 4097), "4097 characters"),
        (say("😀" * 2049), "4098 characters"),
        (ask("¿?"), "0 buttons, must be 1 to 3"),
        (ask("¿?", *ROWS[:4]), "4 buttons"),
        (ask("", YES), "text is empty"),
        (ask("a" * 1025, YES), "1025 characters"),
        (ask("¿?", YES, footer="f" * 61), "footer"),
        (ask("¿?", Option("a", "t" * 21)), "button title"),
        (ask("¿?", Option("a", "")), "button title is empty"),
        (ask("¿?", Option("a", "Sí"), Option("b", "Sí")), "button titles are not unique: Sí"),
        (ask("¿?", Option("a", "Sí"), Option("a", "No")), "button ids are not unique: a"),
        (ask("¿?", Option("x" * 257, "Sí")), "button id"),
        (ask("¿?", Option(" a", "Sí")), "begins or ends with a space"),
        (ask("¿?", Option("a", "*Sí*")), "formatting"),
        (ask("¿?", Option("a", "_Sí_")), "formatting"),
        (choose("x", "Ver"), "0 rows, must be 1 to 10"),
        (choose("x", "Ver", *ROWS), "11 rows"),
        (choose("x", "", YES), "list button is empty"),
        (choose("x", "b" * 21, YES), "list button"),
        (choose("x", "Ver", Option("a", "t" * 25)), "row title"),
        (choose("x", "Ver", Option("a", "A", "d" * 73)), "description"),
        (choose("x", "Ver", Option("x" * 201, "A")), "row id"),
        (choose("a" * 1025, "Ver", YES), "1025 characters"),
        (ask_location("a" * 1025), "1025 characters"),
        (point("a" * 1025, "Ver", "https://x.example"), "1025 characters"),
        (point("a", "t" * 21, "https://x.example"), "button title"),
        (point("a", "Ver", ""), "not a web address"),
        (point("a", "Ver", "tel:911"), "not a web address"),
        (point("a", "Ver", "https://x.example/".ljust(2001, "a")), "2001 characters"),
        (show("image", Media()), "either an id or a link"),
        (show("image", Media(id="1", link="https://x.example")), "either an id or a link"),
        (Outbound("image"), "either an id or a link"),
        (show("image", Media(link="file:///etc/passwd")), "not a web address"),
        (show("image", Media(id="1"), "c" * 1025), "caption"),
        (show("image", Media(id="1", filename="a")), "filename"),
        (show("audio", Media(id="1"), "x"), "caption"),
        (Outbound("template"), "needs a name"),
        (use_template(Template("n", "")), "language"),
        (use_template(Template("n", "es", ("",))), "empty parameter"),
    ],
)
def test_each_limit_is_told(bad: Outbound, told: str) -> None:
    assert any(told in problem for problem in LIMITS.problems(bad)), LIMITS.problems(bad)


def test_a_text_that_fits_stays_one() -> None:
    assert LIMITS.split("Hola.\n\n¿Qué tal?") == ["Hola.\n\n¿Qué tal?"]
    assert LIMITS.split("  ") == []


@pytest.mark.parametrize("gap", ["\n\n", "\n", ". ", "? ", " "])
def test_a_long_text_is_cut_where_a_reader_would(gap: str) -> None:
    text = ("palabra" * 300 + gap) * 4
    assert LIMITS.split(text) == [("palabra" * 300 + gap).rstrip()] * 4


def test_a_paragraph_end_is_better_than_a_later_sentence_end() -> None:
    first = "a" * 3000 + "\n\n"
    pieces = LIMITS.split(first + "b. " * 1000)
    assert pieces[0] == "a" * 3000


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from("aé😀. \n?\u200d"), min_size=1, max_size=200), st.integers(20, 90))
def test_pieces_fit_and_lose_nothing_but_spaces(unit: str, times: int) -> None:
    text = unit * times
    pieces = LIMITS.split(text)
    assert all(0 < length(piece) <= LIMITS.text for piece in pieces)
    assert re.sub(r"\s", "", "".join(pieces)) == re.sub(r"\s", "", text)
