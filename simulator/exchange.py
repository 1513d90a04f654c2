"""The exchange: connects the Graph API double, the customers' phones and the webhook."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from core.settings import Settings
from simulator import bodies, says, shown, wamids
from simulator.bodies import Item
from simulator.checks import Send
from simulator.desks import businesses_in
from simulator.errors import GraphError
from simulator.faults import Faults
from simulator.media import Media
from simulator.people import Business, Customer
from simulator.postman import Postman
from simulator.templates import Templates
from simulator.world import World

Json = dict[str, Any]


class Exchange:
    """Everything the two doors, `/graph` and `/simulator`, have in common."""

    def __init__(self, settings: Settings, webhook_url: str):
        self.token = settings.whatsapp_access_token.get_secret_value().encode()
        self.faults, self.world, self.media, self.templates = Faults(), World(), Media(), Templates()
        secret = settings.whatsapp_app_secret.get_secret_value().encode()
        self._desks_folder = settings.desks_folder
        self.postman = Postman(webhook_url, secret, self.faults, self._posted)

    def meet_desks(self) -> None:
        """Show the businesses of the desks in `DESKS_FOLDER` as they are described now."""
        self.world.meet(businesses_in(self._desks_folder))

    def _posted(self, answer: int, items: int) -> None:
        self.world.notify("posted", answer=answer, items=items)

    # from the business to the customer

    def check(self, send: Send, number: str) -> None:
        """Raises GraphError for what Meta refuses because of what was said, uploaded or approved before."""
        if send.kind == "template":
            self.templates.check(send.content)
        elif not self.world.is_open(number, self._recipient(send).id):
            raise GraphError(131047, "More than 24 hours have passed since the recipient last replied")
        for id in send.files:
            if not self.media.holds(id):
                raise GraphError(131009, f"Media ID {id} does not exist")

    def accept(self, send: Send, number: str) -> str:
        """Deliver a send to the phone, report its statuses, and give it a wamid."""
        business, customer = self.world.business(number), self._recipient(send)
        wamid = wamids.new(customer.wa_id or customer.id, inbound=False)
        self.world.note_accepted(_entry(send, number, customer, wamid))
        failed = self.faults.take("failed_status", customer.id, number)
        if send.kind == "reaction":
            self.world.react(send.content["message_id"], "business", send.content["emoji"])
        elif not failed:
            message = {"id": wamid, "from": "business", "callback_id": send.callback_id, "reply_to": send.reply_to}
            by_user_id = {"by_user_id": True} if send.by_user_id else {}
            self.world.add(number, customer.id, {**shown.bubble(send), **message, **by_user_id})
        self._report(business, customer, send, wamid, failed.value if failed else None)
        return wamid

    def _recipient(self, send: Send) -> Customer:
        return self.world.known(send.customer) if send.by_user_id else self.world.customer(send.customer)

    def _report(self, business: Business, customer: Customer, send: Send, wamid: str, failed: int | None) -> None:
        whom = (customer.id, business.number)
        if self.faults.take("no_statuses", *whom):
            return
        item: Json = {"id": wamid}
        if send.callback_id and not self.faults.take("no_callback_id", *whom):
            item["biz_opaque_callback_data"] = send.callback_id
        late = self.faults.take("late_status_ms", *whom)
        delay = late.value / 1000 if late else 0.0
        states = _fate(item, send.kind, failed)
        if not failed and self.faults.take("read_at_once", *whom):
            states.append({**item, "status": "read"})
        for state in states:
            self._post_status(business, customer, state, delay, shy=send.by_user_id)

    def _post_status(self, business: Business, customer: Customer, item: Json, delay: float, *, shy: bool) -> None:
        def taken() -> None:
            self.world.notify("status", id=item["id"], status=item["status"])

        value = bodies.status(business, customer, item, shy=shy or not customer.wa_id)
        self.postman.put(Item(value, "status", business.number, customer.id, taken, delay))

    def mark_read(self, wamid: str, *, typing: bool) -> None:
        self.world.read_up_to(wamid, typing=typing)

    # from the customer to the business

    def say(self, customer_id: str, number: str, wanted: Mapping[str, Any]) -> Json:
        """A customer says something on a number; raises Unsayable or GraphError when no phone could."""
        item, content = says.said(wanted, self.media)
        business, customer = self.world.business(number), self.world.customer(customer_id)
        wamid = str(wanted.get("wamid") or wamids.new(customer.wa_id or customer.id, inbound=True))
        message = {"id": wamid, "timestamp": str(wanted.get("timestamp") or int(time.time())), **item}
        reply_to = str(wanted.get("reply_to") or "")
        if reply_to and "context" not in message:
            message["context"] = {"from": business.display, "id": reply_to}
        self.world.heard_from(number, customer.id, _moment(message["timestamp"]))
        bubble = self._on_own_phone(number, customer, {**content, "id": wamid, "reply_to": reply_to})
        shy = not customer.wa_id or bool(self.faults.take("bsuid_only", customer.id, number))
        value = bodies.message(business, customer, message, shy=shy)
        self.postman.put(Item(value, "message", number, customer.id, lambda: self.world.tick(wamid, "delivered")))
        return bubble

    def _on_own_phone(self, number: str, customer: Customer, content: Json) -> Json:
        if content["kind"] == "reaction":
            self.world.react(content["message_id"], "customer", content["emoji"])
            return content
        return self.world.add(number, customer.id, {**content, "from": "customer", "tick": "sent"})

    def open_chat(self, customer_id: str, number: str) -> int:
        """The customer looks at the chat: what was unread is reported read. How many bubbles that were."""
        business, customer = self.world.business(number), self.world.customer(customer_id)
        fresh = self.world.take_unread(number, customer.id)
        for bubble in fresh:
            item = {"id": bubble["id"], "status": "read"}
            if bubble["callback_id"]:
                item["biz_opaque_callback_data"] = bubble["callback_id"]
            self._post_status(business, customer, item, 0.0, shy=bool(bubble.get("by_user_id")))
        return len(fresh)

    def reset(self) -> None:
        """Forget everything, faults too."""
        self.faults.clear()
        self.postman.forget()
        self.media.forget()
        self.templates.reset()
        self.world.reset()


def _moment(timestamp: str) -> float:
    return float(timestamp) if timestamp.isdecimal() else time.time()


def _entry(send: Send, number: str, customer: Customer, wamid: str) -> Json:
    return {
        "id": wamid,
        "callback_id": send.callback_id,
        "number": number,
        "to": customer.id,
        "type": send.kind,
        "body": dict(send.content),
        "at": time.time(),
    }


def _fate(item: Json, kind: str, failed: int | None) -> list[Json]:
    if failed:
        return [{**item, "status": "failed", "errors": [GraphError(failed).in_status]}]
    return [{**item, "status": "sent", "pricing": bodies.pricing(kind)}, {**item, "status": "delivered"}]
