"""Ten messages through a running deployment, and the outcome of each.

They are posted as the platform posts, signed, one after the other, the first of them twice. Then the database tells
whether each had one turn and its reply was accepted, and what else went wrong meanwhile. No ticket is opened, and the
conversation is at rest again in the end.
"""

from __future__ import annotations

import argparse
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from bot.commands.site import Site, Wrong
from core.log_file import Reader
from core.settings import BadSettings, Settings
from core.store import smoke
from core.store.db import Database
from core.wire import whatsapp

MESSAGES = (
    "hola", "ayuda", "mis reportes", "menú", "1", "no funciona desde ayer", "xyzzy", "atrás", "menú", "cancelar",
)  # fmt: skip
LOOK_EVERY_S = 0.02
WIDTH = 44
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Route:
    """The channel under test: where messages are sent and their outcomes looked up."""

    site: Site
    secret: bytes
    db: Database
    number: str
    phone: str
    patience_s: float

    def post(self, id: str, text: str) -> float:
        """Post it as the platform does; how long the 200 took."""
        body = _post(self.number, self.phone, id, text)
        signed = {"Content-Type": "application/json", whatsapp.SIGNATURE: whatsapp.sign(body, self.secret).decode()}
        answer = self.site.send("/webhook", body, signed)
        if answer.status != 200:
            raise Wrong(f"{self.site.url}/webhook answered {answer.status}")
        return answer.took_s

    def became(self, id: str) -> Any:
        with self.db.transaction() as tx:
            return smoke.became(tx, [id]).get(id)

    def answered(self, id: str) -> Any:
        """The outcome of a message, once its reply was accepted."""
        deadline = time.monotonic() + self.patience_s
        while True:
            row = self.became(id)
            if row is not None and row.state == "buried":
                raise Wrong(f"it was given up: {row.error}")
            if row is not None and row.replies and row.accepted == row.replies:
                return row
            if time.monotonic() > deadline:
                raise Wrong(f"{_stands(row)} after {self.patience_s:g} s")
            time.sleep(LOOK_EVERY_S)


def _post(number: str, phone: str, id: str, text: str) -> bytes:
    """A text of somebody, named by the phone alone: a real person has a business-scoped id, and must not get another."""
    item = {"from": phone, "id": id, "timestamp": str(int(time.time())), "type": "text", "text": {"body": text}}
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": number, "phone_number_id": number},
        "contacts": [{"profile": {"name": "Smoke"}, "wa_id": phone}],
        "messages": [item],
    }
    change = {"field": "messages", "value": value}
    return orjson.dumps({"object": "whatsapp_business_account", "entry": [{"id": "0", "changes": [change]}]})


def _stands(row: Any) -> str:
    if row is None:
        return "it is in no inbox of this database"
    if row.state != "done":
        return "nobody took its turn: do workers run?"
    return "its reply was not accepted by the platform" if row.replies else "there is no reply"


def run(route: Route, log: Reader | None, tell: Tell) -> str:
    """All of it; what is wrong, or nothing."""
    since = datetime.now(UTC)
    if log:
        log.tail(1)
    tell(f"{'said':24}{'200 ms':>8}{'turn ms':>9}{'reply ms':>10}  reply")
    failed = list(_talk(route, tell))
    wrong = len(failed) + _afterwards(route, since, tell)
    wrong += _logged(log, tell) if log else 0
    tell("all is well" if not wrong else f"{wrong} things are wrong")
    return failed[0] if failed else "" if not wrong else f"{wrong} things meanwhile"


def _talk(route: Route, tell: Tell) -> Iterator[str]:
    """Say all of it; yields what goes wrong. After the first failure nothing more is said."""
    for number, text in enumerate(MESSAGES):
        id = f"wamid.smoke{secrets.token_hex(16)}"
        try:
            taken_s = route.post(id, text)
            row = route.answered(id)
            if number == 0:
                _once_more(route, id, text)
        except Wrong as problem:
            tell(f"{text:24}{problem}")
            yield text
            return
        reply = " ".join(row.text.split())[:WIDTH]
        tell(f"{text:24}{1000 * taken_s:8.0f}{1000 * row.turn_s:9.0f}{1000 * row.accepted_s:10.0f}  {reply}")


def _once_more(route: Route, id: str, text: str) -> None:
    """The platform may bring anything twice."""
    route.post(id, text)
    row = route.became(id)
    if (row.retries, row.steps, row.replies) != (1, 1, 1):
        raise Wrong(f"its copy was not taken for one: {row.retries} copies, {row.steps} turns, {row.replies} replies")


def _afterwards(route: Route, since: datetime, tell: Tell) -> int:
    with route.db.transaction() as tx:
        found = smoke.trouble(tx, since)
    tell(
        f"meanwhile: {found.dead_letters} dead letters, {found.not_sent} replies not sent, {found.refused} refused POSTs,"
        f" {found.conflicts} conflicts, {found.opened} breakers opened"
    )
    return int(found.dead_letters + found.not_sent + found.refused + found.opened)


def _logged(log: Reader, tell: Tell) -> int:
    """Warnings and errors that were logged since, on this machine."""
    lines = []
    while added := log.new():
        lines += [orjson.loads(line) for line in added.splitlines()]
    bad = [line for line in lines if line.get("level") in ("warning", "error")]
    tell(f"logged: {len(lines)} lines, {len(bad)} warnings or errors")
    for line in bad:
        tell(f"  {line.get('level')} {line.get('event')} {line.get('error', '')}".rstrip())
    return len(bad)


def route(settings: Settings, db: Database, site: Site, chosen: argparse.Namespace) -> Route:
    secret = settings.whatsapp_app_secret.get_secret_value()
    if not secret:
        raise BadSettings("WHATSAPP_APP_SECRET is needed, to sign as the platform does.")
    if settings.app_env == "production" and not chosen.sender:
        raise BadSettings("Say whose phone gets the replies: --from, with the number of a telephone of yours.")
    phone = chosen.sender or f"5215550{secrets.randbelow(10**6):06}"
    return Route(site, secret.encode(), db, chosen.number, phone, chosen.patience)
