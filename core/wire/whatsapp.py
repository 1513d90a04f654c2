"""WhatsApp Cloud API webhooks: bytes in, values out.

`verify` says whether a POST comes from Meta, `parse` what is in it. Every entry, change,
message, status and error is read on its own: one that cannot be read is kept as it came,
as an event of kind `unreadable`, and its neighbours never notice.

Meta: https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from core.errors import BadSignature
from core.messages import Delivery, Event, News
from core.wire import untrusted, whatsapp_messages, whatsapp_notices, whatsapp_statuses
from core.wire.untrusted import Unreadable, inner, moment, word
from core.wire.whatsapp_errors import reported
from core.wire.whatsapp_messages import Place, unreadable

SIGNATURE = "X-Hub-Signature-256"
_AHEAD_S = 86_400
"""How far a clock may be ahead of ours before its time says nothing."""


def verify(body: bytes, *, signature: str | bytes | None, secret: bytes) -> None:
    """Returns when `signature` is Meta's for exactly these bytes; raises BadSignature otherwise.

    Without a secret nothing can be proven, so everything is refused.
    """
    given = signature.encode("utf-8", "surrogatepass") if isinstance(signature, str) else signature or b""
    if not hmac.compare_digest(given, sign(body, secret)) or not secret:
        raise BadSignature("wrong" if given else "missing")


def sign(body: bytes, secret: bytes) -> bytes:
    """The signature that Meta puts on these bytes."""
    keyed = _keyed(secret).copy()
    keyed.update(body)
    return b"sha256=" + keyed.hexdigest().encode()


@lru_cache(maxsize=8)
def _keyed(secret: bytes) -> hmac.HMAC:
    """The half of the work that is the same for every body."""
    return hmac.new(secret, digestmod="sha256")


def parse(body: bytes, *, now: datetime | None = None) -> News:
    """All that a POST brought, changed numbers first; raises BadBody when it is not a JSON object, and nothing else.

    `now` only tells which timestamps lie too far ahead to be believed.
    """
    post = untrusted.load(body)
    walk = _Walk((now or datetime.now(UTC)).timestamp() + _AHEAD_S)
    walk.post(post)
    return News((*walk.changed, *walk.events), tuple(walk.deliveries), frozenset(walk.addresses - {""}))


class _Walk:
    """One way through a POST, and what was gathered on it."""

    __slots__ = ("addresses", "changed", "deliveries", "events", "latest")

    def __init__(self, latest: float):
        self.latest = latest
        self.changed: list[Event] = []
        self.events: list[Event] = []
        self.deliveries: list[Delivery] = []
        self.addresses: set[str] = set()

    def post(self, post: dict[str, Any]) -> None:
        for entry in self._listed(post, "entry"):
            for change in self._listed(entry, "changes"):
                self._change(entry, change)

    def _listed(self, holder: dict[str, Any], name: str) -> Iterable[dict[str, Any]]:
        """The objects of a list; whatever else stands there is kept as unreadable."""
        found = holder.get(name)
        if type(found) is not list:
            self.events.append(unreadable({"holder": holder}, f"no list of {name}"))
            return
        for item in found:
            if type(item) is dict:
                yield item
            else:
                self.events.append(unreadable({name: item}, "not an object"))

    def _change(self, entry: dict[str, Any], change: dict[str, Any]) -> None:
        field, value = change.get("field"), change.get("value")
        if field == "messages" and type(value) is dict:
            self._messages(value)
        elif field == "messages":
            self.events.append(unreadable({"change": change}, "no value"))
        elif field == "smb_message_echoes" and type(value) is dict and value.get("message_echoes"):
            self._items(value, "message_echoes", whatsapp_messages.echo)
        elif field == "user_preferences" and type(value) is dict and value.get("user_preferences"):
            self._items(value, "user_preferences", whatsapp_notices.preference)
        else:
            self._notice(entry, change)

    def _notice(self, entry: dict[str, Any], change: dict[str, Any]) -> None:
        address = _address(inner(change, "value"))
        at = moment(entry.get("time"), self.latest)
        self.events.append(whatsapp_notices.of_change(entry, change, address, at))

    def _messages(self, value: dict[str, Any]) -> None:
        messages, statuses = value.get("messages"), value.get("statuses")
        self.addresses.add(_address(value))
        if messages:
            self._items(value, "messages", whatsapp_messages.message)
        if statuses:
            self._statuses(statuses, _address(value))
        if not messages and (value.get("errors") or not statuses):
            self._beside(value)

    def _beside(self, value: dict[str, Any]) -> None:
        """A value that speaks of no message: errors of its own, or something we do not know."""
        kept = {name: found for name, found in value.items() if name != "statuses"}
        content = {"errors": errors} if (errors := reported(value.get("errors"))) else {}
        self.events.append(whatsapp_notices.of_part(content, {"value": kept}, _address(value)))

    def _items(self, value: dict[str, Any], name: str, read: Callable[[Any, Place], Event]) -> None:
        items = _as_list(value[name])
        place = Place(_address(value), value, len(items), self.latest)
        for item in items:
            event = read(item, place)
            (self.changed if event.kind == "system" else self.events).append(event)

    def _statuses(self, statuses: Any, address: str) -> None:
        for item in _as_list(statuses):
            try:
                self._status(item, address)
            except Unreadable as problem:
                self.events.append(unreadable({"status": item}, str(problem), address=address))

    def _status(self, item: Any, address: str) -> None:
        delivery = whatsapp_statuses.read(item, self.latest)
        if delivery is not None:
            self.deliveries.append(delivery)
        else:
            content = {"status": word(item.get("status"), 64)}
            self.events.append(whatsapp_notices.of_part(content, {"status": item}, address))


def _as_list(found: Any) -> list[Any]:
    return found if type(found) is list else [found]


def _address(value: dict[str, Any]) -> str:
    """The number of ours that a value is about; empty when it names none."""
    metadata = value.get("metadata")
    return word(metadata.get("phone_number_id"), 64) if type(metadata) is dict else ""
