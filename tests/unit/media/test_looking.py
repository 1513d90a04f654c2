"""What a photo shows, and what becomes of files that are no photos."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from bot.errands.looking import blur, keeping, picture
from bot.errands.looking.look import Seen, look
from tests.pictures import HEIC, SCRIPT, SVG, barcode, blurred, bomb_gif, bomb_png, photo, png_of, wall, written

PIXELS = 40_000_000


def see(content: bytes, *, read_codes: bool = True) -> Seen:
    return look(content, pixels=PIXELS, sharp_from=100, read_codes=read_codes)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_barcode_is_read_from_every_format_a_phone_sends(format: str) -> None:
    seen = see(written(photo(), format))
    assert (seen.outcome, seen.texts) == ("ok", ("4045101",))


@pytest.mark.parametrize("kind", ["Code128", "Code39", "QRCode", "DataMatrix", "PDF417"])
def test_every_kind_of_code_on_labels_is_read(kind: str) -> None:
    assert see(written(photo(kind=kind, scale=4))).texts == ("4045101",)


@pytest.mark.parametrize("turned", [0, 12, 25, 38, 45, 60, 90, 135, 180, 217, 270, 333])
def test_a_barcode_is_read_however_the_phone_was_held(turned: float) -> None:
    assert see(written(photo(turned=turned, size=(900, 900)))).texts == ("4045101",)


def test_a_large_jpeg_is_decoded_at_a_reduced_scale_and_its_code_is_read() -> None:
    """Upright or held sideways: as many pixels as are looked at, a fourth of what the camera took."""
    large = photo(scale=10, size=(4000, 3000))
    for shown in (large, large.transpose(Image.Transpose.ROTATE_90)):
        content = written(shown)
        assert max(picture.opened(content, pixels=PIXELS).size) == picture.LOOKED_AT
        assert see(content).texts == ("4045101",)
    as_png = picture.opened(written(large, "PNG", compress_level=1), pixels=PIXELS)
    assert as_png.size == (4000, 3000), "a PNG cannot be"


def test_a_small_barcode_is_read_from_a_larger_copy() -> None:
    assert see(written(photo(scale=1), quality=95)).texts == ("4045101",)


def test_a_photo_with_nothing_to_read_says_so_and_is_kept() -> None:
    seen = see(written(wall()))
    assert (seen.outcome, seen.texts, seen.blurred) == ("ok", (), False)
    assert Image.open(BytesIO(seen.kept)).format == "JPEG"


def test_codes_of_evidence_are_not_looked_for() -> None:
    assert see(written(photo()), read_codes=False).texts == ()


def test_a_smear_is_blurred_and_a_label_is_not() -> None:
    assert see(blurred()).blurred
    assert not see(written(photo())).blurred
    assert blur.sharpness(Image.new("RGB", (300, 300), "grey")) == 0


@pytest.mark.parametrize(
    ("content", "outcome"),
    [
        pytest.param(SCRIPT, "wrong_kind", id="a script"),
        pytest.param(SVG, "wrong_kind", id="an svg"),
        pytest.param(HEIC, "wrong_kind", id="a heic"),
        pytest.param(b"", "wrong_kind", id="nothing"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + SCRIPT, "wrong_kind", id="a script that begins like a png"),
        pytest.param(b"GIF89a=1;" + SCRIPT, "wrong_kind", id="a script that begins like a gif"),
        pytest.param(b"\xff\xd8\xff\xe0" + SVG, "wrong_kind", id="an svg that begins like a jpeg"),
        pytest.param(bomb_gif(), "too_large", id="a gif bomb"),
        pytest.param(png_of(100_000, 100_000, bytes(2000)), "too_large", id="a png that announces too much"),
        pytest.param(written(wall(640, 480))[:20_000], "wrong_kind", id="half a jpeg"),
        pytest.param(written(Image.new("RGB", (60, 60))), "too_small", id="less than a kilobyte"),
        pytest.param(written(wall(400, 40), "PNG"), "too_small", id="a strip"),
    ],
)
def test_what_is_no_photo_has_an_outcome_of_its_own(content: bytes, outcome: str) -> None:
    assert see(content) == Seen(outcome)


def test_a_decompression_bomb_is_too_large() -> None:
    assert see(bomb_png(7_000)).outcome == "too_large"


def test_a_picture_with_a_script_behind_it_is_kept_without_the_script() -> None:
    for kept in (see(written(photo(), "PNG") + SCRIPT).kept, see(written(photo(), quality=20) + SCRIPT).kept):
        assert b"rm -rf" not in kept
        assert Image.open(BytesIO(kept)).format == "JPEG"


def test_where_a_photo_was_taken_is_not_kept() -> None:
    notes = Image.Exif()
    notes[0x8825] = {1: "N", 2: (25.0, 40.0, 12.0)}
    notes[0x010F] = "Camera of Rosa"
    for picture_ in (wall(2000, 1500), wall(320, 240)):
        kept = see(written(picture_, exif=notes, quality=40, comment=b"Rosa's kitchen")).kept
        found = Image.open(BytesIO(kept))
        assert b"Rosa" not in kept
        assert not found.getexif()
        assert max(found.size) <= 800


def test_a_photo_held_sideways_is_kept_upright() -> None:
    notes = Image.Exif()
    notes[0x0112] = 6
    kept = Image.open(BytesIO(see(written(wall(640, 320), exif=notes)).kept))
    assert kept.size == (320, 640)


def test_a_smaller_original_is_kept_rather_than_made_again() -> None:
    original = written(photo(), quality=10)
    assert see(original).kept == keeping.without_notes(original)
    assert see(written(photo(), quality=98)).kept != original


def test_a_transparent_picture_is_laid_on_white() -> None:
    see_through = barcode(scale=4).convert("RGBA")
    see_through.putdata([(0, 0, 0, 255 if red < 128 else 0) for red, *_ in see_through.get_flattened_data()])
    scene = Image.new("RGBA", (640, 480), (0, 0, 0, 0))
    scene.paste(see_through, (60, 100))
    assert see(written(scene, "PNG", compress_level=0)).texts == ("4045101",)


def test_notes_that_are_broken_do_not_spoil_a_photo() -> None:
    assert picture.orientation(written(wall(), exif=b"Exif\0\0MM\0\x2a\xff\xff\xff\xff")) == 1
