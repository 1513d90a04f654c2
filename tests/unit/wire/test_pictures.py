"""A photo's kind and size, told by its first bytes alone."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core.wire.pictures import Sketch, sketch


def photo(kind: str, size: tuple[int, int], **how: object) -> bytes:
    file = BytesIO()
    Image.new("RGB", size, "teal").save(file, kind, **how)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["png", "gif", "jpeg", "webp"])
@pytest.mark.parametrize("size", [(10, 10), (1920, 1080), (333, 4001)])
def test_kind_and_size_are_known(kind: str, size: tuple[int, int]) -> None:
    assert sketch(photo(kind, size)) == Sketch(f"image/{kind}", *size)


def test_every_kind_of_webp_and_jpeg_is_known() -> None:
    assert sketch(photo("webp", (64, 48), lossless=True)) == Sketch("image/webp", 64, 48)
    assert sketch(photo("webp", (64, 48), exif=b"Exif\0\0" + b"x" * 40)) == Sketch("image/webp", 64, 48)
    assert sketch(photo("jpeg", (64, 48), progressive=True, exif=b"Exif\0\0" + b"x" * 40)) == Sketch(
        "image/jpeg", 64, 48
    )


@pytest.mark.parametrize(
    "content",
    [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", b"#!/bin/sh", b"\x00\x00\x00\x18ftypheic", b"BM" + b"\0" * 60],
)  # fmt: skip
def test_anything_else_is_no_photo(content: bytes) -> None:
    assert sketch(content) is None


@pytest.mark.parametrize("kind", ["png", "gif", "jpeg", "webp"])
def test_a_photo_that_was_cut_off_is_none_or_tells_its_size(kind: str) -> None:
    whole = photo(kind, (64, 48))
    for length in range(len(whole)):
        found = sketch(whole[:length])
        assert found is None or (found.width, found.height) == (64, 48)


@given(st.sampled_from([b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\xff\xd8\xff", b"RIFF\0\0\0\0WEBPVP8X", b""]), st.binary())
def test_no_bytes_break_it(begins: bytes, rest: bytes) -> None:
    sketch(begins + rest)
