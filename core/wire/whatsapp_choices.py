"""Interactive replies: buttons, list rows, forms.

Meta: https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/payload-examples
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.errors import BadBody
from core.wire import untrusted
from core.wire.untrusted import LONGEST_TEXT, Unreadable, cleaned, inner, needed, part, present, word

Found = tuple[str, str, dict[str, Any]]
"""The kind of event, its text, its content."""


def pressed(item: dict[str, Any]) -> Found:
    """An `interactive` message. One without its object, or of a kind we do not know, is `unsupported`."""
    found = inner(item, "interactive")
    kind = word(found.get("type"))
    reader = _READERS.get(kind)
    if reader is None:
        extra = {"interactive": cleaned(found)} if found else {}
        return "unsupported", "", {"unsupported_kind": kind or "interactive", **extra}
    return reader(part(found, kind))


def template_button(item: dict[str, Any]) -> Found:
    """The quick reply of a template; its payload is the id, or its text when it has none."""
    found = part(item, "button")
    title = word(found.get("text"))
    chosen = word(found.get("payload")) or title
    if not chosen:
        raise Unreadable("no payload")
    return "choice", title, {"id": chosen, "title": title, "source": "template"}


def _button(found: dict[str, Any]) -> Found:
    title = word(found.get("title"))
    return "choice", title, {"id": needed(found, "id"), "title": title, "source": "button"}


def _row(found: dict[str, Any]) -> Found:
    title = word(found.get("title"))
    content = {"id": needed(found, "id"), "title": title, "source": "list"}
    return "choice", title, content | present(found, "description")


def _form(found: dict[str, Any]) -> Found:
    return "flow_reply", "", {"response": _response(found.get("response_json")), **present(found, "name")}


def _response(value: Any) -> dict[str, Any]:
    """The answers of a form: JSON inside a string, or any other content as text."""
    parsed = _parsed(value) if type(value) is str else value
    return dict(cleaned(parsed)) if type(parsed) is dict else {"text": word(value, LONGEST_TEXT)}


def _parsed(text: str) -> Any:
    try:
        return untrusted.load_any(text)
    except BadBody:
        return None


_READERS: dict[str, Callable[[dict[str, Any]], Found]] = {
    "button_reply": _button,
    "list_reply": _row,
    "nfm_reply": _form,
}
