# mypy: disable-error-code="arg-type, attr-defined, misc, name-defined, no-untyped-call"
# because pywa does not say in its types what it offers
"""pywa against the simulator: it reads what the simulator posts as our parser does, and what it sends is what we send."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any, get_args

import httpx
import orjson
import pytest
from flask import request
from pywa import WhatsApp, errors, types
from pywa.types import templates
from pywa.types.others import Contact

from bot.channels.whatsapp.carrier import WhatsAppCarrier
from core.messages import (
    Identity,
    Media,
    Option,
    Outbound,
    OutboundKind,
    Place,
    Template,
    ask,
    ask_location,
    choose,
    pin,
    point,
    say,
    show,
    use_template,
)
from simulator import samples, says
from simulator.checks import MEDIA
from tests import oracle
from tests.oracle import Oracle
from tests.unit.simulator import stage
from tests.unit.simulator.stage import LUCIA, NUMBER, SECRET, TOKEN, Simulated

NOA = "MX.71550000000000000003"
LINK = "https://example.org/a"
SAID: dict[str, dict[str, Any]] = {
    "text": {"text": "¿No enfría? 🧊 a/b@c"},
    "button": {"id": "yes", "title": "Sí"},
    "list": {"id": "row", "title": "Refrigerador", "description": "Frío"},
    "template_button": {"id": "again", "title": "Otra vez"},
    "location": {"latitude": 19.4326, "longitude": -99.1332, "name": "Zócalo"},
    "reaction": {"message_id": "wamid.x", "emoji": "👍"},
    "contacts": {"name": "Ana", "phone": "+5215550000009"},
    "unsupported": {},
    "raw": {"item": {"type": "text", "text": {"body": "a"}, "context": {"forwarded": True}}},
    **{kind: {"caption": "mira"} for kind in MEDIA},
}


@pytest.fixture
def pywa_reads() -> Oracle:
    return Oracle()


def say_everything(simulated: Simulated, customer: str) -> int:
    """Each kind, once by itself and once in answer to something. How many messages that are."""
    file = simulated.exchange.media.keep(samples.photo(), "image/png").id
    for kind, wanted in SAID.items():
        simulated.say(customer, **{"text": "", **wanted, "kind": kind, "media_id": file, "reply_to": "wamid.old"})
    return len(SAID)


@pytest.mark.parametrize("customer", [LUCIA, NOA])
def test_what_customers_say_is_read_alike(simulated: Simulated, pywa_reads: Oracle, customer: str) -> None:
    assert set(SAID) == set(says.ALL_KINDS)
    simulated.business.wait("posts", say_everything(simulated, customer))
    kinds = [_read_alike(pywa_reads, *post)["kind"] for post in simulated.business.posts]
    assert sorted(kinds) == sorted(_expected(kind) for kind in SAID)


def _expected(kind: str) -> str:
    return {"button": "choice", "list": "choice", "template_button": "choice", "raw": "text"}.get(kind, kind)


def _read_alike(pywa_reads: Oracle, signature: str, body: bytes) -> oracle.Told:
    """What both read of a POST, the signature of which pywa believes."""
    assert pywa_reads.takes(body, signature, SECRET)
    assert not pywa_reads.takes(body + b" ", signature, SECRET)
    [post] = oracle.posts(orjson.loads(body))
    mine = oracle.ours(post)
    assert oracle.differences(mine, pywa_reads.read(post)) == {}
    return mine


@pytest.mark.parametrize("to", [LUCIA, NOA])
def test_what_becomes_of_a_send_is_read_alike(simulated: Simulated, pywa_reads: Oracle, to: str) -> None:
    simulated.fault(read_at_once=True)
    simulated.send(**_addressed(to), biz_opaque_callback_data="7")
    simulated.business.wait("statuses", 3)
    found = [_read_alike(pywa_reads, *post) for post in simulated.business.posts]
    assert sorted(one["state"] for one in found) == ["delivered", "read", "sent"]
    assert {one["callback"] for one in found} == {"7"}
    assert {(one["category"], one["billable"]) for one in found if "category" in one} == {("service", False)}


def test_a_send_that_failed_is_read_alike(simulated: Simulated, pywa_reads: Oracle) -> None:
    simulated.fault(failed_status=131026)
    simulated.send(biz_opaque_callback_data="7")
    simulated.business.wait("statuses", 1)
    told = _read_alike(pywa_reads, *simulated.business.posts[0])
    assert (told["state"], told["code"], told["callback"]) == ("failed", 131026, "7")


def _addressed(to: str) -> dict[str, Any]:
    return {"to": None, "recipient": to} if to == NOA else {"to": to}


@pytest.fixture
def asked(simulated: Simulated) -> list[dict[str, Any]]:
    """The bodies of the calls that the double gets."""
    bodies: list[dict[str, Any]] = []
    simulated.app.before_request(lambda: bodies.append(request.get_json()) if request.is_json else None)
    return bodies


@pytest.fixture
def theirs(simulated: Simulated) -> Iterator[WhatsApp]:
    with httpx.Client(timeout=stage.PATIENCE_S) as session:
        client = WhatsApp(phone_id=NUMBER, token=TOKEN, session=session)
        session.base_url = f"{simulated.url}/graph/v26.0"
        yield client


@pytest.fixture
def ours(simulated: Simulated) -> Iterator[WhatsAppCarrier]:
    with closing(WhatsAppCarrier(stage.settings(graph_api_url=f"{simulated.url}/graph"))) as carrier:
        yield carrier


BUTTONS = [types.Button("Sí", "yes"), types.Button("No", "no")]
ROWS = types.SectionList(
    "Ver", [types.Section("", [types.SectionRow("Uno", "1", "El primero"), types.SectionRow("Dos", "2")])]
)
BODY = templates.BodyText("{{1}} {{2}}", "a", "b")
SENDS: dict[str, tuple[str, dict[str, Any], Outbound]] = {
    "text": ("send_message", {"text": "Hola *tú* 🧊"}, say("Hola *tú* 🧊")),
    "buttons": (
        "send_message",
        {"text": "¿Sí?", "buttons": BUTTONS, "footer": "pie"},
        ask("¿Sí?", Option("yes", "Sí"), Option("no", "No"), footer="pie"),
    ),
    "list": (
        "send_message",
        {"text": "¿Cuál?", "buttons": ROWS},
        choose("¿Cuál?", "Ver", Option("1", "Uno", "El primero"), Option("2", "Dos")),
    ),
    "link": (
        "send_message",
        {"text": "Aquí", "buttons": types.URLButton("Ver", "https://x.example/1")},
        point("Aquí", "Ver", "https://x.example/1"),
    ),
    "location_request": ("request_location", {"text": "¿Dónde?"}, ask_location("¿Dónde?")),
    "location": (
        "send_location",
        {"latitude": -34.6, "longitude": -58.4, "name": "Aquí", "address": "Calle 1"},
        pin(Place(-34.6, -58.4, "Aquí", "Calle 1")),
    ),
    "image": ("send_image", {"image": LINK, "caption": "mira"}, show("image", Media(link=LINK), "mira")),
    "audio": ("send_audio", {"audio": LINK}, show("audio", Media(link=LINK))),
    "video": ("send_video", {"video": LINK, "caption": "mira"}, show("video", Media(link=LINK), "mira")),
    "document": (
        "send_document",
        {"document": LINK, "filename": "a.pdf", "caption": "lee"},
        show("document", Media(link=LINK, filename="a.pdf"), "lee"),
    ),
    "template": (
        "send_template",
        {"name": "visit", "language": templates.TemplateLanguage.SPANISH, "params": [BODY.params("mañana", "9 h")]},
        use_template(Template("visit", "es", ("mañana", "9 h"))),
    ),
}
NOT_THE_SAME = {
    "to": "we put the + before it, without which Meta may take it for a number of our own country",
    "text.preview_url": "pywa says what is so unless told",
    "interactive.action.sections.0.title": "pywa sends the empty title; one section needs none",
    "template.components.0.type": "pywa writes it in capitals; Meta's own examples do not, and it takes both",
}
"""Where our requests and pywa's are not the same, and why."""
EVERY = frozenset({"to"})
DIFFERENT = {
    "text": EVERY | {"text.preview_url"},
    "list": EVERY | {"interactive.action.sections.0.title"},
    "template": EVERY | {"template.components.0.type"},
}


def leaves(found: Any, path: str = "") -> dict[str, Any]:
    """Every value of a body by the way to it."""
    inside = found.items() if isinstance(found, dict) else enumerate(found) if isinstance(found, list) else None
    if inside is None:
        return {path: found}
    below = (leaves(inner, f"{path}.{name}" if path else str(name)) for name, inner in inside)
    return {way: value for each in below for way, value in each.items()}


def unlike(mine: Any, pywas: Any) -> set[str]:
    one, other = leaves(mine), leaves(pywas)
    return {way for way in one.keys() | other.keys() if one.get(way) != other.get(way)}


def test_every_difference_has_a_reason_and_every_reason_a_difference() -> None:
    assert frozenset().union(*DIFFERENT.values()) == set(NOT_THE_SAME)
    assert set(SENDS) == set(get_args(OutboundKind)), "every kind of outbound is sent by both"


@pytest.mark.parametrize("kind", SENDS)
@pytest.mark.parametrize("to", [LUCIA, NOA])
def test_what_we_send_is_what_pywa_sends(
    simulated: Simulated, asked: list[Any], theirs: WhatsApp, ours: WhatsAppCarrier, kind: str, to: str
) -> None:
    simulated.ask("templates", {"name": "visit", "language": "es", "body": 2})
    asked.clear()
    call, given, outbound = SENDS[kind]
    sent = getattr(theirs, call)(to=to, tracker="7", reply_to_message_id="wamid.old", **given)
    wamid = ours.send(NUMBER, outbound, Identity((("bsuid" if to == NOA else "wa_id", to),)), "7", "wamid.old")
    pywas, mine = asked
    assert unlike(mine, pywas) == DIFFERENT.get(kind, EVERY) - ({"to"} if to == NOA else set())
    accepted = simulated.exchange.world.accepted
    assert [(entry["id"], entry["to"]) for entry in accepted] == [(sent.id, to), (wamid, to)]
    first, second = simulated.chat(to)
    assert (first["kind"], first["text"]) == (second["kind"], second["text"])


@pytest.mark.parametrize("typing", [False, True])
def test_a_read_mark_of_ours_is_one_of_pywas(
    simulated: Simulated, asked: list[Any], theirs: WhatsApp, ours: WhatsAppCarrier, typing: bool
) -> None:
    wamid = simulated.say()["id"]
    asked.clear()
    assert (theirs.indicate_typing if typing else theirs.mark_message_as_read)(wamid).success
    assert ours.mark_read(NUMBER, wamid, typing)
    assert asked[0] == asked[1]
    assert simulated.chat()[0]["tick"] == "read"


def test_what_only_pywa_sends_is_taken_too(simulated: Simulated, theirs: WhatsApp) -> None:
    wamid = simulated.say()["id"]
    theirs.send_reaction(LUCIA, "👍", wamid)
    theirs.send_location(LUCIA, 19.4, -99.1, "Zócalo")
    theirs.send_contact(LUCIA, Contact(name=Contact.Name("Ana", "Ana"), phones=[Contact.Phone("+5215550000009")]))
    theirs.request_contact_info(NOA, "¿Tu número?")
    theirs.send_image(LUCIA, samples.photo(), mime_type="image/png")
    theirs.send_voice(LUCIA, b"OggS" + samples.voice(), mime_type="audio/ogg")
    kinds = [entry["type"] for entry in simulated.exchange.world.accepted]
    assert kinds == ["reaction", "location", "contacts", "interactive", "image", "audio"]
    assert simulated.chat()[0]["reactions"] == {"business": "👍"}


def test_a_file_of_a_customer_is_fetched_by_pywa(simulated: Simulated, theirs: WhatsApp) -> None:
    kept = simulated.exchange.media.keep(samples.photo(), "image/png")
    told = theirs.get_media_url(kept.id)
    assert (told.mime_type, told.file_size) == ("image/png", len(samples.photo()))
    assert theirs.get_media_bytes(told.url) == samples.photo()


TITLES: dict[str, tuple[dict[str, Any], type[Exception]]] = {
    "a title that is too long": ({"buttons": [types.Button("x" * 21, "a")]}, errors.InvalidParameter),
    "two buttons of one name": ({"buttons": [types.Button("x", "a"), types.Button("x", "b")]}, errors.InvalidParameter),
    "a text without words": ({"text": " "}, errors.MissingRequiredParameter),
}


@pytest.mark.parametrize("told", TITLES)
def test_what_is_refused_for_its_form_is_an_error_that_pywa_knows(
    simulated: Simulated, theirs: WhatsApp, told: str
) -> None:
    given, error = TITLES[told]
    with pytest.raises(error):
        theirs.send_message(LUCIA, **{"text": "?", **given})


def test_what_is_refused_for_what_was_before_is_an_error_that_pywa_knows(
    simulated: Simulated, theirs: WhatsApp
) -> None:
    simulated.ask(f"customers/{LUCIA}/silence", {"number": NUMBER})
    spanish = templates.TemplateLanguage.SPANISH_MEX
    with pytest.raises(errors.ReEngagementMessage):
        theirs.send_message(LUCIA, "Hola")
    with pytest.raises(errors.TemplateNotExists):
        theirs.send_template(LUCIA, "turno_gone", spanish, [])
    with pytest.raises(errors.TemplateParamCountMismatch):
        theirs.send_template(LUCIA, "turno_news", spanish, [BODY.params("too", "many")])
    assert theirs.send_template(LUCIA, "turno_news", spanish, []).id
