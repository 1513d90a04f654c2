"""`canary`: one synthetic customer has one conversation; how long each step took, and whether all of it went well."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import UTC, datetime

from bot.commands import chat_talk, synthetic
from bot.commands.opening import open_database, open_settings
from bot.commands.site import Site, Wrong, expect_some, site
from core.errors import TurnoError
from core.settings import Settings
from core.store import operations
from core.store.db import Database

SAYS = ("hola", "ayuda", "menú", "cancelar")
"""Words that every desk understands, and that open no ticket."""
WIDTH = 60
Tell = Callable[[str], None]


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "canary", help="one conversation of a synthetic customer, which counts nowhere; 1: something is wrong"
    )
    parser.add_argument("--url", default="", help="base URL of the deployment (default: http://127.0.0.1:PORT)")
    parser.add_argument("--desk", default="", help="the desk that answers (default: that of strangers in the chat)")
    parser.add_argument("--patience", type=float, default=15.0, help="seconds that each reply may take")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    settings = open_settings()
    try:
        db = open_database(settings, name="canary")
    except TurnoError as problem:
        print(problem, file=sys.stderr)
        return 2
    try:
        return 0 if _watched(chosen, settings, db) else 1
    except TurnoError as problem:
        print(problem, file=sys.stderr)
        return 2
    finally:
        db.close()


def _watched(chosen: argparse.Namespace, settings: Settings, db: Database) -> bool:
    """The conversation, and its outcome where the alerts look."""
    began = datetime.now(UTC)
    with synthetic.customer(db, settings, chosen.desk) as address:
        took_ms, wrong = talk(
            site(settings, chosen.url), address, chosen.patience, lambda line: print(line, flush=True)
        )
    with db.transaction() as tx:
        operations.note(tx, "canary", began, ok=not wrong, detail={"took_ms": took_ms, "wrong": wrong})
    print(f"wrong: {wrong}" if wrong else f"all is well: {len(took_ms)} steps in {sum(took_ms.values())} ms")
    return not wrong


def talk(where: Site, address: str, patience_s: float, tell: Tell) -> tuple[dict[str, int], str]:
    """Greet, and say each line once the one before is answered. The milliseconds of each step, and what went wrong."""
    took_ms: dict[str, int] = {}
    step = "greeting"
    try:
        conversation, answer = chat_talk.begin(where, address, patience_s)
        took_ms[step] = round(1000 * answer.took_s)
        tell(f"{step:12}{took_ms[step]:6} ms  {_short(str(answer.fields.get('greeting') or ''))}")
        for step in SAYS:
            answer, reply = conversation.say(step)
            took_ms[step] = round(1000 * answer.took_s)
            tell(f"{step:12}{took_ms[step]:6} ms  {_short(expect_some('reply', reply))}")
    except Wrong as problem:
        return took_ms, f"{step}: {problem}"
    return took_ms, ""


def _short(text: str) -> str:
    return " ".join(text.split())[:WIDTH]
