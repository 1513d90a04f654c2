"""`python -m bench.outage`: an AI that answers, then fails in every way, then answers again; what customers notice.

Customers write sentences that the rules alone do not understand, one after the other, all the time. Web side, worker
and PostgreSQL are real processes; the AI and the Graph API are doubles over HTTP. Prints the timeline.
"""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event, Thread
from time import time
from typing import Final

from bench import crowd, outage_table, sides
from bench.letters import NUMBER, SECRET, TOKEN
from bench.outage_told import Phase, Timeline, timeline
from bench.processes import free_port
from core.settings import Settings
from core.store import embedded
from simulator import app, serve
from simulator.ai_double import AiDouble
from simulator.exchange import Exchange

DEADLINE_S: Final = 1.0
OPEN_S: Final = 2.0
SETTINGS: Final = {
    **sides.OPEN,
    "SMART_MODE": "true",
    "OPENAI_API_KEY": "double",
    "AI_EXTRACT_S": str(DEADLINE_S),
    "AI_TERM_S": str(DEADLINE_S),
    "AI_INTENT_S": str(DEADLINE_S),
    "AI_BREAKER_OPEN_S": str(OPEN_S),
    "HEARTBEAT_S": "0.5",
    "LIMIT_TEXT": "",
}
"""As deployed, but in a hurry: 1 s for the AI, 2 s of rest for one that fails."""

PHASES: Final = (
    ("answer", 4.0), ("hang", 5.0), ("trickle", 4.0), ("http_500", 5.0), ("prose", 4.0), ("wrong_json", 2.0),
    ("injection", 2.0), ("answer", 4.0),
)  # fmt: skip
"""What the AI does, and for how many seconds."""

CUSTOMERS = 6
PAUSE_S = 0.15
PATIENCE_S = 30.0
_LETTERS = str.maketrans("0123456789", "bcdfghjklm")


class Customer(Thread):
    """Says something, waits for the answer, and says the next thing."""

    def __init__(self, exchange: Exchange, phone: str, names: Iterator[int], over: Event):
        super().__init__(name=phone)
        self._exchange, self._phone, self._names, self._over = exchange, phone, names, over
        self.said: dict[str, float] = {}

    def run(self) -> None:
        while not self._over.is_set():
            self._say()
            self._over.wait(PAUSE_S)

    def _say(self) -> None:
        name = str(next(self._names)).translate(_LETTERS)  # each sentence is a new one: nothing is remembered
        before, at = self._answers(), time()
        text = f"el enfriadorcito {name} está triste otra vez"
        wamid: str = self._exchange.say(self._phone, NUMBER, {"kind": "text", "text": text})["id"]
        self.said[wamid] = at
        with self._exchange.world.bell:
            self._exchange.world.bell.wait_for(lambda: self._answers() > before, PATIENCE_S)

    def _answers(self) -> int:
        return sum(entry["to"] == self._phone for entry in self._exchange.world.accepted)


def play(folder: Path, phases: Sequence[tuple[str, float]] = PHASES) -> Timeline:
    """The whole story on a PostgreSQL in this folder."""
    with embedded.running(folder) as url:
        return play_in(crowd.make(url, "outage"), folder, phases)


def play_in(database: str, folder: Path, phases: Sequence[tuple[str, float]]) -> Timeline:
    """The story in a database with the demo desks, whose server lives in this folder."""
    with ExitStack() as stack:
        ai, port = stack.enter_context(AiDouble()), free_port()
        exchange, graph_port = stack.enter_context(_platform(port))
        doubles = {"OPENAI_BASE_URL": ai.url, "GRAPH_API_URL": f"http://127.0.0.1:{graph_port}/graph"}
        with sides.ours(database, sides.postmaster(folder), graph_port, settings={**SETTINGS, **doubles}, port=port):
            _warm(exchange)
            said, lived = _live(exchange, ai, phases)
        return timeline(database, said, exchange.world.accepted, lived)


@contextmanager
def _platform(web_port: int) -> Iterator[tuple[Exchange, int]]:
    settings = Settings.model_validate({"whatsapp_app_secret": SECRET, "whatsapp_access_token": TOKEN})
    serving = serve.server(app.create(settings, f"http://127.0.0.1:{web_port}/webhook"), "127.0.0.1", 0)
    exchange: Exchange = serving.app.extensions["exchange"]  # type: ignore[attr-defined]
    Thread(target=serving.serve_forever, daemon=True).start()
    try:
        yield exchange, serving.port
    finally:
        exchange.postman.close()
        serving.shutdown()
        serving.server_close()


def _warm(exchange: Exchange) -> None:
    """The worker answers: it has started."""
    exchange.say("5215550000099", NUMBER, {"kind": "text", "text": "hola"})
    with exchange.world.bell:
        if not exchange.world.bell.wait_for(lambda: exchange.world.accepted, PATIENCE_S):
            raise RuntimeError("nobody answers: see var/bench/*.log")


def _live(
    exchange: Exchange, ai: AiDouble, phases: Sequence[tuple[str, float]]
) -> tuple[dict[str, float], list[Phase]]:
    over, names = Event(), itertools.count(1)
    people = [Customer(exchange, f"52155500001{n:02}", names, over) for n in range(CUSTOMERS)]
    lived = []
    for customer in people:
        customer.start()
    for mode, lasts_s in phases:
        ai.be(mode)
        began = time()
        over.wait(lasts_s)
        lived.append(Phase(mode, began, time(), ai.state.most_at_once))
    over.set()
    for customer in people:
        customer.join()
    return {wamid: at for customer in people for wamid, at in customer.said.items()}, lived


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="turno-ai-outage-") as folder:
        print("\n".join(outage_table.lines(play(Path(folder)))))


if __name__ == "__main__":
    main()
