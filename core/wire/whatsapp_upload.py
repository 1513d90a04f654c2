"""Graph API upload: a file becomes a media id, which sends name for 30 days.

Meta: https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media#upload-media
"""

from __future__ import annotations

from hashlib import sha256
from http import HTTPStatus

from core.errors import BadBody, TurnoError, Undecided, Unreachable
from core.wire import untrusted
from core.wire.whatsapp_errors import classify

KEPT_S = 29 * 86_400.0
"""Meta keeps an upload for 30 days; the last day is left to clocks and to sends that wait."""
_ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "audio/ogg": "ogg"}


def form(content: bytes, mime_type: str) -> tuple[str, bytes]:
    """The content type and the body of the request."""
    boundary = f"turno-{sha256(content).hexdigest()[:32]}"
    while boundary.encode() in content:
        boundary += "x"
    fields = (("messaging_product", "whatsapp"), ("type", mime_type))
    parts = [_part(boundary, f'name="{name}"', "", value.encode()) for name, value in fields]
    name = f"file.{_ENDINGS.get(mime_type, 'bin')}"
    parts.append(_part(boundary, f'name="file"; filename="{name}"', f"Content-Type: {mime_type}\r\n", content))
    return f"multipart/form-data; boundary={boundary}", b"".join(parts) + f"--{boundary}--\r\n".encode()


def _part(boundary: str, disposition: str, more: str, value: bytes) -> bytes:
    head = f"--{boundary}\r\nContent-Disposition: form-data; {disposition}\r\n{more}\r\n"
    return head.encode() + value + b"\r\n"


def media_id(http_status: int, body: bytes) -> str:
    """The id of what was uploaded. Raises what a send would; nothing was said to anybody, so no outcome is unknown."""
    if http_status < HTTPStatus.MULTIPLE_CHOICES and (found := _id(body)):
        return found
    outcome = classify(http_status, body)
    if isinstance(outcome, TurnoError) and not isinstance(outcome, Undecided):
        raise outcome
    raise Unreachable(f"no media id in the answer: HTTP {http_status}")


def _id(body: bytes) -> str:
    try:
        told = untrusted.load(body).get("id")
    except BadBody:
        return ""
    return untrusted.identifier(told) if isinstance(told, str) else ""
