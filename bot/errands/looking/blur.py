"""Blur detection: variance of the Laplacian, on a small grey copy so that all cameras are judged alike."""

from __future__ import annotations

from PIL import Image

LONGEST_SIDE = 200


def sharpness(picture: Image.Image) -> float:
    """High for edges, near zero for a smear."""
    small = picture.convert("L")
    small.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.BOX)
    return _variance(_laplacian(small.tobytes(), small.width))


def _laplacian(grey: bytes, width: int) -> list[int]:
    """Of every pixel that has four neighbours in its row and column; the seams between rows are left out."""
    inner = range(width + 1, len(grey) - width - 1)
    return [
        grey[i - width] + grey[i + width] + grey[i - 1] + grey[i + 1] - 4 * grey[i]
        for i in inner
        if 0 < i % width < width - 1
    ]


def _variance(values: list[int]) -> float:
    if not values:
        return 0.0
    mean = sum(values) / len(values)
    return sum(value * value for value in values) / len(values) - mean * mean
