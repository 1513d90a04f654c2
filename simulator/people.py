"""Demo customers and the businesses they write to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

_BSUID = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}")


@dataclass(frozen=True, slots=True)
class Business:
    """One number of ours, as a customer sees it."""

    number: str
    name: str
    display: str
    about: str = ""
    profile: Mapping[str, Any] = field(default_factory=dict)
    """The rest of its WhatsApp profile: `address`, `description`, `email`, `websites`, `vertical`; and `hours`, which Meta's
    API does not know."""

    @property
    def as_json(self) -> dict[str, Any]:
        known = {"number": self.number, "name": self.name, "display": self.display, "about": self.about}
        return {**known, "profile": dict(self.profile)}


@dataclass(frozen=True, slots=True)
class Customer:
    """A person with a phone. Without `wa_id` only the business-scoped id is known to businesses."""

    id: str
    name: str
    user_id: str
    wa_id: str = ""
    username: str = ""

    @property
    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "wa_id": self.wa_id,
            "user_id": self.user_id,
            "username": self.username,
            "bsuid_only": not self.wa_id,
        }


MESA_CLARA = {
    "description": "Ayuda a distancia, sin moverte de casa.",
    "email": "ayuda@mesaclara.example",
    "websites": ["https://mesaclara.example"],
    "hours": "09:00–18:00",
}
BUSINESSES = (
    Business("100000000000001", "Servicio de Campo", "15550100001", "Reporta una falla"),
    Business("100000000000002", "Mesa Clara Soporte", "15550100002", "Ayuda con tu computadora", MESA_CLARA),
    Business("100000000000003", "Hotel Mirador", "15550100003", "Reservas por WhatsApp"),
)


def phone_owner(wa_id: str, name: str = "") -> Customer:
    """A customer who shows the phone number."""
    return Customer(wa_id, name or f"Cliente {wa_id[-4:]}", bsuid_of(wa_id), wa_id)


def hidden(user_id: str, name: str = "") -> Customer:
    """A customer who adopted a username: businesses learn only the business-scoped id."""
    tail = user_id[-4:].lower()
    return Customer(user_id, name or f"Cliente {tail}", user_id, username=f"cliente.{tail}")


def newcomer(id: str, name: str = "") -> Customer:
    """A new customer for an unknown id in a URL or a send."""
    return hidden(id, name) if is_bsuid(id) else phone_owner(digits(id), name)


def bsuid_of(wa_id: str) -> str:
    """The business-scoped id of whoever has this phone number: always the same one."""
    return f"MX.{int.from_bytes(blake2b(wa_id.encode(), digest_size=8).digest(), 'big'):020d}"


def is_bsuid(text: str) -> bool:
    return _BSUID.fullmatch(text) is not None


def digits(text: str) -> str:
    """A phone number without anything that people write between its digits."""
    return re.sub(r"\D", "", text, flags=re.ASCII)


CUSTOMERS = (
    phone_owner("5215550000001", "Lucía Ferrer"),
    phone_owner("5215550000002", "Tomás Rivas"),
    hidden("MX.71550000000000000003", "Noa Beltrán"),
)
