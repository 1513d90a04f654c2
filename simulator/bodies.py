"""Webhook bodies as Meta sends them: values in, signed bytes out."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from core.wire import whatsapp
from simulator.people import Business, Customer

WABA = "200000000000001"


@dataclass(frozen=True, slots=True)
class Item:
    """One webhook item on its way: what it says, whose it is, and whom to tell when it was taken."""

    value: dict[str, Any]
    kind: str
    number: str
    customer: str
    taken: Callable[[], None] | None = None
    delay_s: float = 0.0

    @property
    def lane(self) -> tuple[str, ...]:
        """Items of one lane arrive in order; messages and statuses travel apart, as at Meta."""
        return (self.kind, self.number, self.customer)


def body(values: Sequence[dict[str, Any]]) -> bytes:
    """A POST with these values, escaped the way Meta escapes."""
    post = {
        "object": "whatsapp_business_account",
        "entry": [{"id": WABA, "changes": [{"field": "messages", "value": value} for value in values]}],
    }
    text = json.dumps(post, separators=(",", ":"))
    return text.replace("/", "\\/").replace("@", "\\u0040").encode()


def signature(body: bytes, secret: bytes) -> str:
    return whatsapp.sign(body, secret).decode()


def message(business: Business, customer: Customer, item: dict[str, Any], *, shy: bool) -> dict[str, Any]:
    """A value with one message; a shy customer's phone number is left out everywhere."""
    named = {} if shy else {"from": customer.wa_id}
    return {
        **_envelope(business),
        "contacts": [_contact(customer, shy=shy)],
        "messages": [{**named, "from_user_id": customer.user_id, **item}],
    }


def status(business: Business, customer: Customer, item: dict[str, Any], *, shy: bool) -> dict[str, Any]:
    """A value with one status; a failed one comes without contacts."""
    fields = {"timestamp": str(int(time.time())), **({} if shy else {"recipient_id": customer.wa_id})}
    if item["status"] == "failed":
        named = {"recipient_user_id": customer.user_id} if shy else {}
        return {**_envelope(business), "statuses": [{**item, **fields, **named}]}
    return {
        **_envelope(business),
        "contacts": [_contact(customer, shy=shy)],
        "statuses": [{**item, **fields, "recipient_user_id": customer.user_id}],
    }


def pricing(kind: str) -> dict[str, Any]:
    """The price of a message: templates are charged, answers are free."""
    if kind == "template":
        return {"billable": True, "pricing_model": "PMP", "type": "regular", "category": "utility"}
    return {"billable": False, "pricing_model": "PMP", "type": "free_customer_service", "category": "service"}


def _envelope(business: Business) -> dict[str, Any]:
    metadata = {"display_phone_number": business.display, "phone_number_id": business.number}
    return {"messaging_product": "whatsapp", "metadata": metadata}


def _contact(customer: Customer, *, shy: bool) -> dict[str, Any]:
    profile = {"name": customer.name, **({"username": customer.username} if customer.username else {})}
    return {"profile": profile, "user_id": customer.user_id, **({} if shy else {"wa_id": customer.wa_id})}
