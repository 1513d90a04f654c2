"""pywa and our parser read the same of every body of `tests/payloads`, and where they do not, the table says why."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pywa import errors

from core.wire.whatsapp_codes import verdict
from tests import oracle
from tests.oracle import Oracle, Told

PAYLOADS = Path(__file__).parents[2] / "payloads" / "whatsapp"
NOW = datetime(2026, 9, 15, tzinfo=UTC)
ALL = frozenset({"all"})
WHO = frozenset({"bsuid", "wa_id", "name"})
NOT_READ = frozenset({"id", "address", "at", "kind"}) | WHO
"""What is not the same when pywa only says that there was something."""
DIFFERENT: dict[str, dict[str, frozenset[str]]] = {
    "pywa takes whoever stands first among the contacts for the sender; we look for the one whom the message names": {
        "batch/1": WHO,
        "batch/4": WHO - {"name"},
        "contacts_of_somebody_else": WHO,
        "user_preferences_resumed/0": frozenset({"bsuid"}),
        "text_without_contacts": WHO - {"name"},
    },
    "pywa needs a business-scoped id among the contacts; before April 2026 there was none": {
        "text_before_bsuid": ALL,
        "text_bsuid_as_phone": ALL,
        "text_numbers": ALL,
        "text_without_profile": ALL,
    },
    "broken: pywa falls over it or drops it, we keep it as unreadable": {
        **{f"batch_with_broken_items/{n}": ALL for n in (0, 1, 2, 3, 4, 5, 8, 9, 11, 12, 13, 14)},
        "text_timestamp_word": ALL,
        "flow_reply_not_json": ALL,
        "echo_unreadable_kind": ALL,
    },
    "broken: pywa takes a text without words and a place without coordinates for good": {
        "batch_with_broken_items/6": frozenset({"at", "kind"}),
        "batch_with_broken_items/7": frozenset({"at", "kind", "latitude", "longitude"}),
    },
    "a field, a form or a kind that pywa does not know; we keep it as a notice or as unsupported": {
        "field_of_tomorrow": ALL,
        "flow_reply_not_object": ALL,
        "history": ALL,
        "phone_number_quality_update": ALL,
        "smb_app_state_sync": ALL,
        "standby": ALL,
        "user_preferences_resumed/2": ALL,
        "value_errors": ALL,
        "value_of_tomorrow": ALL,
        "call_permission_reply": NOT_READ,
    },
    "pywa needs something that Meta leaves out now and then": {
        "echo_image": ALL,  # sha256
        "image_too_large": ALL,  # the file, in the place of which there is an error
        "status_in_group": ALL,  # recipient_participant_user_id
        "status_warning_old": ALL,  # the error's message
        "system_changed_parent_id": ALL,  # from
        "system_changed_user_id": ALL,  # from
        "system_identity_changed": ALL,  # identity
        "template_button_bare": ALL,  # payload
        "unknown_old": ALL,  # the error's message
        "user_preferences_resumed/1": ALL,  # detail
    },
    "we say unsupported of what cannot be read; pywa keeps its type": {
        "interactive_without_object": frozenset({"kind"}),
    },
    "we take an old voice note for the audio that it is": {
        "voice_old": frozenset({"kind", "media_id", "mime_type", "sha256"}),
    },
    "we answer nobody in a group, so that the sender is left out": {"group_text": WHO | {"kind"}},
    "no delivery for us: a payment, and a state that does not exist": {
        "status_payment": frozenset({"at", "id", "kind", "state"}),
        "status_unknown_word/0": frozenset({"at", "id", "kind", "state"}),
    },
    "we make numbers of coordinates that come as text, believe no clock of 2100, and store no NUL": {
        "location_named": frozenset({"latitude", "longitude"}),
        "text_future": frozenset({"at"}),
        "text_nul_and_surrogate": frozenset({"text"}),
    },
}


def cases() -> Iterator[tuple[str, Any]]:
    for path in sorted(PAYLOADS.glob("*.json")):
        found = list(oracle.posts(json.loads(path.read_text(encoding="utf-8"))["body"]))
        for place, post in enumerate(found):
            yield (f"{path.stem}/{place}" if len(found) > 1 else path.stem), post


CASES = dict(cases())
EXPLAINED = {label: names for listed in DIFFERENT.values() for label, names in listed.items()}


@pytest.fixture(scope="module")
def pywa_reads() -> Iterator[Oracle]:
    logging.getLogger("pywa").setLevel(logging.CRITICAL)
    yield Oracle()
    logging.getLogger("pywa").setLevel(logging.NOTSET)


@pytest.mark.filterwarnings("ignore")  # pywa's, of words that it does not know
@pytest.mark.parametrize("label", CASES)
def test_pywa_reads_the_same_or_the_table_says_why(pywa_reads: Oracle, label: str) -> None:
    found = oracle.differences(oracle.ours(CASES[label], NOW), pywa_reads.read(CASES[label]))
    assert set(found) == EXPLAINED.get(label, frozenset()), found


def test_the_table_names_bodies_that_there_are_and_most_need_no_excuse() -> None:
    assert set(EXPLAINED) <= set(CASES)
    assert sum(len(listed) for listed in DIFFERENT.values()) == len(EXPLAINED)
    assert len(CASES) > 100 and len(EXPLAINED) < len(CASES) / 2


@pytest.mark.filterwarnings("ignore")
def test_what_they_agree_on_is_more_than_that_there_was_something(pywa_reads: Oracle) -> None:
    """The words of each side hold what counts, so that to agree means something."""
    told = [oracle.ours(post, NOW) for label, post in CASES.items() if label not in EXPLAINED]
    assert _named(told) >= {"text", "choice", "media_id", "latitude", "message_id", "emoji", "reply_to", "forwarded"}
    assert _named(told) >= {"state", "callback", "category", "billable", "code", "bsuid", "wa_id", "name", "at"}
    assert {one["kind"] for one in told} >= {
        "text",
        "image",
        "choice",
        "location",
        "status",
        "system",
        "edit",
        "revoke",
    }


def _named(told: list[Told]) -> set[str]:
    return {name for one in told for name in one}


SENDING = (errors.SendMessageError, errors.ThrottlingError, errors.AuthorizationError, errors.IntegrityError)
FAMILIES = [error for family in SENDING for error in family.__subclasses__()]
CODES: list[int] = [code for error in FAMILIES for code in error.__error_codes__ or ()]


@pytest.mark.parametrize("code", CODES)
def test_a_code_that_pywa_knows_of_a_send_is_in_our_table(code: int) -> None:
    assert verdict(code) is not None


def test_who_may_not_send_at_all_stops_and_who_is_too_fast_waits() -> None:
    barred = {code for code in CODES if issubclass(_error(code), (errors.AuthorizationError, errors.IntegrityError))}
    hasty = {code for code in CODES if issubclass(_error(code), errors.ThrottlingError)}
    assert {verdict(code) for code in barred} == {"stop"}
    assert {verdict(code) for code in hasty} == {"slow", "patience", "stop"}
    assert len(barred) > 50 and len(hasty) > 5


def _error(code: int) -> type[errors.WhatsAppError]:
    return type(errors.WhatsAppError.from_dict({"code": code, "message": ""}))
