"""The phone page, and the test API by which a page or a test plays a customer."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, abort, jsonify, render_template, request, send_from_directory

from core import look
from simulator import faults, people, samples
from simulator.errors import GraphError
from simulator.exchange import Exchange
from simulator.faults import BadFault
from simulator.says import Unsayable
from simulator.templates import Template

HEARTBEAT_S = 15.0
_POLICY = (
    "default-src 'self'; img-src 'self' blob: data: http: https:; media-src 'self' blob: http: https:; "
    "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def blueprint(exchange: Exchange) -> Blueprint:
    phone = Blueprint("phone", __name__, url_prefix="/simulator", static_folder="static", template_folder="templates")
    _routes(phone, _Phone(exchange))
    for problem in (BadFault, Unsayable, GraphError):
        phone.register_error_handler(problem, _problem_of)
    phone.before_request(_only_json)
    phone.after_request(_guarded)
    return phone


def _routes(phone: Blueprint, does: _Phone) -> None:
    for rule, view, method in (
        ("/", does.page, "GET"),
        ("/look/<name>", does.look, "GET"),
        ("/config", does.config, "GET"),
        ("/events", does.events, "GET"),
        ("/customers", does.join, "POST"),
        ("/customers/<id>/messages", does.say, "POST"),
        ("/customers/<id>/chat", does.chat, "GET"),
        ("/customers/<id>/read", does.read, "POST"),
        ("/customers/<id>/silence", does.fall_silent, "POST"),
        ("/templates", does.approve, "POST"),
        ("/media", does.keep, "POST"),
        ("/media/<id>", does.show, "GET"),
        ("/samples/<name>", does.sample, "GET"),
        ("/accepted", does.accepted, "GET"),
        ("/post", does.post, "GET"),
        ("/reset", does.reset, "POST"),
        ("/faults", does.faults, "GET"),
        ("/faults", does.set_faults, "POST"),
        ("/faults", does.clear_faults, "DELETE"),
    ):
        phone.add_url_rule(rule, f"{view.__name__}", view, methods=[method])


def _problem_of(problem: Exception) -> tuple[Response, int]:
    details = problem.details if isinstance(problem, GraphError) else str(problem)
    status = problem.status if isinstance(problem, GraphError) else 400
    return jsonify(error=details), status


def _only_json() -> tuple[Response, int] | None:
    """Another site's page may post forms to us, but neither JSON nor files under these types."""
    form_types = ("application/x-www-form-urlencoded", "multipart/form-data", "text/plain", "")
    if request.method == "POST" and request.mimetype in form_types and request.content_length:
        return jsonify(error="send application/json, or a file with its own type"), 415
    return None


def _guarded(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _wanted() -> dict[str, Any]:
    body = request.get_json(silent=True) if request.content_length else {}
    if not isinstance(body, dict):
        raise Unsayable("a JSON object is needed")
    return body


class _Phone:
    def __init__(self, exchange: Exchange):
        self._exchange = exchange

    def page(self) -> str:
        return render_template("phone.html")

    def look(self, name: str) -> Response:
        """Serve the styles shared by every page that shows a conversation."""
        if name not in look.FILES:
            abort(404)
        return send_from_directory(look.FOLDER, name)

    def config(self) -> Response:
        self._exchange.meet_desks()
        kinds = [{"name": name, "type": kind.__name__, "help": help} for name, (kind, help) in faults.KINDS.items()]
        switched = {"fault_kinds": kinds, "faults": self._exchange.faults.shown()}
        return jsonify(**self._exchange.world.overview(), **switched, templates=self._exchange.templates.as_json)

    def join(self) -> tuple[Response, int]:
        """A new customer: {"name", "wa_id"} or {"name", "user_id"}."""
        wanted = _wanted()
        id = str(wanted.get("user_id") or people.digits(str(wanted.get("wa_id") or "")))
        if not people.is_bsuid(id) and not 8 <= len(id) <= 15:
            raise Unsayable("wa_id: a phone number, or user_id: a business-scoped id such as MX.123")
        customer = self._exchange.world.join(people.newcomer(id, str(wanted.get("name") or "")[:60].strip()))
        return jsonify(customer.as_json), 201

    def say(self, id: str) -> tuple[Response, int]:
        wanted = _wanted()
        return jsonify(self._exchange.say(_customer_id(id), _number(wanted.get("number")), wanted)), 202

    def chat(self, id: str) -> Response:
        number, after = _number(request.args.get("number")), request.args.get("after", 0, type=int)
        world = self._exchange.world
        return jsonify(bubbles=world.transcript(number, world.customer(_customer_id(id)).id, after))

    def read(self, id: str) -> Response:
        return jsonify(read=self._exchange.open_chat(_customer_id(id), _number(_wanted().get("number"))))

    def fall_silent(self, id: str) -> Response:
        """{"number", "hours"}: the customer has said nothing for so long."""
        wanted = _wanted()
        hours = _count(wanted, "hours", 25)
        customer = self._exchange.world.customer(_customer_id(id))
        self._exchange.world.fall_silent(_number(wanted.get("number")), customer.id, time.time() - 3600 * hours)
        return jsonify(hours=hours)

    def approve(self) -> tuple[Response, int]:
        """A template more: {"name", "language", "body", "header"}, the last two how many parameters they take."""
        wanted = _wanted()
        name, language = (str(wanted.get(key) or "") for key in ("name", "language"))
        if not name or not language:
            raise Unsayable("name and language are needed")
        template = Template(name, language, _count(wanted, "body"), _count(wanted, "header"))
        self._exchange.templates.put(template)
        return jsonify(template.as_json), 201

    def keep(self) -> tuple[Response, int]:
        """A file from the customer's phone: the body as it is, its Content-Type as its kind."""
        file = self._exchange.media.keep(request.get_data(), request.content_type or "application/octet-stream")
        return jsonify(id=file.id), 201

    def show(self, id: str) -> Response:
        file = self._exchange.media.get(id)
        response = Response(file.content, mimetype=file.mime_type.split(";")[0])
        if not file.mime_type.startswith(("image/", "audio/", "video/")) or "svg" in file.mime_type:
            response.headers["Content-Disposition"] = "attachment"
        return response

    def sample(self, name: str) -> Response:
        if name == "voice":
            return Response(samples.voice(), mimetype="audio/wav")
        return Response(samples.photo(), mimetype="image/png")

    def accepted(self) -> Response:
        entries = self._exchange.world.accepted
        return jsonify(count=len(entries), accepted=entries[request.args.get("after", 0, type=int) :])

    def post(self) -> Response:
        """How the webhooks fare."""
        return jsonify(waiting=self._exchange.postman.waiting(), **self._exchange.postman.counts)

    def reset(self) -> Response:
        self._exchange.reset()
        return jsonify(ok=True)

    def faults(self) -> Response:
        return jsonify(faults=self._exchange.faults.shown())

    def set_faults(self) -> Response:
        self._exchange.faults.put(_wanted())
        return self._faults_changed()

    def clear_faults(self) -> Response:
        self._exchange.faults.clear(request.args.get("name", ""))
        return self._faults_changed()

    def _faults_changed(self) -> Response:
        shown = self._exchange.faults.shown()
        self._exchange.world.notify("faults", faults=shown)
        return jsonify(faults=shown)

    def events(self) -> Response:
        """Changes since a cursor: as a stream for clients that accept one, otherwise as JSON at once."""
        asked = request.headers.get("Last-Event-ID") or request.args.get("after") or ""
        after = int(asked) if asked.isdecimal() else self._exchange.world.seq
        if "text/event-stream" in request.headers.get("Accept", ""):
            return Response(self._stream(after), mimetype="text/event-stream", headers={"Cache-Control": "no-store"})
        changes = self._exchange.world.changes(after)
        return jsonify(seq=changes[-1]["seq"] if changes else after, changes=changes)

    def _stream(self, after: int) -> Iterator[str]:
        yield f'id: {after}\ndata: {{"event":"hello","seq":{after}}}\n\n'
        while True:
            changes = self._exchange.world.changes(after, HEARTBEAT_S)
            for change in changes:
                after = change["seq"]
                yield f"id: {after}\ndata: {json.dumps(change, separators=(',', ':'))}\n\n"
            if not changes:
                yield ": still here\n\n"


def _customer_id(id: str) -> str:
    if people.is_bsuid(id) or 5 <= len(people.digits(id)) <= 15:
        return id
    raise Unsayable("customer: a phone number or a business-scoped id")


def _count(wanted: dict[str, Any], name: str, usual: int = 0) -> int:
    found = wanted.get(name, usual)
    if type(found) is not int or not 0 <= found <= 1000:
        raise Unsayable(f"{name}: a whole number")
    return found


def _number(value: Any) -> str:
    number = str(value or people.BUSINESSES[0].number)
    if not number.isascii() or not number.isdigit() or len(number) > 32:
        raise Unsayable("number: a phone_number_id")
    return number
