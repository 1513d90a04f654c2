"""Staff accounts: roles, desks, invitations, passwords."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection

from core.store.db import Tx
from core.store.staff.rows import accounts as rows

LONGEST_EMAIL = 80
_EMAIL = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)*")

ROLES = ("viewer", "operator", "analyst", "admin")
"""Each may do what those before it may."""


def digest(token: str) -> str:
    """The hash under which a token is stored."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def plain(email: str) -> str:
    """An address the way it is kept."""
    return email.strip().lower()


def is_email(email: str) -> bool:
    """An address as accounts have it: nothing in it can pass for the name of a shell or a key in the audit."""
    return len(email) <= LONGEST_EMAIL and _EMAIL.fullmatch(email) is not None


def create(
    tx: Tx, *, email: str, name: str, role: str, desks: Collection[str] | None, password_hash: str | None = None
) -> int | None:
    """A new account's id; None when the address has one."""
    row = tx.one(
        rows.CREATED, email=plain(email), name=name, role=role, desks=_listed(desks), password_hash=password_hash
    )
    return int(row.id) if row else None


def everybody(tx: Tx) -> list[rows.Person]:
    return tx.rows(rows.EVERYBODY)


def find(tx: Tx, id: int) -> rows.Account | None:
    return tx.one(rows.ACCOUNT, id=id)


def find_by_email(tx: Tx, email: str) -> rows.Account | None:
    return tx.one(rows.ACCOUNT_BY_EMAIL, email=plain(email))


def is_last_admin(tx: Tx, id: int) -> bool:
    """Without this one nobody could let others in for every desk. True of nobody else until the transaction ends."""
    return [row.id for row in tx.rows(rows.ADMINS)] == [id]


def some_admin(tx: Tx) -> bool:
    """Somebody can let anybody in."""
    return bool(tx.rows(rows.ADMINS))


def set_password(tx: Tx, id: int, password_hash: str) -> None:
    tx.run("staff.set_password", id=id, password_hash=password_hash)


def set_place(tx: Tx, id: int, role: str, desks: Collection[str] | None) -> None:
    """Set an account's role and its desks (None: all)."""
    tx.run("staff.set_place", id=id, role=role, desks=_listed(desks))


def set_disabled(tx: Tx, id: int, disabled: bool) -> None:
    tx.run("staff.set_disabled", id=id, disabled=disabled)


def set_totp(tx: Tx, id: int, secret: str | None) -> None:
    tx.run("staff.set_totp", id=id, secret=secret)


def reseal_totp(tx: Tx, id: int, secret: str) -> None:
    """The same secret, kept in another way."""
    tx.run("staff.reseal_totp", id=id, secret=secret)


def spend_totp(tx: Tx, id: int, step: int) -> bool:
    """False when a code of this time, or of a later one, was used before."""
    return tx.run("staff.spend_totp", id=id, step=step) > 0


def add_news(tx: Tx, id: int, text: str, kind: str = "warn") -> None:
    """Leave a security notice that is shown at the account's next sign-in."""
    tx.run("staff.add_news", id=id, told=text, kind=kind)


def take_news(tx: Tx, id: int) -> list[list[str]]:
    row = tx.one(rows.NEWS, id=id)
    return list(row.news) if row else []


def signed_in(tx: Tx, id: int) -> None:
    tx.run("staff.signed_in", id=id)


def invite(tx: Tx, id: int, token: str, *, valid_s: float) -> bool:
    """Store a one-time token whose holder may choose the account's password."""
    return tx.run("staff.invite", id=id, hash=digest(token), valid_s=valid_s) > 0


def invited(tx: Tx, token: str) -> rows.Invited | None:
    return tx.one(rows.INVITED, hash=digest(token))


def accept_invitation(tx: Tx, token: str, *, name: str, password_hash: str) -> rows.Accepted | None:
    return tx.one(rows.ACCEPTED, hash=digest(token), name=name, password_hash=password_hash)


def _listed(desks: Collection[str] | None) -> list[str] | None:
    return None if desks is None else sorted(desks)
