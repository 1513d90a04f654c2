"""`desk map`, `unmap` and `mapped`: which contact belongs to which of several desks of one owner."""

from __future__ import annotations

import argparse
import re
import sys

from bot.commands.naming import add_by, plain, who
from bot.commands.opening import open_database, open_settings
from core.log_lines import masked
from core.store import desk_contacts, desks
from core.store.db import Tx
from core.store.staff import audit

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}")
_PHONE = re.compile(r"\+?[\d ().-]{7,30}")
_BSUID = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{4,128}")


def contact_of(written: str) -> tuple[str, str]:
    """The kind and value of the alias that this is: an e-mail address, a phone number with its country, a BSUID."""
    if _EMAIL.fullmatch(written):
        return "email", written.lower()
    digits = re.sub(r"\D", "", written)
    if _PHONE.fullmatch(written) and 7 <= len(digits) <= 15:
        return "wa_id", digits
    if _BSUID.fullmatch(written):
        return "bsuid", written
    raise argparse.ArgumentTypeError("a phone number with its country, an e-mail address or a BSUID is wanted")


def add_to(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    mapping = verbs.add_parser("map", help="a contact belongs to this business, and no other serves it")
    mapping.add_argument("contact", type=contact_of, help="a phone number with its country, or an e-mail address")
    mapping.add_argument("id", help="the id of the business")
    mapping.set_defaults(run=run_map)
    unmapping = verbs.add_parser("unmap", help="a contact belongs to no business any more")
    unmapping.add_argument("contact", type=contact_of)
    unmapping.set_defaults(run=run_unmap)
    for parser in (mapping, unmapping):
        parser.add_argument("--why", default="", help="the reason, which the audit keeps")
        add_by(parser)
    listing = verbs.add_parser("mapped", help="the contacts that are mapped, masked, the newest 500")
    listing.add_argument("id", nargs="?", help="of this business only")
    listing.set_defaults(run=run_mapped)


def run_map(chosen: argparse.Namespace) -> int:
    settings = open_settings()
    kind, value = chosen.contact
    db = open_database(settings, name="desk")
    with db.transaction() as tx:
        if found := desks.one(tx, chosen.id):
            desk_contacts.put(tx, kind, value, chosen.id, by=plain(chosen.by))
            _note(tx, chosen, "mapped a contact to a desk", chosen.id)
    db.close()
    if not found:
        print(f"there is no desk {chosen.id}", file=sys.stderr)
        return 2
    print(f"{masked(value)} belongs to {chosen.id}, in {settings.desk_contacts_cache_s:g} s at most")
    return 0


def run_unmap(chosen: argparse.Namespace) -> int:
    settings = open_settings()
    kind, value = chosen.contact
    db = open_database(settings, name="desk")
    with db.transaction() as tx:
        if desk := desk_contacts.remove(tx, kind, value):
            _note(tx, chosen, "took a contact's desk away", desk)
    db.close()
    if not desk:
        print(f"{masked(value)} belongs to no desk", file=sys.stderr)
        return 2
    print(f"{masked(value)} does not belong to {desk} any more, in {settings.desk_contacts_cache_s:g} s at most")
    return 0


def run_mapped(chosen: argparse.Namespace) -> int:
    db = open_database(open_settings(log_refusals=False), name="desk")
    with db.transaction() as tx:
        rows = desk_contacts.mapped(tx, chosen.id)
    db.close()
    for row in rows:
        print(f"{row.kind:6} {masked(row.value):24} {row.desk_id:24} {row.mapped_at:%Y-%m-%d %H:%M} {row.mapped_by}")
    return 0


def _note(tx: Tx, chosen: argparse.Namespace, did: str, desk: str) -> None:
    """Record the act; the audit names the contact by its last digits only."""
    why = "; ".join(filter(None, (masked(chosen.contact[1]), chosen.why)))
    audit.note(tx, who=who(chosen.by), did=did, subject=f"desk:{desk}", why=why, desk=desk)
