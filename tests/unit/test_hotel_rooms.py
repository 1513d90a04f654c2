"""Rooms on offer are shown as they look: a card each, once; one alone above its question; nothing broken without a photo."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bot
from bot.desks.hotel import pictures
from bot.desks.hotel.flows.rooms import LOOKS
from bot.engine.rehearsal import Rehearsal, business
from bot.script import toml_file
from core.messages import Outbound
from core.turn import FileSaid, Turn
from core.wire.whatsapp_limits import LIMITS
from simulator import uploads

HOME = Path(bot.__file__).parent / "desks" / "hotel"
KINDS = toml_file.read(HOME / "demo.toml")["desks"][0]["room_types"]
LINK = "https://mirador.example/familiar.jpg"


def quote(number: int, room: str) -> dict[str, Any]:
    return {
        "quote": number, "room": room, "name": room.replace("_", " "), "arrives": "2026-03-10", "leaves": "2026-03-12",
        "nights": [{"day": "2026-03-10", "price": "100000.00", "tax": "21000.00"}] * 2, "total": "242000.00",
        "tax": "42000.00", "currency": "ARS", "good_until": "2026-03-02T11:00:00+00:00", "parties": [{"adults": 2, "ages": []}],
    }  # fmt: skip


def found(*rooms: str, lines: list[dict[str, Any]] = KINDS) -> tuple[Rehearsal, Turn]:
    """A search that finds these kinds."""
    asked = " ".join(rooms[:3])
    guest = Rehearsal(business(HOME), facts={"room_looks": {asked: LOOKS.choose(asked, lines)}})
    for line in ("habitaciones", "2026-03-10", "2026-03-12"):
        guest.say(line)
    return guest, told(guest, guest.say("2 adultos"), *rooms)


def told(guest: Rehearsal, asked: Turn, *rooms: str) -> Turn:
    [wanted] = [record for record in asked.records if getattr(record, "service", "") == "offers"]
    offers = [quote(number, room) for number, room in enumerate(rooms, 1)]
    return guest.event(
        "errand", service="offers", what="search", key=wanted.key, outcome="done", result={"offers": offers, "age_s": 0}
    )


def shown(turn: Turn) -> list[Outbound]:
    return [reply for reply in turn.replies if reply.media]


def test_each_kind_on_offer_has_a_card_and_the_question_follows() -> None:
    _, turn = found("standard_double", "premium_double")
    assert [(reply.kind, reply.text.split("\n")[0]) for reply in turn.replies] == [
        ("image", "*standard double*"),
        ("image", "*premium double*"),
        ("buttons", turn.replies[-1].text.split("\n")[0]),
    ]
    files = [record.file for record in turn.records if isinstance(record, FileSaid)]
    assert [reply.media for reply in shown(turn)] == [file.media for file in files]
    assert all("vista al lago" in reply.text for reply in turn.replies[1:2])


def test_no_more_cards_than_the_hotel_wants_to_pay_for() -> None:
    _, turn = found("standard_double", "premium_double", "family", "suite")
    assert len(shown(turn)) == 3


def test_one_kind_alone_stands_above_its_question() -> None:
    _, turn = found("suite")
    [question] = turn.replies
    assert (question.kind, question.media) == ("buttons", pictures.DRAWN["suite.jpg"].media)
    assert LIMITS.problems(question) == []


def test_a_kind_without_a_photo_is_said_in_words_alone() -> None:
    lines = [{**KINDS[1], "photo": ""}, {**KINDS[2], "photo": "gone.jpg"}, {**KINDS[3], "photo": LINK}]
    _, turn = found("standard_double", "premium_double", "family", lines=lines)
    assert [reply.media and reply.media.link for reply in turn.replies] == [LINK, None]


def test_what_was_shown_is_not_shown_again() -> None:
    guest, _ = found("suite", "family")
    guest.press("other_days")
    guest.say("2026-04-10")
    again = told(guest, guest.say("2026-04-12"), "suite", "family")
    assert again.replies and shown(again) == []


def test_pictures_of_the_demo_are_what_every_platform_takes() -> None:
    assert {kind["photo"] for kind in KINDS} == set(pictures.DRAWN)
    for picture in pictures.DRAWN.values():
        assert picture.file and len(picture.file.content) < 20_000
        uploads.check(picture.file.content, picture.file.mime_type)
