"""Validation of sends: the limits of the Graph API, reported with its error codes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from simulator import interactive
from simulator.errors import GraphError
from simulator.parts import items, part, words
from simulator.people import digits, is_bsuid

CALLBACK_MAX = 512
_PHONE = re.compile(r"[+\d\s().-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Send:
    """A send that was found in order. `input` is the recipient as it was given."""

    input: str
    by_user_id: bool
    kind: str
    content: Mapping[str, Any]
    callback_id: str = ""
    reply_to: str = ""

    @property
    def files(self) -> Iterator[str]:
        """The ids of the uploaded files that it shows."""
        header = self.content.get("header") or {}
        shown = self.content if self.kind in MEDIA else header.get(header.get("type"), {})
        if isinstance(shown, Mapping) and shown.get("id"):
            yield str(shown["id"])

    @property
    def customer(self) -> str:
        """The recipient of a send: a phone number in plain digits, or a business-scoped id."""
        return self.input if self.by_user_id else digits(self.input)


def send(body: Any) -> Send:
    """The send that this body asks for; raises GraphError."""
    if not isinstance(body, Mapping) or body.get("messaging_product") != "whatsapp":
        raise GraphError(100, "The parameter messaging_product is required.")
    kind = body.get("type", "text")
    if kind not in KINDS:
        raise GraphError(100, f"Param type must be one of {{{', '.join(k.upper() for k in KINDS)}}}")
    recipient, by_user_id = _recipient(body)
    content = body.get(kind)
    if kind != "contacts":
        content = part(body, kind)
        KINDS[kind](content)
    else:
        content = {"contacts": items(body, "contacts", 1, 257)}
    callback = words(body, "biz_opaque_callback_data", CALLBACK_MAX, needed=False)
    return Send(recipient, by_user_id, kind, content, callback, _reply_to(body))


def _recipient(body: Mapping[str, Any]) -> tuple[str, bool]:
    """`to` wins over `recipient`, as at Meta."""
    to, recipient = body.get("to"), body.get("recipient")
    if isinstance(to, str) and to:
        if not _PHONE.fullmatch(to) or not 5 <= len(digits(to)) <= 15:
            raise GraphError(131009, "to: not a phone number (a user id belongs into recipient)")
        return to, False
    if isinstance(recipient, str) and is_bsuid(recipient):
        return recipient, True
    raise GraphError(100, "The parameter to is required." if not recipient else "recipient: not a user id")


def _reply_to(body: Mapping[str, Any]) -> str:
    context = body.get("context")
    return words(context, "message_id", 1024) if isinstance(context, Mapping) else ""


def _text(content: Mapping[str, Any]) -> None:
    words(content, "body", 4096, path="text")


def _media(content: Mapping[str, Any]) -> None:
    if bool(content.get("id")) == bool(content.get("link")):
        raise GraphError(131008, "A media object needs an id or a link, and not both")
    words(content, "caption", 1024, needed=False)


def _location(content: Mapping[str, Any]) -> None:
    for name, most in (("latitude", 90), ("longitude", 180)):
        try:
            inside = abs(float(content[name])) <= most
        except (KeyError, TypeError, ValueError):
            inside = False
        if not inside:
            raise GraphError(131009, f"location['{name}']: not a coordinate")


def _reaction(content: Mapping[str, Any]) -> None:
    words(content, "message_id", 1024, path="reaction")
    if not isinstance(content.get("emoji"), str):
        raise GraphError(131008, "The parameter reaction['emoji'] is required.")


def _template(content: Mapping[str, Any]) -> None:
    words(content, "name", 512, path="template")
    words(part(content, "language"), "code", 16, path="template['language']")
    for component in items(content, "components", 0, 20) if "components" in content else ():
        for parameter in items(component, "parameters", 0, 100) if "parameters" in component else ():
            if parameter.get("type") == "text":
                words(parameter, "text", 32_768, path="parameter")


def _nothing(_: Mapping[str, Any]) -> None:
    """Contacts are a list, read apart."""


MEDIA = ("image", "audio", "video", "document", "sticker")
KINDS: dict[str, Callable[[Mapping[str, Any]], None]] = {
    "text": _text,
    **dict.fromkeys(MEDIA, _media),
    "location": _location,
    "contacts": _nothing,
    "reaction": _reaction,
    "interactive": interactive.check,
    "template": _template,
}
