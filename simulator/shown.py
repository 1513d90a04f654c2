"""Bubbles for sends: the Graph API's request body as the phone shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.checks import MEDIA, Send


def bubble(send: Send) -> dict[str, Any]:
    """Kind, text and content of the bubble."""
    content = send.content
    if send.kind == "text":
        return {"kind": "text", "text": content["body"]}
    if send.kind == "interactive":
        return _interactive(content)
    if send.kind in MEDIA:
        return {"kind": send.kind, "text": content.get("caption", ""), "media": _media(content)}
    if send.kind == "location":
        return {"kind": "location", "text": "", "location": dict(content)}
    if send.kind == "template":
        return _template(content)
    return {"kind": "contacts", "text": ", ".join(map(_name, content["contacts"]))}


def _media(content: Mapping[str, Any]) -> dict[str, Any]:
    url = content.get("link") or f"/simulator/media/{content['id']}"
    return {"url": url, "filename": content.get("filename", "")}


def _interactive(content: Mapping[str, Any]) -> dict[str, Any]:
    kind, action = content["type"], content["action"]
    shown: dict[str, Any] = {"kind": _SHOWN_AS.get(kind, kind), "text": content["body"]["text"]}
    if (header := content.get("header", {})).get("type") == "text":
        shown["header"] = header["text"]
    elif header:
        shown["media"] = {**_media(header[header["type"]]), "kind": header["type"]}
    if footer := content.get("footer"):
        shown["footer"] = footer["text"]
    if kind == "button":
        shown["buttons"] = [dict(button["reply"]) for button in action["buttons"]]
    elif kind == "list":
        shown["list"] = {"button": action["button"], "sections": action["sections"]}
    elif kind == "cta_url":
        shown["link"] = {"title": action["parameters"]["display_text"], "url": action["parameters"]["url"]}
    return shown


_SHOWN_AS = {"button": "buttons", "location_request_message": "location_request", "request_contact_info": "text"}


def _template(content: Mapping[str, Any]) -> dict[str, Any]:
    """A template's name and parameters; its text is stored at Meta."""
    given = [
        str(parameter.get("text", ""))
        for component in content.get("components", ())
        for parameter in component.get("parameters", ())
    ]
    return {"kind": "template", "text": " · ".join(filter(None, given)), "header": content["name"]}


def _name(contact: Mapping[str, Any]) -> str:
    return str(contact.get("name", {}).get("formatted_name", "?"))
