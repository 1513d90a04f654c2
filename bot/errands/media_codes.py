"""Codes of equipment in what a label says."""

from __future__ import annotations

import re
from collections.abc import Iterable

MOST = 10
USUAL_LENGTH = 7
_CODE = re.compile(r"(?<![0-9])[0-9]{5,10}(?![0-9])")


def codes_in(texts: Iterable[str]) -> list[str]:
    """Groups of five to ten digits, the usual seven before others, in the order they stand."""
    found = dict.fromkeys(group for text in texts for group in _CODE.findall(text))
    return sorted(found, key=lambda code: len(code) != USUAL_LENGTH)[:MOST]
