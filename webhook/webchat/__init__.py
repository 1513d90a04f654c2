"""The web chat's routes: `/api/…`. JSON in, JSON out; every refusal says why, and when to come again."""

from __future__ import annotations

from time import perf_counter
from typing import Any

from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from core.errors import Refused
from core.messages import Event
from core.wire import webchat
from core.wire.webchat import Said
from webhook.webchat import (
    complaints,
    limits,
    logs,
    overseeing,
    personal,
    shown_pictures,
    state,
    ticket_calls,
    timing,
    transcripts,
)
from webhook.webchat.admission import keep_order
from webhook.webchat.chat import Answered, Chat, told_session
from webhook.webchat.guard import Guard
from webhook.webchat.refusals import answered, refusal
from webhook.webchat.rooms import Webchat, open_chat
from webhook.webchat.uploads import NoPhoto, embedded

__all__ = ["Webchat", "blueprint", "open_chat"]

FORM_BYTES = 65_536
"""The most bytes that a form adds to its photo."""


def blueprint(rooms: Webchat) -> Blueprint:
    routes = Blueprint("webchat", __name__, url_prefix="/api")
    routes.register_error_handler(RequestEntityTooLarge, lambda _: refusal("payload_too_large", 413))
    routes.after_request(lambda response: _shared(response, rooms.guard))
    routes.after_request(limits.with_headers)
    timing.watch(routes)
    keep_order(routes, rooms)
    _add_speaking(routes, rooms)
    _add_following(routes, rooms)
    state.add_to(routes, rooms.state, rooms.keyholder)
    logs.add_to(routes, rooms.logs, rooms.keyholder)
    transcripts.add_to(routes, rooms.transcripts, rooms.tickets, rooms.owners, rooms.settings.limit_transcript)
    ticket_calls.add_to(routes, rooms, rooms.keyholder)
    personal.add_to(routes, rooms.personal, rooms.owners, rooms.settings.limit_my_data)
    overseeing.add_to(routes, rooms.overseeing, rooms.keyholder)
    complaints.add_to(routes, rooms)
    shown_pictures.add_to(routes, rooms)
    return routes


def _add_speaking(routes: Blueprint, rooms: Webchat) -> None:
    """Calls by which a browser begins and speaks."""
    chat, settings = rooms.chat, rooms.settings

    @routes.post("/greeting")
    @answered
    def greeting() -> dict[str, Any]:
        """A new session and the first words of its desk."""
        rooms.guard.origin(request)
        rooms.limits.check(settings.limit_greeting, "greeting", rooms.guard.address(request))
        fields = rooms.body()
        timing.note_whose(_word(fields, "desk"))
        opened, session, greeted = chat.begin(_word(fields, "desk"), _locale(fields))
        return {
            **greeted.body, "ok": True, "sessionId": opened.id, "csrfToken": opened.csrf_token,
            "presence": chat.presence(session),
        }  # fmt: skip

    @routes.post("/chat")
    @answered
    def say() -> dict[str, Any]:
        """A line, and what it led to."""
        began = perf_counter()
        rooms.limits.check(settings.limit_chat_address, "chat", rooms.guard.address(request))
        with rooms.photos(settings.webchat_max_bytes):
            line, answered = _posted(rooms, rooms.body())
        return {**_said(answered, line.session_id), "latency_ms": round(1000 * (perf_counter() - began))}

    @routes.post("/upload-image")
    @answered
    def upload() -> dict[str, Any]:
        """A photo, durable when this answers; what is on it is told in the chat, a little later."""
        rooms.limits.check(settings.limit_upload_address, "uploads", rooms.guard.address(request))
        with rooms.photos(settings.upload_bytes + FORM_BYTES):
            session_id, event = _uploaded(rooms)
        return {"ok": True, "queued": True, "sessionId": session_id, "correlation_id": event.correlation_id}


def _add_following(routes: Blueprint, rooms: Webchat) -> None:
    """Calls by which a browser hears what was said, and begins anew."""
    chat, settings = rooms.chat, rooms.settings

    @routes.route("/messages", methods=["GET", "POST"])
    @answered
    def messages() -> dict[str, Any]:
        """The messages after the browser's cursors; `read` and `arrived` acknowledge what it showed."""
        fields = {"after": request.args.get("after"), **rooms.body()}
        session = rooms.session(fields)
        if request.method == "POST":
            rooms.guard.check_token(request, session, fields)
            _note_arrivals(chat, session, fields)
        found = chat.lines(session, webchat.cursor(fields.get("after")))
        return {"ok": True, **found}

    @routes.post("/session/validate")
    @answered
    def validate() -> dict[str, Any]:
        """Whether the session is still valid, with its whole transcript."""
        session = rooms.session(rooms.body())
        return {
            "ok": True,
            "valid": True,
            "session": told_session(session, chat.lines(session)),
            "presence": chat.presence(session),
        }

    @routes.post("/reset")
    @answered
    def reset() -> dict[str, Any]:
        fields = rooms.body()
        session_id = rooms.session_id(fields)
        session = rooms.session(fields)
        rooms.guard.check_token(request, session, fields)
        rooms.limits.check(settings.limit_chat_session, "session", session.secret_hash)
        return _said(chat.restart(session), session_id)


def _posted(rooms: Webchat, fields: dict[str, Any]) -> tuple[Said, Answered]:
    line = webchat.said(fields, request.headers.get("X-Session-Id"))
    session = rooms.session(fields)
    rooms.guard.check_token(request, session, fields)
    rooms.limits.check(rooms.settings.limit_chat_session, "session", session.secret_hash)
    rooms.chat.speak(session)
    return line, _shown(rooms, session, line) if line.images else rooms.chat.say(session, line)


def _uploaded(rooms: Webchat) -> tuple[str, Event]:
    session_id = webchat.session_id({}, request.headers.get("X-Session-Id") or request.form.get("sessionId"))
    session = rooms.session({"sessionId": session_id})
    rooms.guard.check_token(request, session, request.form)
    rooms.limits.check(rooms.settings.limit_upload, "upload", rooms.guard.address(request), session.secret_hash)
    rooms.chat.check_photos(session, 1)
    photo, caption = _photo(rooms.settings.upload_bytes), request.form.get("caption", "")[:1000]
    rooms.chat.speak(session)
    return session_id, rooms.uploads.accept(session, photo, caption=caption, number=webchat.message_id(request.form))


def _photo(largest: int) -> bytes:
    file = request.files.get("image")
    if file is None:
        raise NoPhoto("no image in the form")
    return file.stream.read(largest + 1)


def _shown(rooms: Webchat, session: Any, line: Said) -> Answered:
    """A line with photos: they come first, then what was written with them. Photos alone are answered later."""
    for _ in line.images:
        rooms.limits.check(rooms.settings.limit_upload_address, "uploads", rooms.guard.address(request))
    photos = embedded(line.images)
    rooms.limits.check(rooms.settings.limit_upload, "upload", rooms.guard.address(request), session.secret_hash)
    rooms.chat.check_photos(session, len(photos))
    for place, photo in enumerate(photos):
        event = rooms.uploads.accept(session, photo, number=f"{line.message_id}-{place}" if line.message_id else "")
    return rooms.chat.say(session, line) if line.text or line.choice else Answered(session, event.correlation_id, None)


def _said(answered: Answered, session_id: str) -> dict[str, Any]:
    return {
        **answered.body, "ok": True, "sid": session_id, "sessionId": session_id, "session_id": session_id,
        "conversation_id": answered.conversation_id, "correlation_id": answered.event_id,
        "parent_message_id": answered.line_id, "error_code": None,
    }  # fmt: skip


def _note_arrivals(chat: Chat, session: Any, fields: dict[str, Any]) -> None:
    for name, read in (("arrived", False), ("read", True)):
        upto = fields.get(name)
        if isinstance(upto, int) and 0 < upto < 2**62:
            chat.arrived(session, upto, read=read)


def _word(fields: dict[str, Any], name: str) -> str:
    given = fields.get(name)
    return given[:64] if isinstance(given, str) else ""


def _locale(fields: dict[str, Any]) -> str:
    asked = _word(fields, "locale") or request.headers.get("X-Locale", "") or request.headers.get("Accept-Language", "")
    return asked.split(",")[0].split(";")[0].strip()[:16]


def _shared(response: Response, guard: Guard) -> Response:
    """Sites that may embed the chat may read its answers."""
    response.headers["Vary"] = "Origin"
    try:
        origin = guard.origin(request)
    except Refused:
        return response
    if origin is not None:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Allow-Headers"] = "Content-Type, X-CSRF-Token, X-Session-Id, X-Locale"
        response.headers["Access-Control-Allow-Methods"] = "GET, POST, DELETE, OPTIONS"
    return response
