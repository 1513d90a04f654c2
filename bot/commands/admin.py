"""`admin`: accounts for the admin window. Passwords are prompted for or read from a file, never an argument."""

from __future__ import annotations

import argparse
import secrets
import sys
from collections.abc import Callable
from pathlib import Path

from bot.commands.asking import Refused, ask
from bot.commands.naming import who
from bot.commands.opening import open_database, open_settings
from core import passwords
from core.settings import Settings
from core.store import desks
from core.store.db import Tx
from core.store.staff import accounts, audit, sign_ins
from core.store.staff.accounts import ROLES
from core.store.staff.rows.accounts import Account, Person

EVERY = "*"


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("admin", help="accounts for the admin window")
    verbs = parser.add_subparsers(required=True, metavar="verb")

    def verb(name: str, does: Verb, help: str) -> argparse.ArgumentParser:
        made = verbs.add_parser(name, help=help, allow_abbrev=False)  # --password is not short for --password-file
        made.set_defaults(run=lambda chosen: _run(does, chosen), asks=False, link=False, kept=None)
        return made

    verb("list", _list, "list every account")
    verb("first", _first, "while developing, and while nobody can enter: a link for the first admin")
    making = verb("create", _create, "make an account")
    making.add_argument("email")
    making.add_argument("--name", default="", help="display name (default: the address)")
    _add_place(making, role="admin")
    _add_password(making)
    changing = verb("password", _password, "choose another password for an account, and end its sessions")
    changing.add_argument("email")
    changing.add_argument("--remove-second-factor", action="store_true", help="the phone with the codes is lost")
    _add_password(changing)
    placing = verb("role", _role, "change what an account may do")
    placing.add_argument("email")
    _add_place(placing, role=None)
    verb("unlock", _unlock, "forget failed tries to sign in, those of every address included").add_argument("email")
    disabling = verb("disable", _disable, "let an account in no more, and end its sessions")
    disabling.add_argument("email")
    disabling.add_argument("--enable", action="store_true", help="let it in again")


def _add_place(parser: argparse.ArgumentParser, *, role: str | None) -> None:
    if role:
        parser.add_argument("--role", choices=ROLES, default=role, help=f"what they may do (default: {role})")
    else:
        parser.add_argument("role", choices=ROLES)
    parser.add_argument("--desks", default=EVERY, help="comma separated; * for every desk (default)")


def _add_password(parser: argparse.ArgumentParser) -> None:
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--password-file", type=Path, help="read the password from this file instead of asking")
    how.add_argument("--link", action="store_true", help="print a link to choose one, which opens once")
    parser.set_defaults(asks=True)


Verb = Callable[[Tx, Settings, argparse.Namespace], str]


def _run(does: Verb, chosen: argparse.Namespace) -> int:
    settings = open_settings()
    db = open_database(settings, name="admin")
    try:
        if chosen.asks and not chosen.link:  # before the transaction, which waits for nobody
            chosen.kept = passwords.hashed(ask(chosen.password_file, accounts.plain(chosen.email)))
        with db.transaction() as tx:
            outcome = does(tx, settings, chosen)
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 2
    finally:
        db.close()
    if outcome:
        print(outcome)
    return 0


def _list(tx: Tx, _: Settings, __: argparse.Namespace) -> str:
    return "\n".join(_line(row) for row in accounts.everybody(tx)) or "nobody yet: python -m bot admin create EMAIL"


def _line(row: Person) -> str:
    place = EVERY if row.desks is None else ",".join(row.desks)
    seen = f"{row.signed_in_at:%Y-%m-%d %H:%M}" if row.signed_in_at else "never"
    what = "disabled" if row.disabled_at else "" if row.can_enter else "invited"
    return f"{row.email:32} {row.role:9} {place:24} last signed in {seen}  {what}".rstrip()


def _first(tx: Tx, settings: Settings, chosen: argparse.Namespace) -> str:
    """Create the first admin. Entry needs the printed link, so only readers of this terminal get in."""
    if settings.app_env == "production" or accounts.some_admin(tx):
        return ""
    email = "admin@localhost"
    id = accounts.create(tx, email=email, name="Admin", role="admin", desks=None)
    row = _found(tx, email)
    _note(tx, "added a person" if id else "made a link to choose a password", row.id)
    return f"first admin: {_link(tx, settings, row)}"


def _create(tx: Tx, settings: Settings, chosen: argparse.Namespace) -> str:
    email = accounts.plain(chosen.email)
    if not accounts.is_email(email):
        raise Refused(f"{chosen.email} is not an e-mail address")
    place = _desks(tx, chosen.desks)
    name = chosen.name or email
    if accounts.create(tx, email=email, name=name, role=chosen.role, desks=place, password_hash=chosen.kept) is None:
        raise Refused(f"{email} has an account already")
    row = _found(tx, email)
    _note(tx, "added a person", row.id, chosen.role)
    return _link(tx, settings, row) if chosen.link else f"{email} is {chosen.role}"


def _password(tx: Tx, settings: Settings, chosen: argparse.Namespace) -> str:
    row = _found(tx, chosen.email)
    if chosen.remove_second_factor:
        accounts.set_totp(tx, row.id, None)
        accounts.add_news(tx, row.id, "Your second factor was taken away from a shell: your password alone opens it.")
        _note(tx, "removed a second factor", row.id)
    if chosen.link:
        return _link(tx, settings, row)
    accounts.set_password(tx, row.id, chosen.kept)
    sign_ins.end_all(tx, row.id)
    sign_ins.forgive_tries(tx, "account", row.email)
    _note(tx, "changed a password", row.id)
    return f"{row.email} has a new password, and is signed out"


def _unlock(tx: Tx, _: Settings, chosen: argparse.Namespace) -> str:
    row = _found(tx, chosen.email)
    for scope, key in (("account", row.email), ("browser", row.email), ("inside", str(row.id)), ("code", str(row.id))):
        sign_ins.forgive_tries(tx, scope, key)
    sign_ins.forgive_addresses(tx)
    _note(tx, "forgave failed tries", row.id)
    return f"{row.email} may try again at once, from anywhere"


def _role(tx: Tx, _: Settings, chosen: argparse.Namespace) -> str:
    row = _found(tx, chosen.email)
    place = _desks(tx, chosen.desks)
    if chosen.role != "admin" or place is not None:
        _keep_one_admin(tx, row)
    accounts.set_place(tx, row.id, chosen.role, place)
    _note(tx, "changed a role", row.id, f"{chosen.role}; {chosen.desks}")
    return f"{row.email} is {chosen.role}"


def _disable(tx: Tx, _: Settings, chosen: argparse.Namespace) -> str:
    row = _found(tx, chosen.email)
    if not chosen.enable:
        _keep_one_admin(tx, row)
        sign_ins.end_all(tx, row.id)
    accounts.set_disabled(tx, row.id, not chosen.enable)
    _note(tx, "enabled an account" if chosen.enable else "disabled an account", row.id)
    return f"{row.email} may sign in again" if chosen.enable else f"{row.email} is let in no more"


def _found(tx: Tx, email: str) -> Account:
    row = accounts.find_by_email(tx, email)
    if row is None:
        raise Refused(f"{email} has no account")
    return row


def _keep_one_admin(tx: Tx, row: Account) -> None:
    if accounts.is_last_admin(tx, row.id):
        raise Refused(f"{row.email} is the last admin of every desk who can sign in: make somebody else one first")


def _desks(tx: Tx, named: str) -> list[str] | None:
    if named == EVERY:
        return None
    wanted = [name.strip() for name in named.split(",") if name.strip()]
    known = [row.id for row in desks.named(tx)]
    if not wanted or (unknown := sorted(set(wanted) - set(known))):
        raise Refused(
            f"no such desk: {', '.join(unknown) if wanted else named!r} (there are {', '.join(known) or 'none'})"
        )
    return wanted


def _link(tx: Tx, settings: Settings, row: Account) -> str:
    token = secrets.token_urlsafe(32)
    if not accounts.invite(tx, row.id, token, valid_s=settings.staff_invitation_s):
        raise Refused(f"{row.email} is disabled")
    _note(tx, "made a link to choose a password", row.id)
    hours = round(settings.staff_invitation_s / 3600)
    return f"{settings.reached_at}/admin/welcome/{token}\nopens once, within {hours} h: choose a password there"


def _note(tx: Tx, did: str, id: int, why: str = "") -> None:
    audit.note(tx, who=who(), did=did, subject=f"staff:{id}", why=why)
