"""What became of a send, told from Graph's answer."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.errors import OutsideWindow, Rejected, Suspended, Throttled, TurnoError, Undecided, Unreachable
from core.wire.whatsapp_codes import CODES
from core.wire.whatsapp_errors import classify, meaning, reported


def told(status: int | None, answer: Any) -> str | TurnoError:
    return classify(status, json.dumps(answer).encode())


def refused(code: Any, status: int = 400, **more: Any) -> TurnoError:
    outcome = told(status, {"error": {"message": "x", "code": code, **more}})
    assert isinstance(outcome, TurnoError)
    return outcome


def test_an_id_means_accepted() -> None:
    answer = {"messaging_product": "whatsapp", "contacts": [{"input": "+1"}], "messages": [{"id": "wamid.X"}]}
    assert told(200, answer) == "wamid.X"


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (None, b""),
        (200, b""),
        (200, b"<html>"),
        (200, b"{}"),
        (200, b'{"messages":[]}'),
        (200, b'{"messages":[{"id":7}]}'),
        (500, b""),
        (502, b"<html>Bad gateway</html>"),
        (503, b"[]"),
        (504, b'{"error": "late"}'),
    ],
)
def test_no_answer_and_answers_that_say_nothing_leave_it_undecided(status: int | None, body: bytes) -> None:
    assert isinstance(classify(status, body), Undecided)


@pytest.mark.parametrize("code", [4, 80007, 130429, 133016])
def test_a_throttled_number_waits(code: int) -> None:
    error = refused(code)
    assert isinstance(error, Throttled)
    assert (error.scope, error.code) == ("number", code)


def test_too_many_to_one_customer_makes_only_that_customer_wait() -> None:
    error = refused(131056)
    assert isinstance(error, Throttled)
    assert error.scope == "customer"


@pytest.mark.parametrize("body", [b"", b"{}", b'{"error":{"message":"slow down"}}', b'{"error":{"code":987654}}'])
def test_http_429_is_throttling_whatever_it_says(body: bytes) -> None:
    assert isinstance(classify(429, body), Throttled)


@pytest.mark.parametrize(
    ("code", "status"), [(1, 500), (2, 503), (131000, 500), (131016, 500), (131057, 400), (133004, 503)]
)
def test_metas_own_trouble_told_by_graph_certainly_did_nothing(code: int, status: int) -> None:
    assert isinstance(refused(code, status), Unreachable)


def test_a_code_of_tomorrow_is_tried_again_only_when_it_may_pass() -> None:
    assert isinstance(refused(987654, 500), Unreachable)
    assert isinstance(refused(987654, is_transient=True), Unreachable)
    assert isinstance(refused(987654), Rejected)
    assert isinstance(refused(None), Rejected)
    assert isinstance(refused({"x": 1}), Rejected)


@pytest.mark.parametrize(
    "code", [0, 190, 3, 10, 200, 250, 299, 131005, 368, 131031, 130497, 131042, 131045, 133010, 131048, 131064]
)
def test_codes_of_the_account_stop_the_number(code: int) -> None:
    error = refused(code, 403)
    assert isinstance(error, Suspended)
    assert error.code == code


@pytest.mark.parametrize("code", [131047, 470, "131047"])
def test_a_closed_window_is_told_apart(code: Any) -> None:
    assert isinstance(refused(code), OutsideWindow)


@pytest.mark.parametrize(
    "code",
    [
        131026,
        131021,
        131030,
        131050,
        130472,
        131049,
        137000,
        131062,
        33,
        100,
        131008,
        131009,
        131051,
        132000,
        132001,
        132005,
        132007,
        132008,
        132012,
        132015,
        132016,
        132018,
        132068,
        132069,
        135000,
        131052,
        131053,
    ],
)
def test_the_rest_is_rejected_for_good_with_its_code(code: int) -> None:
    error = refused(code)
    assert isinstance(error, Rejected)
    assert error.code == code
    assert code in CODES


@pytest.mark.parametrize("status", [301, 400, 401, 404, 413])
def test_a_refusal_without_words_is_a_refusal(status: int) -> None:
    assert isinstance(classify(status, b"<html>"), Rejected)


def test_the_code_counts_and_not_the_http_status() -> None:
    assert isinstance(refused(131056, 500), Throttled)
    assert isinstance(refused(131026, 500), Rejected)


def test_details_are_told_but_no_long_number_in_them() -> None:
    error = refused(131030, error_data={"details": "Recipient phone number 5215512345678 not in allowed list"})
    assert str(error) == "131030: Recipient phone number … not in allowed list"


@pytest.mark.parametrize("code", [*CODES, 250, 987654])
def test_every_code_has_a_meaning_in_one_sentence(code: int) -> None:
    assert meaning(code).endswith(".")
    assert meaning(code)[0].isupper()


def test_errors_of_a_webhook_are_told_tidily_whatever_their_form() -> None:
    found = [{"code": "131026", "title": "a\0", "error_data": {"details": "d"}, "href": "x"}, 7, {"code": 10**12}, {}]
    assert reported(found) == [{"code": 131026, "title": "a␀", "details": "d"}, {}, {}]
    assert reported("no") == reported(None) == reported([]) == []
