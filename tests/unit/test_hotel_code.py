"""The QR code of a booking: read by a camera, checked by reception, and made by nobody else."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pydantic import SecretStr

import bot
from bot.__main__ import main
from bot.desks.hotel import qr
from bot.engine.rehearsal import SETTINGS, Rehearsal, business
from bot.script.desk_settings import DeskSettings
from bot.script.draft import Draft
from core import signed_codes
from core.messages import Event
from core.reading import Reading
from core.wire.whatsapp_limits import LIMITS
from simulator import uploads

KEY = "k" * 32
MIRADOR = business(Path(bot.__file__).parent / "desks" / "hotel")


def draft(key: str = KEY) -> Draft:
    session = Rehearsal(MIRADOR).session
    chosen = SETTINGS.model_copy(update={"codes_secret": SecretStr(key)})
    made = Draft.of(session, Event("e", "text"), Reading(), Rehearsal(MIRADOR).now, chosen, DeskSettings(), LIMITS)
    made.flow = "hotel_stay"
    return made


def test_the_code_of_a_booking_is_read_from_its_picture_and_holds_nothing_of_the_guest() -> None:
    picture = qr.picture(draft(), "HB-7K2M9P")
    assert picture and picture.file
    uploads.check(picture.file.content, picture.file.mime_type)
    [read] = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture.file.content)))
    assert signed_codes.check(read.text, business=MIRADOR.id, key=KEY) == "HB-7K2M9P"
    assert read.text.startswith("HB-7K2M9P.") and len(read.text) == len("HB-7K2M9P.") + 16


@pytest.mark.parametrize(("key", "reference"), [("", "HB-7K2M9P"), (KEY, "a reference of another system"), (KEY, "")])
def test_without_a_key_or_a_number_for_it_there_is_no_code(key: str, reference: str) -> None:
    assert qr.picture(draft(key), reference) is None


CODE = signed_codes.sign("HB-7K2M9P", business="hotel-mirador", key=KEY)


@pytest.mark.parametrize(
    ("text", "business", "key"),
    [
        (CODE.replace("7K", "8K"), "hotel-mirador", KEY),
        (CODE[:-1] + ("A" if CODE[-1] != "A" else "B"), "hotel-mirador", KEY),
        (CODE[:-1], "hotel-mirador", KEY),
        (CODE, "another-hotel", KEY),
        (CODE, "hotel-mirador", "x" * 32),
        (CODE, "hotel-mirador", ""),
        ("HB-7K2M9P", "hotel-mirador", KEY),
        ("HB-7K2M9P.", "hotel-mirador", KEY),
    ],
)
def test_a_code_that_somebody_else_made_is_refused(text: str, business: str, key: str) -> None:
    assert signed_codes.check(text, business=business, key=key) == ""


def test_a_code_is_taken_however_a_scanner_types_it() -> None:
    assert signed_codes.check(f" {CODE.lower()}\n", business="hotel-mirador", key=KEY) == "HB-7K2M9P"


@given(st.text(max_size=200))
def test_whatever_is_read_is_no_code_of_ours(text: str) -> None:
    assert signed_codes.check(text, business="hotel-mirador", key=KEY) == ""


def test_reception_checks_a_code_on_the_command_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CODES_SECRET", KEY)
    assert main(["code", "hotel-mirador", CODE]) == 0
    assert main(["code", "hotel-mirador", CODE[:-1]]) == 1
    assert capsys.readouterr().out == "✓ HB-7K2M9P\n✗ not a code of ours\n"
    monkeypatch.delenv("CODES_SECRET")
    assert main(["code", "hotel-mirador", CODE]) == 2
