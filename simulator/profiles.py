"""Business profiles: what a customer sees who taps the head of a chat, read and written as at the Graph API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from simulator.errors import GraphError
from simulator.parts import words
from simulator.people import Business

LONGEST = {"about": 139, "address": 256, "description": 512, "email": 128, "vertical": 40}
MOST_WEBSITES, LONGEST_WEBSITE = 2, 256


def answer_of(business: Business) -> dict[str, Any]:
    """The answer to GET; what is empty is left out, as Meta does."""
    known = {"about": business.about, **{n: value for n, value in business.profile.items() if n != "hours"}}
    return {"data": [{"messaging_product": "whatsapp", **{name: value for name, value in known.items() if value}}]}


def changed(business: Business, asked: Any) -> Business:
    """The business with what a POST names; raises GraphError."""
    if not isinstance(asked, Mapping) or asked.get("messaging_product") != "whatsapp":
        raise GraphError(100, "The parameter messaging_product is required.")
    given = {name: words(asked, name, most, needed=False) for name, most in LONGEST.items() if name in asked}
    if "websites" in asked:
        given["websites"] = _websites(asked["websites"])
    about = given.pop("about", business.about)
    return replace(business, about=str(about), profile={**business.profile, **given})


def _websites(given: Any) -> Any:
    if not isinstance(given, list) or len(given) > MOST_WEBSITES:
        raise GraphError(131009, f"websites: at most {MOST_WEBSITES}")
    for address in given:
        fits = (
            isinstance(address, str) and address.startswith(("http://", "https://")) and len(address) <= LONGEST_WEBSITE
        )
        if not fits:
            raise GraphError(131009, "websites: not a web address")
    return given
