"""Each key opens its own purpose, and wrong keys are counted."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr

from core.store.db import Database
from tests.integration.chatting import Browser, client
from tests.integration.crew import Rooms

NAMES = ("metrics_token", "log_token", "tickets_token", "personal_token", "delete_token")
KEYS = {name: SecretStr(f"{name} of this house") for name in NAMES}
CALLS = {
    ("GET", "/metrics"): {"metrics_token", "log_token"},
    ("GET", "/api/metrics"): {"metrics_token", "log_token"},
    ("GET", "/api/logs"): {"log_token"},
    ("POST", "/api/logs/level"): {"log_token"},
    ("GET", "/api/tickets"): {"tickets_token"},
    ("DELETE", "/api/ticket/TCK-1"): {"delete_token"},
    ("GET", "/api/sessions"): {"personal_token"},
    ("GET", "/api/flow-audit"): {"personal_token"},
    ("GET", "/api/admin/conversation/1"): {"personal_token"},
    ("GET", "/api/transcript/SID"): {"personal_token"},
    ("GET", "/api/gdpr/my-data/SID"): {"personal_token"},
    ("DELETE", "/api/gdpr/delete-me/SID"): {"delete_token"},
    ("POST", "/api/cleanup"): {"delete_token"},
}


def opens(visitor: FlaskClient, method: str, path: str, key: str) -> bool:
    """Whether the call gets past the check, whatever it answers then."""
    answer = visitor.open(path, method=method, headers={"Authorization": f"Bearer {key}"}, json={"level": "x"})
    return answer.status_code not in (401, 403, 429)


@pytest.mark.parametrize("environment", ["production", "development"])
@pytest.mark.parametrize(("method", "path"), CALLS)
def test_a_key_opens_its_purpose_and_nothing_else(working: Rooms, method: str, path: str, environment: str) -> None:
    visitor = client(working, app_env=environment, **KEYS)
    asked = path.replace("SID", Browser(visitor).id)
    assert {n for n in NAMES if opens(visitor, method, asked, KEYS[n].get_secret_value())} == CALLS[method, path]


@pytest.mark.parametrize(
    ("environment", "opened"),
    [("development", {*CALLS}), ("production", {call for call, keys in CALLS.items() if "log_token" in keys})],
)
def test_the_log_token_opens_what_has_no_key_of_its_own_while_developing_only(
    working: Rooms, environment: str, opened: set[tuple[str, str]]
) -> None:
    visitor = client(working, app_env=environment, log_token=KEYS["log_token"])
    sid = Browser(visitor).id
    key = KEYS["log_token"].get_secret_value()
    assert {(m, p) for m, p in CALLS if opens(visitor, m, p.replace("SID", sid), key)} == opened


def test_a_key_in_the_address_opens_the_log_alone(working: Rooms) -> None:
    visitor = client(working, app_env="production", log_token=SecretStr("k"), tickets_token=SecretStr("k"))
    assert visitor.get("/api/logs?token=k").status_code == 404, "there is no LOG_FILE"
    assert [visitor.get(f"{path}?token=k").status_code for path in ("/metrics", "/api/metrics", "/api/tickets")] == [
        403, 403, 401,
    ]  # fmt: skip


def test_wrong_keys_are_slowed_by_address_and_a_right_one_never(working: Rooms) -> None:
    visitor = client(working, app_env="production", limit_wrong_key="3/minute", **KEYS)
    wrong = {"X-Log-Token": "a guess"}
    codes = [visitor.get("/api/tickets", headers=wrong).status_code for _ in range(4)]
    assert codes == [401, 401, 401, 429]
    refused = visitor.get("/metrics", headers=wrong)
    assert refused.status_code == 429 and int(refused.headers["Retry-After"]) > 0
    assert visitor.get("/api/tickets", headers=wrong, environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 401
    assert opens(visitor, "GET", "/api/tickets", KEYS["tickets_token"].get_secret_value())
    assert visitor.get("/api/tickets").status_code == 401, "without a key nothing is counted"


def test_a_wrong_key_beside_the_owner_s_own_session_counts_once(working: Rooms) -> None:
    visitor = client(working, app_env="production", limit_wrong_key="1/minute", **KEYS)
    browser = Browser(visitor)
    wrong = {**browser.own, "X-Log-Token": "a guess"}
    assert visitor.delete(f"/api/gdpr/delete-me/{browser.id}", headers=wrong).status_code != 429
    assert visitor.get("/api/tickets", headers={"X-Log-Token": "a guess"}).status_code == 429


def test_metrics_open_to_their_key_while_the_database_is_away() -> None:
    from tests.acceptance.forks import free_port
    from tests.integration.test_health import client as door

    away = Database(f"postgresql://postgres@127.0.0.1:{free_port()}/nowhere")
    visitor = door(away, log_token="a token")
    assert visitor.get("/metrics", headers={"Authorization": "Bearer a token"}).status_code == 200
