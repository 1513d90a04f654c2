"""Personal data in text: detection and masking.

`mask("Mi email es test@example.com")` is `"Mi email es [EMAIL_REDACTED]"`. Numbers that are not personal (tickets, dates,
prices, the codes on labels) stay as they are: a number is personal when its check digits say so, or the words before
it do. Deterministic, no I/O; a text without digits, `@` or a word for a secret costs one short scan.
"""

from __future__ import annotations

from core.pii.finding import Found, find, mask
from core.pii.rules import MAY_HOLD

__all__ = ["MAY_HOLD", "Found", "find", "mask"]
