"""A picture is said with its caption, in its place among the sentences, or above the buttons of a question."""

from __future__ import annotations

import pytest

from bot.engine import bursts, replies
from bot.script.showing import at, drawn
from core.errors import Broken
from core.limits import Limits
from core.messages import Media, Option, ask
from core.turn import Sentence
from core.wire.whatsapp_limits import LIMITS
from simulator import samples
from tests.unit.talk import Talk

PHOTO = Media(link="https://hotel.example/doble.jpg")
DOUBLE = Sentence("room", "*Doble*, $ 80.000", picture=PHOTO)
QUESTION = ask("¿Cuál te reservo?", Option("a", "Doble"), Option("b", "Triple"))


def made(*sentences: Sentence, limits: Limits = LIMITS) -> list[tuple[str, str]]:
    return [(reply.kind, reply.text) for reply in replies.made_of(sentences, QUESTION, limits)]


def test_each_picture_is_a_message_with_its_caption_after_what_was_said_before_it() -> None:
    found = made(Sentence("found", "Hay dos:"), DOUBLE, DOUBLE._replace(text="*Triple*"), Sentence("tax", "Con IVA."))
    assert found == [
        ("text", "Hay dos:"),
        ("image", "*Doble*, $ 80.000"),
        ("image", "*Triple*"),
        ("buttons", "Con IVA.\n\n¿Cuál te reservo?"),
    ]


def test_a_caption_that_is_too_long_stands_beneath_its_picture() -> None:
    assert made(DOUBLE._replace(text="x" * 1025))[:2] == [("image", ""), ("text", "x" * 1025)]


def test_a_picture_survives_a_burst_of_lines() -> None:
    told = Talk().say("hola")
    pictured = told.__class__(**{**{n: getattr(told, n) for n in told.__slots__}, "said": (DOUBLE,)})
    assert bursts.by_itself(pictured).replies[0].media == PHOTO


@pytest.mark.parametrize(
    "address",
    [
        "",
        None,
        7,
        "rooms/doble.jpg",
        "http://hotel.example/a.jpg",
        "https://a.example/a b.jpg",
        "https://" + "x" * 2000,
    ],
)
def test_what_is_no_https_address_shows_nothing(address: object) -> None:
    assert at(address) is None


def test_only_a_jpeg_or_a_png_of_a_megabyte_is_a_picture() -> None:
    assert drawn(samples.photo()).media.id.startswith("file:")
    for content in (b"", b"<svg/>", samples.photo() + b"\0" * 1_048_576):
        with pytest.raises(Broken):
            drawn(content)


def test_a_picture_fits_only_where_pictures_are_shown() -> None:
    headed = QUESTION.__class__("buttons", "¿?", QUESTION.options, media=PHOTO)
    assert LIMITS.problems(headed) == []
    assert Limits().problems(headed) == ["no picture is shown there"]
