"""`smoke`: tries out a deployment that runs: ten messages of WhatsApp, or the seven calls of the chat."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime

from bot.commands import smoke_chat, smoke_whatsapp, synthetic
from bot.commands.opening import open_database, open_settings
from bot.commands.site import site
from bot.commands.smoke_chat import Smoke
from core import settings as settings_of
from core.errors import TurnoError
from core.log_file import Reader
from core.settings import BadSettings, Settings
from core.store import operations
from core.store.db import Database


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "smoke", help="try out a deployment that runs; 1: something is wrong, 2: it cannot begin"
    )
    kind = parser.add_mutually_exclusive_group(required=True)
    kind.add_argument(
        "--whatsapp", action="store_true", help="ten messages through the webhook, the first of them twice"
    )
    kind.add_argument("--chat", action="store_true", help="the seven calls of the web chat")
    parser.add_argument("--url", default="", help="base URL of the deployment (default: http://127.0.0.1:PORT)")
    parser.add_argument("--patience", type=float, default=30.0, help="seconds that each reply may take")
    parser.add_argument("--number", default="100000000000001", help="--whatsapp: phone_number_id that is written to")
    parser.add_argument(
        "--from", dest="sender", default="", help="--whatsapp: phone number of the sender (default: a made-up one)"
    )
    parser.add_argument("--desk", default="", help="--chat: the desk that answers (default: that of strangers)")
    parser.add_argument(
        "--outside",
        action="store_true",
        help="--chat: from a machine without the database; --desk is a web address then, and what is opened stays",
    )
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    try:
        if chosen.chat and chosen.outside:
            return 1 if _chat(settings_of.load(), chosen, chosen.desk) else 0
        return _inside(open_settings(), chosen)
    except (BadSettings, TurnoError) as problem:
        print(problem, file=sys.stderr)
        return 2


def _inside(settings: Settings, chosen: argparse.Namespace) -> int:
    """Beside the database, which is told how it went."""
    began = datetime.now(UTC)
    db = open_database(settings, name="smoke")
    try:
        failed = _with_customer(settings, chosen, db) if chosen.chat else _whatsapp(settings, chosen, db)
        with db.transaction() as tx:
            kind = "chat" if chosen.chat else "whatsapp"
            operations.note(tx, "smoke", began, ok=not failed, detail={"kind": kind, "failed": failed})
    finally:
        db.close()
    return 1 if failed else 0


def _with_customer(settings: Settings, chosen: argparse.Namespace, db: Database) -> str:
    with synthetic.customer(db, settings, chosen.desk) as address:
        return _chat(settings, chosen, address)


def _chat(settings: Settings, chosen: argparse.Namespace, address: str) -> str:
    """The seven calls; the one that went wrong, or nothing."""
    where = site(settings, chosen.url)
    print(f"seven calls to {where.url}")
    smoke = Smoke(where, address, settings.log_token.get_secret_value(), chosen.patience)
    failed = smoke_chat.run(smoke, lambda line: print(line, flush=True))
    print(f"wrong: {failed}" if failed else "all is well")
    return failed


def _whatsapp(settings: Settings, chosen: argparse.Namespace, db: Database) -> str:
    """The ten messages; what was wrong, or nothing."""
    route = smoke_whatsapp.route(settings, db, site(settings, chosen.url), chosen)
    log = Reader(settings.log_file) if settings.log_file else None
    print(f"{len(smoke_whatsapp.MESSAGES)} messages to {route.number} from {route.phone}, posted to {route.site.url}")
    return smoke_whatsapp.run(route, log, lambda line: print(line, flush=True))
