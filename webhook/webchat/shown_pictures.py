"""Pictures that a desk shows in the chat: fetched by the browser with its session, and by nobody else."""

from __future__ import annotations

from flask import Blueprint, Response, abort

from core.own_files import PICTURES
from webhook.webchat.refusals import answered
from webhook.webchat.rooms import Webchat

FRESH_S = 86_400


def add_to(routes: Blueprint, rooms: Webchat) -> None:
    @routes.get("/picture/<name>")
    @answered
    def picture(name: str) -> Response:
        """A picture that was shown in this conversation; its name is the hash of its bytes, so it never changes."""
        session = rooms.session({})
        rooms.limits.check(rooms.settings.limit_picture, "picture", session.secret_hash)
        file = rooms.chat.picture(session, name)
        if file is None or file.mime_type not in PICTURES:
            abort(404)
        answer = Response(file.content, mimetype=file.mime_type)
        answer.headers["Cache-Control"] = f"private, max-age={FRESH_S}, immutable"
        answer.headers["X-Content-Type-Options"] = "nosniff"
        return answer
