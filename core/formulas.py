"""Formula injection: neutralises cells of exported files that a spreadsheet would compute."""

from __future__ import annotations

import re

SIGNS = r"=+\-@＝＋－＠"
_FORMULA = re.compile(rf"((?:^|[;\t\r\n])[ '\"]{{0,8}})(?=[{SIGNS}])")
"""The beginning of a cell in some spreadsheet: many countries separate cells by `;`, and a text may be pasted."""
_BLANK = ("\t", "\r", "\n")


def harmless(cell: object) -> object:
    """The same, with an apostrophe before whatever a spreadsheet would take for a formula."""
    if not isinstance(cell, str):
        return cell
    disarmed = _FORMULA.sub(r"\1'", cell)
    return f"'{disarmed}" if disarmed.startswith(_BLANK) else disarmed
