"""Where the simulator runs, what it keeps, and what it does not let in."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.settings import BadSettings, Settings
from simulator import app, faults, says
from tests.production import FIELDS, PRODUCTION
from tests.unit.simulator.stage import LUCIA, NUMBER, Simulated, settings

ROOT = Path(__file__).parents[3]


def test_it_refuses_to_be_made_in_production() -> None:
    strict = Settings.model_validate(FIELDS)
    with pytest.raises(BadSettings, match="production"):
        app.create(strict, "http://127.0.0.1:1/webhook")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (
            PRODUCTION,
            "never runs with APP_ENV=production",
        ),
        ({"WHATSAPP_APP_SECRET": ""}, "needs WHATSAPP_APP_SECRET"),
    ],
)
def test_the_command_refuses_with_2_and_says_why(given: dict[str, str], told: str) -> None:
    environ = {**os.environ, "WHATSAPP_APP_SECRET": "s", "WHATSAPP_ACCESS_TOKEN": "t", **given}
    run = subprocess.run(
        [sys.executable, "-m", "simulator", "--port", "0"],
        env=environ,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert run.returncode == 2 and told in run.stderr and "Traceback" not in run.stderr


def test_reset_forgets_chats_sends_faults_and_newcomers(simulated: Simulated) -> None:
    simulated.send(to="5215550000077")
    simulated.say()
    simulated.fault(batch=2)
    simulated.ask("reset", {})
    config = simulated.ask("config")
    assert config["chats"] == [] and config["faults"] == [] and len(config["customers"]) == 3
    assert simulated.ask("accepted")["count"] == 0


def test_the_transcript_can_be_read_from_where_one_left_off(simulated: Simulated) -> None:
    simulated.say(text="uno")
    last = simulated.chat()[-1]["seq"]
    simulated.send()
    after = simulated.ask(f"customers/{LUCIA}/chat?number={NUMBER}&after={last}")["bubbles"]
    assert [bubble["text"] for bubble in after] == ["Hola"]


def test_a_new_customer_joins_by_phone_or_by_user_id_alone(simulated: Simulated) -> None:
    shown = simulated.ask("customers", {"name": "Ana", "wa_id": "+52 1 555 000 0123"})
    hidden = simulated.ask("customers", {"name": "Eva", "user_id": "MX.999"})
    assert (shown["id"], shown["bsuid_only"]) == ("5215550000123", False)
    assert (hidden["id"], hidden["wa_id"], hidden["bsuid_only"]) == ("MX.999", "", True)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (f"customers/{LUCIA}/messages", {"kind": "poll"}),
        (f"customers/{LUCIA}/messages", {"kind": "button", "id": "a"}),
        (f"customers/{LUCIA}/messages", {"kind": "location", "latitude": "x", "longitude": 1}),
        (f"customers/{LUCIA}/messages", {"kind": "image", "media_id": "1"}),
        (f"customers/{LUCIA}/messages", {"kind": "text", "text": "x", "number": "../x"}),
        (f"customers/{LUCIA}/messages", [1]),
        ("customers/nobody/messages", {"kind": "text", "text": "x"}),
        ("customers", {"name": "x", "wa_id": "12"}),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_reason(simulated: Simulated, path: str, body: object) -> None:
    answer = simulated.http.request("POST", f"{simulated.url}/simulator/{path}", json=body)
    assert 400 <= answer.status < 500 and answer.json()["error"]
    assert simulated.exchange.postman.waiting() == 0


def test_a_form_of_another_site_is_not_taken(simulated: Simulated) -> None:
    answer = simulated.http.request(
        "POST", f"{simulated.url}/simulator/reset", body=b'{"a":1}', headers={"Content-Type": "text/plain"}
    )
    assert answer.status == 415


def test_the_page_allows_nothing_from_elsewhere(simulated: Simulated) -> None:
    answer = simulated.http.request("GET", f"{simulated.url}/simulator/")
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert b"http://" not in answer.data and b"https://" not in answer.data


def test_an_uploaded_page_is_never_shown_as_one(simulated: Simulated) -> None:
    upload = simulated.http.request(
        "POST", f"{simulated.url}/simulator/media", body=b"<script>1</script>", headers={"Content-Type": "text/html"}
    )
    shown = simulated.http.request("GET", f"{simulated.url}/simulator/media/{upload.json()['id']}")
    assert shown.headers["Content-Disposition"] == "attachment"


def test_the_docs_tell_every_fault_route_and_kind(simulated: Simulated) -> None:
    told = (ROOT / "docs" / "simulator.md").read_text(encoding="utf-8")
    assert [name for name in faults.KINDS if f"`{name}`" not in told] == []
    assert [name for name in says.ALL_KINDS if f"`{name}`" not in told] == []
    routes = {path.split("<")[0].rstrip("/") for path in _rules(simulated)}
    assert [path for path in routes if path not in told] == []


def _rules(simulated: Simulated) -> list[str]:
    made = app.create(settings(), simulated.business.url)
    return [
        rule.rule
        for rule in made.url_map.iter_rules()
        if rule.rule.startswith("/simulator/") and not rule.endpoint.endswith(("static", "sample"))
    ]
