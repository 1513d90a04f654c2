"""Signed POSTs as Meta makes them, written beforehand: whole HTTP requests, one after the other in a file."""

from __future__ import annotations

import hmac
import itertools
import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import time

SECRET = "bench-secret"
TOKEN = "bench-token"
NUMBER = "100000000000001"
FIRST_PHONE = 5215500000000

CONVERSATION = ("hola", "refrigerador", "4045101", "sí", "no enfría desde ayer")
"""One report, from the first word to its number: menu, code, confirmation, problem, done. One reply to each."""

Script = tuple[str, ...]
"""What one customer says, line after line."""

_BODY = json.dumps(
    {
        "object": "whatsapp_business_account",
        "entry": [{"id": "1", "changes": [{"field": "messages", "value": {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "5215500000000", "phone_number_id": NUMBER},
            "contacts": [{"profile": {"name": "Rosa"}, "wa_id": "%(phone)s", "user_id": "MX.%(phone)s"}],
            "messages": [{
                "from": "%(phone)s", "from_user_id": "MX.%(phone)s", "id": "%(wamid)s", "timestamp": "%(at)s",
                "type": "text", "text": {"body": "%(text)s"},
            }],
        }}]}],
    },
    separators=(",", ":"),
)  # fmt: skip
_runs = itertools.count()
_HEAD = (
    "POST /webhook HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    "X-Hub-Signature-256: sha256={signature}\r\nContent-Length: {size}\r\n\r\n"
)


@dataclass(frozen=True, slots=True)
class Letters:
    """So many customers' messages; every wamid is new each time they are written."""

    customers: int
    scripts: tuple[Script, ...] = (CONVERSATION,)
    """Each customer takes the next one; all are equally long."""
    first: int = 0
    """Whose turn it is: so many customers are passed over."""
    phone_step: int = 1
    """How far apart customers' numbers are: spreads a few over a big table."""
    times: int = 1
    """Say it all so many times over, customer after customer."""
    age_s: int = 0
    """How long ago they were said: nobody says fifteen things in a second, so rounds lie a minute apart."""

    @property
    def first_phone(self) -> int:
        return FIRST_PHONE + self.first

    @property
    def steps(self) -> int:
        return len(self.scripts[0])

    def written(self, path: Path) -> Path:
        with path.open("wb") as file:
            for request in self._requests():
                file.write(struct.pack("=I", len(request)) + request)
        return path

    def _requests(self) -> Iterator[bytes]:
        run, at = f"{int(time()) % 10**8:x}{next(_runs):x}", str(int(time()) - self.age_s)
        for turn, customer in itertools.product(range(self.times), range(self.customers)):
            phone = str(self.first_phone + customer * self.phone_step)
            for step, text in enumerate(self.scripts[customer % len(self.scripts)]):
                yield signed(body(phone, f"wamid.B{run}.{turn}.{customer}.{step}", at, text))


def body(phone: str, wamid: str, at: str, text: str) -> bytes:
    """A POST's body with one text."""
    return (_BODY % {"phone": phone, "wamid": wamid, "at": at, "text": text}).encode()


def signed(content: bytes) -> bytes:
    """The whole HTTP request."""
    signature = hmac.new(SECRET.encode(), content, "sha256").hexdigest()
    return _HEAD.format(signature=signature, size=len(content)).encode() + content
