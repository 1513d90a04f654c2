"""Graph API request bodies for our outbounds.

Meta: https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.errors import Broken
from core.messages import Identity, Media, Option, Outbound

JSON = dict[str, Any]


def message(outbound: Outbound, *, to: Identity, callback_id: str, reply_to: str | None = None) -> JSON:
    """The request that says `outbound`. `callback_id` comes back in the delivery statuses."""
    request: JSON = {"messaging_product": "whatsapp", "recipient_type": "individual", **_address(to)}
    if reply_to:
        request["context"] = {"message_id": reply_to}
    request |= _WRITERS[outbound.kind](outbound)
    request["biz_opaque_callback_data"] = callback_id
    return request


def read_mark(wamid: str, typing: bool) -> JSON:
    """The request that turns the ticks blue, up to this message; with `typing`, also shows “typing…”."""
    request: JSON = {"messaging_product": "whatsapp", "status": "read", "message_id": wamid}
    return {**request, "typing_indicator": {"type": "text"}} if typing else request


def _address(to: Identity) -> JSON:
    # The phone number when we know it: a send to it keeps the number visible to us for 30 days more.
    # Without its "+", Meta would put our own country code in front of it.
    if wa_id := to.alias("wa_id"):
        return {"to": "+" + wa_id.lstrip("+")}
    if recipient := to.alias("bsuid") or to.alias("parent_bsuid"):
        return {"recipient": recipient}
    raise Broken("an outbound to somebody without a WhatsApp id")


def _text(outbound: Outbound) -> JSON:
    return {"type": "text", "text": {"body": outbound.text}}


def _buttons(outbound: Outbound) -> JSON:
    buttons = [{"type": "reply", "reply": {"id": o.id, "title": o.title}} for o in outbound.options]
    request = _interactive(outbound, "button", {"buttons": buttons})
    if outbound.media:
        request["interactive"]["header"] = {"type": "image", "image": _file(outbound.media)}
    return request


def _list(outbound: Outbound) -> JSON:
    rows = [_row(option) for option in outbound.options]
    return _interactive(outbound, "list", {"button": outbound.button, "sections": [{"rows": rows}]})


def _row(option: Option) -> JSON:
    row = {"id": option.id, "title": option.title}
    return {**row, "description": option.description} if option.description else row


def _link(outbound: Outbound) -> JSON:
    parameters = {"display_text": outbound.button, "url": outbound.link}
    return _interactive(outbound, "cta_url", {"name": "cta_url", "parameters": parameters})


def _location_request(outbound: Outbound) -> JSON:
    return _interactive(outbound, "location_request_message", {"name": "send_location"})


def _location(outbound: Outbound) -> JSON:
    place = outbound.place
    if place is None:
        raise Broken("an outbound of kind location without its place")
    named = {name: told for name, told in (("name", place.name), ("address", place.address)) if told}
    return {"type": "location", "location": {"latitude": place.latitude, "longitude": place.longitude, **named}}


def _interactive(outbound: Outbound, kind: str, action: JSON) -> JSON:
    interactive: JSON = {"type": kind, "body": {"text": outbound.text}, "action": action}
    if outbound.footer:
        interactive["footer"] = {"text": outbound.footer}
    return {"type": "interactive", "interactive": interactive}


def _media(outbound: Outbound) -> JSON:
    media = outbound.media
    if media is None:
        raise Broken(f"an outbound of kind {outbound.kind} without its file")
    file = _file(media)
    if outbound.text:
        file["caption"] = outbound.text
    if media.filename:
        file["filename"] = media.filename
    return {"type": outbound.kind, outbound.kind: file}


def _file(media: Media) -> JSON:
    return {"id": media.id} if media.id else {"link": media.link}


def _template(outbound: Outbound) -> JSON:
    template = outbound.template
    if template is None:
        raise Broken("an outbound of kind template without its template")
    found: JSON = {"name": template.name, "language": {"code": template.language}}
    if template.parameters:
        parameters = [{"type": "text", "text": text} for text in template.parameters]
        found["components"] = [{"type": "body", "parameters": parameters}]
    return {"type": "template", "template": found}


_WRITERS: dict[str, Callable[[Outbound], JSON]] = {
    "text": _text,
    "buttons": _buttons,
    "list": _list,
    "link": _link,
    "location_request": _location_request,
    "location": _location,
    "image": _media,
    "audio": _media,
    "video": _media,
    "document": _media,
    "template": _template,
}
