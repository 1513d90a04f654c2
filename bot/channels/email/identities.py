"""Identities: how an address of a customer becomes an alias.

A sender whose address no trusted server has proved is another person than one whose address is proved: they see
nothing of that person's bookings and tickets, and answers go to the owner of the address either way.
"""

from __future__ import annotations

from core.messages import Identity

PROVED = "email"
CLAIMED = "email_claimed"
KINDS = (PROVED, CLAIMED)


def identity(address: str, name: str, *, proved: bool) -> Identity:
    """The person who writes from this address."""
    return Identity(((PROVED if proved else CLAIMED, address),), name)


def address_of(who: Identity) -> str | None:
    """The address that letters to this person go to."""
    return next((value for kind, value in who.aliases if kind in KINDS), None)
