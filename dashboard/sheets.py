"""CSV lines that are safe against formula injection."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from core.formulas import harmless

START = "\ufeff"
"""The byte order mark, by which Excel knows UTF-8."""


def line(cells: Iterable[object]) -> str:
    """One line; a text that a spreadsheet would take for a formula begins with an apostrophe."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([harmless(cell) for cell in cells])
    return out.getvalue()
