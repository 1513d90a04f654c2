"""`python -m simulator.smoke`: sends ten messages through a running deployment and reports each outcome.

They are posted as the platform posts, signed, one after the other, the first of them twice. Then the database tells
whether each had one turn and its reply was accepted, and what else went wrong meanwhile. No ticket is opened, and the
conversation is at rest again in the end.
"""

from __future__ import annotations

import argparse
import secrets
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
import urllib3

from core import settings as settings_of
from core.errors import TurnoError
from core.log_file import Reader
from core.settings import BadSettings, Settings
from core.store import embedded, smoke
from core.store.db import Database
from simulator import bodies, wamids
from simulator.people import Business, Customer

MESSAGES = (
    "hola", "ayuda", "mis reportes", "menú", "1", "no funciona desde ayer", "xyzzy", "atrás", "menú", "cancelar",
)  # fmt: skip
LOOK_EVERY_S = 0.02
POST_S = 30.0
"""Longest a POST may take before nobody is there."""
WIDTH = 44
Tell = Callable[[str], None]


class Wrong(Exception):
    """Something that should have happened did not."""


@dataclass(frozen=True, slots=True)
class Route:
    """The channel under test: where messages are sent and their outcomes looked up."""

    http: urllib3.PoolManager
    url: str
    secret: bytes
    db: Database
    business: Business
    customer: Customer
    patience_s: float

    def post(self, id: str, text: str) -> float:
        """Post it as the platform does; how long the 200 took."""
        item = {"id": id, "timestamp": str(int(time.time())), "type": "text", "text": {"body": text}}
        body = bodies.body([_by_phone_alone(bodies.message(self.business, self.customer, item, shy=False))])
        headers = {"Content-Type": "application/json", "X-Hub-Signature-256": bodies.signature(body, self.secret)}
        begun = time.monotonic()
        try:
            answer = self.http.request("POST", self.url, body=body, headers=headers)
        except urllib3.exceptions.HTTPError as problem:
            raise Wrong(f"{self.url} does not answer: {type(problem).__name__}") from None
        if answer.status != 200:
            raise Wrong(f"{self.url} answered {answer.status}")
        return time.monotonic() - begun

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


def _by_phone_alone(value: Any) -> Any:
    """Without a business-scoped id: a real person has one already, and must not be taught another."""
    for named, key in ((value["contacts"][0], "user_id"), (value["messages"][0], "from_user_id")):
        del named[key]
    return value


def _stands(row: Any) -> str:
    if row is None:
        return "it is in no inbox of this database"
    if row.state != "done":
        return "nobody took its turn: do workers run?"
    return "its reply was not accepted by the platform" if row.replies else "there is no reply"


def run(route: Route, log: Reader | None, tell: Tell) -> int:
    """Everything; how much is wrong."""
    since = datetime.now(UTC)
    if log:
        log.tail(1)
    tell(f"{'said':24}{'200 ms':>8}{'turn ms':>9}{'reply ms':>10}  reply")
    wrong = sum(1 for _ in _talk(route, tell))
    wrong += _afterwards(route, since, tell)
    wrong += _logged(log, tell) if log else 0
    tell("all is well" if not wrong else f"{wrong} things are wrong")
    return wrong


def _talk(route: Route, tell: Tell) -> Iterator[str]:
    """Say all of it; yields what goes wrong. After the first failure nothing more is said."""
    for number, text in enumerate(MESSAGES):
        id = wamids.new(route.customer.wa_id, inbound=True)
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


def main(arguments: list[str] | None = None) -> int:
    """0: all is well, 1: something is not, 2: it cannot begin."""
    chosen = _options(arguments)
    try:
        settings = settings_of.load()
        route = _route(settings, chosen)
    except (BadSettings, TurnoError) as problem:
        print(problem, file=sys.stderr)
        return 2
    log = Reader(settings.log_file) if settings.log_file else None
    print(f"{len(MESSAGES)} messages to {route.business.number} from {route.customer.wa_id}, posted to {route.url}")
    try:
        return 1 if run(route, log, lambda line: print(line, flush=True)) else 0
    finally:
        route.db.close()


def _route(settings: Settings, chosen: argparse.Namespace) -> Route:
    secret = settings.whatsapp_app_secret.get_secret_value()
    if not secret:
        raise BadSettings("WHATSAPP_APP_SECRET is needed, to sign as the platform does.")
    if settings.app_env == "production" and not chosen.sender:
        raise BadSettings("Say whose phone gets the replies: --from, with the number of a telephone of yours.")
    phone = chosen.sender or f"5215550{secrets.randbelow(10**6):06}"
    return Route(
        http=urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(POST_S)),
        url=chosen.url or f"http://127.0.0.1:{settings.port}/webhook",
        secret=secret.encode(),
        db=Database(embedded.url_for(settings), pool=1, name="turno smoke"),
        business=Business(chosen.number, "smoke", chosen.number),
        customer=Customer("smoke", "Smoke", "", phone),
        patience_s=chosen.patience,
    )


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="simulator.smoke", description="Ten messages through a deployment that runs.")
    parser.add_argument(
        "--url", default="", help="URL that receives the webhooks (default: http://127.0.0.1:PORT/webhook)"
    )
    parser.add_argument("--number", default="100000000000001", help="phone_number_id that is written to")
    parser.add_argument("--from", dest="sender", default="", help="phone number of the sender (default: a made-up one)")
    parser.add_argument("--patience", type=float, default=30.0, help="seconds that each reply may take")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
