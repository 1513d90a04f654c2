"""Allowed lengths of SAP codes: a desk may be stricter than the usual five to ten digits."""

from __future__ import annotations

from bot.desks.field import settings
from bot.script.draft import Draft
from bot.script.phrases import phrase

SLOT = "sap_code"


def fits(draft: Draft, slot: str, value: object) -> bool:
    """Whether something that looks like a code has a length that this desk's codes have."""
    if slot != SLOT:
        return True
    least, most = _lengths(draft)
    return least <= sum(c.isdigit() for c in str(value)) <= most


def digits_of(draft: Draft) -> dict[str, object]:
    """The length, as phrases tell it: {digits}."""
    least, most = _lengths(draft)
    key = "digits_exactly" if least == most else "digits_between"
    return {"digits": phrase(draft.language, draft.flow, key, least=least, most=most)}


def _lengths(draft: Draft) -> tuple[int, int]:
    own = settings.of(draft)
    return own.sap_digits_least, max(own.sap_digits_least, own.sap_digits_most)
