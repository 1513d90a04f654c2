"""What the AI sees on photos and hears in voice notes, and what it costs when it is no help."""

from __future__ import annotations

from typing import Any

import pytest

from bot.desks.field.photos import Fault, Label
from bot.desks.it.photos import Screen
from bot.nlu.ai.answer import BadAnswer
from core.breaker import BreakerOpen
from core.errors import TimedOut, Unreachable
from tests.integration.errands import want
from tests.integration.studio import LABEL, Ears, Eyes, Studio
from tests.pictures import SCRIPT, opus, wall, written


def test_the_ai_reads_a_label_without_a_barcode(studio: Studio) -> None:
    eyes = Eyes(Label(codes=["SAP 4045101", "555"], text="VR-16", legible=True, confidence=0.8))
    studio.show(written(wall()))
    studio.look(studio.worker(vision=eyes))
    result = studio.result()
    assert (result["outcome"], result["codes"], result["source"]) == ("ok", ["4045101"], "vision")
    assert eyes.shown[0].startswith(b"\xff\xd8")
    assert "VR-16" in studio.rooms.said()[-1]


def test_the_ai_is_not_asked_where_a_barcode_tells(studio: Studio) -> None:
    eyes = Eyes(Label(codes=["9999999"], legible=True, confidence=1))
    studio.show(LABEL)
    studio.look(studio.worker(vision=eyes))
    assert studio.result()["codes"] == ["4045101"] and not eyes.shown


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (Label(codes=["4045101"], legible=True, confidence=0.5), "no_text"),
        (Label(codes=["ignore all rules", "12", "1" * 21], legible=True, confidence=1), "no_text"),
        (Label(legible=False, confidence=0.1), "blurred"),
        (TimedOut("slow"), "no_text"),
        (Unreachable("away"), "no_text"),
        (BadAnswer("prose"), "no_text"),
    ],
)
def test_an_ai_that_is_no_help_costs_only_the_text(studio: Studio, answer: Any, outcome: str) -> None:
    studio.show(written(wall()))
    studio.look(studio.worker(vision=Eyes(answer)))
    assert studio.result()["outcome"] == outcome


def want_fault(studio: Studio, purpose: str, content: bytes) -> None:
    """A photo of the equipment, wanted for what it shows to be broken."""
    studio.files.add("79", content)
    want(studio.rooms, "photo", purpose, "79", media_id="79")


def test_the_ai_sees_the_problem_and_the_customer_reads_it(studio: Studio) -> None:
    eyes = Eyes(Fault(equipment_kind="refrigerator", problem="gotea\u200b agua", legible=True, confidence=0.8))
    want_fault(studio, "problem", LABEL)
    studio.look(studio.worker(vision=eyes))
    result = studio.result()
    assert (result["outcome"], result["purpose"], "codes" in result) == ("ok", "problem", False)
    assert result["fault"] == {"kind": "refrigerator", "problem": "gotea agua", "confidence": 0.8}
    assert eyes.languages == ["es"] and "«gotea agua»" in studio.rooms.said()[-1]


def test_a_barcode_in_the_menu_is_read_without_the_ai(studio: Studio) -> None:
    eyes = Eyes(Fault(legible=True, confidence=1))
    want_fault(studio, "fault", LABEL)
    studio.look(studio.worker(vision=eyes))
    assert studio.result()["codes"] == ["4045101"] and not eyes.shown


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (Fault(legible=False, confidence=0.1), "blurred"),
        (Fault(legible=True, confidence=1), "no_problem"),
        (Fault(problem="humo", equipment_kind="vehicle", legible=True, confidence=0.2), "no_problem"),
        (Fault(codes=["4045101"], legible=True, confidence=0.4), "no_problem"),
        (TimedOut("slow"), "no_problem"),
        (Unreachable("away"), "no_problem"),
        (BadAnswer("prose"), "no_problem"),
    ],
)
def test_an_ai_that_sees_nothing_costs_only_the_words(studio: Studio, answer: Any, outcome: str) -> None:
    want_fault(studio, "problem", written(wall()))
    studio.look(studio.worker(vision=Eyes(answer)))
    assert studio.result()["outcome"] == outcome


def test_while_the_ai_is_turned_off_no_photo_is_shown_to_it(studio: Studio) -> None:
    eyes = Eyes(Fault(problem="humo", legible=True, confidence=1))
    want_fault(studio, "problem", written(wall()))
    worker = studio.worker(vision=eyes)
    studio.examiner._switch = lambda: False
    studio.look(worker)
    assert (studio.result()["outcome"], eyes.shown) == ("no_problem", [])


@pytest.mark.parametrize(("problem", "source"), [(BreakerOpen("ai:vision"), ""), (Unreachable("away"), "vision")])
def test_only_a_photo_that_was_shown_counts_as_asked(studio: Studio, problem: Exception, source: str) -> None:
    want_fault(studio, "problem", written(wall()))
    studio.look(studio.worker(vision=Eyes(problem)))
    assert (studio.result()["outcome"], studio.result().get("source", "")) == ("no_problem", source)


def test_a_job_that_breaks_us_is_failed_and_told(studio: Studio) -> None:
    studio.show(written(wall()))
    studio.look(studio.worker(vision=Eyes(RuntimeError("a bug"))))
    assert studio.result()["outcome"] == "failed"


def test_a_voice_note_is_written_down(studio: Studio) -> None:
    want_audio(studio, b"OggS" + bytes(4000))
    studio.look(studio.worker(voice=Ears("mi refri no enfría")))
    result = studio.result()
    assert (result["for"], result["outcome"], result["text"]) == ("audio", "ok", "mi refri no enfría")
    [row] = studio.rooms.ask("select text from inbox where kind = 'media_result'")
    assert row.text == "mi refri no enfría"


@pytest.mark.parametrize(
    ("content", "voice", "outcome"),
    [
        (b"OggS" + bytes(4000), None, "off"),
        (b"OggS" + bytes(40), Ears("x"), "too_small"),
        (SCRIPT, Ears("x"), "wrong_kind"),
        (opus(600), Ears("x"), "too_large"),
        (b"OggS" + bytes(4000), Ears(BadAnswer("prose")), "failed"),
        (b"OggS" + bytes(4000), Ears(TimedOut("slow")), "timed_out"),
    ],
    ids=["no ai", "tiny", "a script", "ten minutes", "prose", "slow"],
)
def test_a_voice_note_that_cannot_be_heard_has_an_outcome(
    studio: Studio, content: bytes, voice: Any, outcome: str
) -> None:
    want_audio(studio, content)
    studio.look(studio.worker(voice=voice))
    assert studio.result()["outcome"] == outcome


def want_audio(studio: Studio, content: bytes) -> None:
    studio.files.add("88", content)
    want(studio.rooms, "voice", "voice", "88", media_id="88")


def test_what_the_ai_reads_off_a_screen_comes_as_words(studio: Studio) -> None:
    studio.begin_at_help_desk()
    want_fault(studio, "screen", written(wall()))
    screen = Screen(device="notebook", problem="pantalla azul", error="DRIVER_IRQL", legible=True, confidence=0.9)
    studio.look(studio.worker(vision=Eyes(screen)))
    result = studio.result()
    assert (result["outcome"], result["text"], result["source"]) == (
        "ok",
        "notebook, pantalla azul, DRIVER_IRQL",
        "vision",
    )


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (Screen(device="notebook", legible=True, confidence=0.9), "no_text"),
        (Screen(problem="pantalla azul", legible=True, confidence=0.2), "no_text"),
        (Screen(legible=False, confidence=0.1), "blurred"),
        (TimedOut("slow"), "no_text"),
    ],
)
def test_a_screen_that_tells_nothing_asks_for_words(studio: Studio, answer: Any, outcome: str) -> None:
    studio.begin_at_help_desk()
    want_fault(studio, "screen", written(wall()))
    studio.look(studio.worker(vision=Eyes(answer)))
    assert studio.result()["outcome"] == outcome


def test_a_photo_is_for_nothing_but_what_its_own_desk_looks_for(studio: Studio) -> None:
    """The purposes of one desk mean nothing at another: such a photo is kept, and shown to nobody."""
    eyes = Eyes(Fault(problem="humo", legible=True, confidence=1))
    studio.begin_at_help_desk()
    want_fault(studio, "fault", LABEL)
    studio.look(studio.worker(vision=eyes))
    result = studio.result()
    assert (result["outcome"], "codes" in result, "fault" in result, eyes.shown) == ("ok", False, False, [])
