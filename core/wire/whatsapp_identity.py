"""Identities on WhatsApp: business-scoped ids first; phone fields may be missing, empty, or hold such an id.

A business-scoped id (BSUID) looks like `MX.13491208655302741918`, a parent one like `MX.ENT.1349…`.
Either may stand where a phone number belongs; it is taken for what it looks like.

Meta: https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from core.messages import Identity
from core.wire.untrusted import inner, objects, word

_BSUID = re.compile(r"[A-Z]{2}(\.ENT)?\.[A-Za-z0-9]{1,128}")
_LONGEST_ID = 140
_LONGEST_NAME = 100

Contact = dict[str, Any]


class Contacts:
    """The people one value speaks of, found by either of their ids."""

    __slots__ = ("_alone", "_by_id")

    def __init__(self, found: Any, messages: int):
        people = objects(found)
        self._alone = people[0] if len(people) == 1 and messages == 1 else None
        self._by_id: dict[str, Contact] = {}
        for person in people:
            for key in (_id(person.get("user_id")), _id(person.get("wa_id"))):
                if key:
                    self._by_id.setdefault(key, person)

    def of(self, user: Any, phone: Any) -> Contact:
        """The entry of whoever has one of these ids, or the only entry there is; empty when there is none."""
        user, phone = _id(user), _id(phone)
        found = self._by_id.get(user) or self._by_id.get(phone)
        if found is None and self._alone and not _contradicts(self._alone, user, phone):
            found = self._alone
        return found or {}


def _contradicts(person: Contact, user: str, phone: str) -> bool:
    """True when both sides name the same kind of id: they were not found equal, so this is somebody else."""
    return bool((user and _id(person.get("user_id"))) or (phone and _id(person.get("wa_id"))))


def sender(item: dict[str, Any], contact: Contact) -> Identity | None:
    """The identity of a message's sender."""
    return _identity(
        phones=(item.get("from"), contact.get("wa_id")),
        users=(item.get("from_user_id"), contact.get("user_id")),
        parents=(item.get("from_parent_user_id"), contact.get("parent_user_id")),
        name=_name(contact),
    )


def recipient(item: dict[str, Any], contact: Contact) -> Identity | None:
    """The identity of the customer whom staff answered from the business's own phone."""
    return _identity(
        phones=(item.get("to"), contact.get("wa_id")),
        users=(item.get("to_user_id"), contact.get("user_id")),
        parents=(item.get("to_parent_user_id"), contact.get("parent_user_id")),
        name=_name(contact),
    )


def chooser(item: dict[str, Any], contact: Contact) -> Identity | None:
    """The person who changed a preference."""
    return _identity(
        phones=(item.get("wa_id"), contact.get("wa_id")),
        users=(item.get("user_id"), contact.get("user_id")),
        parents=(item.get("parent_user_id"), contact.get("parent_user_id")),
        name=_name(contact),
    )


def changed(item: dict[str, Any]) -> Identity | None:
    """The identity that a system notice changes: the new ids, and in `was` the old ones when they differ.

    Only fields count. The sentence in `body` tells both ids too, but it also holds the
    customer's own name, which could be made to read like somebody else's number.
    """
    system = inner(item, "system")
    new = _identity(
        phones=(system.get("wa_id"), system.get("new_wa_id")),
        users=(system.get("user_id"),),
        parents=(system.get("parent_user_id"),),
    )
    old = _identity(
        phones=(item.get("from"), system.get("customer")),
        users=(system.get("previous_user_id"), item.get("from_user_id")),
        parents=(system.get("previous_parent_user_id"), item.get("from_parent_user_id")),
    )
    return _renamed(new, old)


def _renamed(new: Identity | None, old: Identity | None) -> Identity | None:
    if new is None or old is None:
        return new or old
    was = Identity(tuple(alias for alias in old.aliases if alias not in new.aliases))
    return replace(new, was=was) if was.aliases else new


def _identity(
    *, phones: tuple[Any, ...], users: tuple[Any, ...], parents: tuple[Any, ...], name: str = ""
) -> Identity | None:
    """One person from every field that may name them; the first value of a kind counts."""
    bsuid, parent, wa_id = _first(users), _first(parents), ""
    for value in phones:
        phone = _id(value)
        if "." not in phone or not (shape := _BSUID.fullmatch(phone)):
            wa_id = wa_id or phone.lstrip("+")
        elif shape[1]:
            parent = parent or phone
        else:
            bsuid = bsuid or phone
    if not (bsuid or parent or wa_id):
        return None
    return identity(bsuid, parent, wa_id, name=name)


def identity(bsuid: str = "", parent_bsuid: str = "", wa_id: str = "", *, name: str = "") -> Identity:
    """A person as WhatsApp names people. The business-scoped id counts most, the parent's least."""
    named = (("bsuid", bsuid), ("wa_id", wa_id), ("parent_bsuid", parent_bsuid))
    return Identity(tuple(alias for alias in named if alias[1]), name)


def _first(values: tuple[Any, ...]) -> str:
    for value in values:
        if found := _id(value):
            return found
    return ""


def _id(value: Any) -> str:
    """An id, whole or not at all: one that was cut would name somebody else."""
    if not value:
        return ""
    if type(value) is str and len(value) <= _LONGEST_ID and value.isascii() and value.isprintable():
        return value.strip()
    found = word(value, _LONGEST_ID + 1).strip()
    return found if len(found) <= _LONGEST_ID else ""


def _name(contact: Contact) -> str:
    return word(inner(contact, "profile").get("name"), _LONGEST_NAME)
