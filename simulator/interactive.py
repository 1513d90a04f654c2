"""Limits of interactive messages: buttons, lists, links, requests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from simulator.errors import GraphError
from simulator.parts import items, part, words

_LONGEST_BODY = {"list": 4096}
_MEDIA_HEADERS = ("image", "video", "document")


def check(content: Mapping[str, Any]) -> None:
    """Raises GraphError when this could not be shown."""
    kind = content.get("type")
    if kind not in _ACTIONS:
        raise GraphError(131009, f"interactive['type']: one of {', '.join(_ACTIONS)}")
    words(part(content, "body"), "text", _LONGEST_BODY.get(kind, 1024), path="interactive['body']")
    if "footer" in content:
        words(part(content, "footer"), "text", 60, path="interactive['footer']")
    if "header" in content:
        _header(part(content, "header"), kind)
    _ACTIONS[kind](part(content, "action"))


def _header(header: Mapping[str, Any], kind: str) -> None:
    if header.get("type") == "text":
        words(header, "text", 60, path="interactive['header']")
    elif header.get("type") not in _MEDIA_HEADERS or kind == "list":
        raise GraphError(131009, "interactive['header']: a header of this type is not allowed here")


def _buttons(action: Mapping[str, Any]) -> None:
    replies = [part(button, "reply") for button in items(action, "buttons", 1, 3)]
    for reply in replies:
        words(reply, "title", 20, path="reply")
        if (id := words(reply, "id", 256, path="reply")) != id.strip():
            raise GraphError(131009, "reply['id']: no spaces around it")
    _distinct((reply["id"] for reply in replies), "reply ids")
    _distinct((reply["title"] for reply in replies), "reply titles")


def _list(action: Mapping[str, Any]) -> None:
    words(action, "button", 20, path="action")
    sections = items(action, "sections", 1, 10)
    for section in sections:
        words(section, "title", 24, path="section", needed=len(sections) > 1)
    rows = [row for section in sections for row in items(section, "rows", 1, 10)]
    if len(rows) > 10:
        raise GraphError(131009, "Total row count exceed max allowed count: 10")
    for row in rows:
        words(row, "id", 200, path="row")
        words(row, "title", 24, path="row")
        words(row, "description", 72, path="row", needed=False)
    _distinct((row["id"] for row in rows), "row ids")


def _distinct(values: Iterable[str], what: str) -> None:
    found = list(values)
    if len(set(found)) != len(found):
        raise GraphError(131009, f"Duplicated {what}")


def _link(action: Mapping[str, Any]) -> None:
    _named(action, "cta_url")
    parameters = part(action, "parameters")
    words(parameters, "display_text", 20, path="parameters")
    if not words(parameters, "url", 2000, path="parameters").startswith(("http://", "https://")):
        raise GraphError(131009, "parameters['url']: not a web address")


def _send_location(action: Mapping[str, Any]) -> None:
    _named(action, "send_location")


def _contact_info(action: Mapping[str, Any]) -> None:
    _named(action, "request_contact_info")


def _named(action: Mapping[str, Any], name: str) -> None:
    if action.get("name") != name:
        raise GraphError(131009, f"action['name'] must be {name}")


def _flow(action: Mapping[str, Any]) -> None:
    _named(action, "flow")
    parameters = part(action, "parameters")
    words(parameters, "flow_message_version", 8, path="parameters")
    words(parameters, "flow_cta", 30, path="parameters")
    if bool(parameters.get("flow_id")) == bool(parameters.get("flow_name")):
        raise GraphError(131009, "parameters: flow_id or flow_name, and not both")


_ACTIONS = {
    "button": _buttons,
    "list": _list,
    "cta_url": _link,
    "location_request_message": _send_location,
    "request_contact_info": _contact_info,
    "flow": _flow,
}
