"""Each fault does what it says, as often as it says, to whom it says."""

from __future__ import annotations

import json
import time
from collections import Counter
from types import SimpleNamespace
from typing import Any

import pytest
import urllib3

from simulator.faults import KINDS, BadFault, Faults
from tests.unit.simulator.stage import LUCIA, NUMBER, Simulated

TOMAS = "5215550000002"


def _accepted(simulated: Simulated) -> int:
    return int(simulated.ask("accepted")["count"])


def test_an_error_code_refuses_the_next_sends_and_then_no_more(simulated: Simulated) -> None:
    simulated.fault(error_code=130429, http_status=429, times=2)
    answers = [simulated.send() for _ in range(3)]
    assert [answer.status for answer in answers] == [429, 429, 200]
    assert answers[0].json()["error"]["code"] == 130429
    assert _accepted(simulated) == 1


def test_a_fault_for_one_customer_leaves_the_others_alone(simulated: Simulated) -> None:
    simulated.fault(**{"error_code": 131056, "for": LUCIA})
    assert [simulated.send(to=to).status for to in (LUCIA, TOMAS, LUCIA)] == [400, 200, 400]


def test_a_fault_for_one_number_leaves_the_others_alone(simulated: Simulated) -> None:
    simulated.fault(**{"error_code": 190, "for": NUMBER})
    assert [simulated.send(number).status for number in (NUMBER, "100000000000002")] == [401, 200]


def test_a_bare_5xx_has_no_body_of_the_graph_api_and_accepts_nothing(simulated: Simulated) -> None:
    simulated.fault(bare_5xx=502, times=1)
    answer = simulated.send()
    assert answer.status == 502 and b"{" not in answer.data
    assert _accepted(simulated) == 0


def test_a_refused_connection_accepts_nothing(simulated: Simulated) -> None:
    simulated.fault(refuse=True, times=1)
    with pytest.raises(urllib3.exceptions.ProtocolError):
        simulated.send()
    assert _accepted(simulated) == 0
    assert simulated.send().status == 200


def test_a_dropped_answer_was_accepted_and_its_statuses_carry_the_callback_id(simulated: Simulated) -> None:
    simulated.fault(drop_answer=True, times=1)
    with pytest.raises(urllib3.exceptions.ProtocolError):
        simulated.send(biz_opaque_callback_data="4711")
    assert _accepted(simulated) == 1
    assert simulated.business.wait("statuses", 1)[0]["biz_opaque_callback_data"] == "4711"


def test_a_hanging_answer_was_accepted_long_before(simulated: Simulated) -> None:
    simulated.fault(hang_s=60, times=1)
    with pytest.raises(urllib3.exceptions.ReadTimeoutError):
        simulated.http.request(
            "POST",
            f"{simulated.url}/graph/v26.0/{NUMBER}/messages",
            timeout=0.3,
            headers={"Authorization": "Bearer the access token"},
            json={"messaging_product": "whatsapp", "to": LUCIA, "type": "text", "text": {"body": "Hola"}},
        )
    assert _accepted(simulated) == 1
    assert len(simulated.business.wait("statuses", 2)) == 2


def test_latency_delays_the_answer(simulated: Simulated) -> None:
    simulated.fault(latency_ms=150, times=1)
    began = time.monotonic()
    assert simulated.send().status == 200
    assert time.monotonic() - began >= 0.15


@pytest.mark.parametrize("slow", [{"latency_ms": 1}, {"hang_s": 1}])
@pytest.mark.parametrize("later", [{"bare_5xx": 503}, {"drop_answer": True}])
def test_a_slow_call_meets_the_faults_of_its_arrival_and_leaves_later_ones_to_later_calls(
    simulated: Simulated, monkeypatch: pytest.MonkeyPatch, slow: dict[str, Any], later: dict[str, Any]
) -> None:
    monkeypatch.setattr("simulator.graph.time", SimpleNamespace(sleep=lambda _: simulated.fault(**later, times=1)))
    simulated.fault(**slow, times=1)
    assert simulated.send().status == 200
    assert [fault["name"] for fault in simulated.ask("faults")["faults"]] == list(later)


def test_a_failed_status_takes_the_place_of_the_others(simulated: Simulated) -> None:
    simulated.fault(failed_status=131026, times=1)
    simulated.send(biz_opaque_callback_data="1")
    failed = simulated.business.wait("statuses", 1)[0]
    assert failed["status"] == "failed" and failed["errors"][0]["code"] == 131026
    assert "recipient_user_id" not in failed and failed["biz_opaque_callback_data"] == "1"
    assert simulated.chat() == []


def test_no_statuses_means_none_for_that_send(simulated: Simulated) -> None:
    simulated.fault(no_statuses=True, times=1)
    simulated.send(biz_opaque_callback_data="silent")
    simulated.send(biz_opaque_callback_data="told")
    assert {s["biz_opaque_callback_data"] for s in simulated.business.wait("statuses", 2)} == {"told"}


def test_late_statuses_come_late(simulated: Simulated) -> None:
    simulated.fault(late_status_ms=200)
    began = time.monotonic()
    simulated.send()
    simulated.business.wait("statuses", 2)
    assert time.monotonic() - began >= 0.2


def test_no_callback_id_leaves_it_out(simulated: Simulated) -> None:
    simulated.fault(no_callback_id=True)
    simulated.send(biz_opaque_callback_data="1")
    assert not any("biz_opaque_callback_data" in status for status in simulated.business.wait("statuses", 2))


def test_read_at_once_reports_read_without_a_phone(simulated: Simulated) -> None:
    simulated.fault(read_at_once=True)
    simulated.send()
    assert [s["status"] for s in simulated.business.wait("statuses", 3)] == ["sent", "delivered", "read"]


@pytest.mark.parametrize("how", [True, "at_once"])
def test_duplicates_are_the_same_bytes_twice(simulated: Simulated, how: object) -> None:
    simulated.fault(duplicate=how)
    simulated.say(text="una vez")
    first, second = simulated.business.wait("posts", 2)
    assert first == second


def test_reordered_webhooks_all_arrive_but_not_in_order(simulated: Simulated) -> None:
    simulated.fault(reorder=True)
    said = [simulated.say(text=str(n))["id"] for n in range(60)]
    came = [message["id"] for message in simulated.business.wait("messages", 60)]
    assert Counter(came) == Counter(said) and came != said


def test_a_batch_holds_so_many_items_and_what_is_left_over_follows(simulated: Simulated) -> None:
    simulated.fault(batch=3)
    for n in range(4):
        simulated.say(text=str(n))
    simulated.business.wait("messages", 4)
    sizes = [len(json.loads(body)["entry"][0]["changes"]) for _, body in simulated.business.posts]
    assert sizes == [3, 1]


def test_bsuid_only_hides_the_phone_number(simulated: Simulated) -> None:
    simulated.fault(bsuid_only=True, times=1)
    simulated.say()
    value = simulated.business.wait("values", 1)[0]
    assert "from" not in value["messages"][0] and "wa_id" not in value["contacts"][0]
    assert value["messages"][0]["from_user_id"]


def test_faults_of_media_are_asked_for_by_name(simulated: Simulated) -> None:
    simulated.fault(error_code=131052)
    assert simulated.graph("123", method="GET").status == 404
    simulated.fault(**{"error_code": 131052, "for": "media"})
    assert simulated.graph("123", method="GET").json()["error"]["code"] == 131052


def test_faults_are_shown_and_cleared(simulated: Simulated) -> None:
    simulated.fault(batch=2)
    simulated.fault(**{"refuse": True, "times": 3, "for": LUCIA})
    shown = simulated.ask("faults")["faults"]
    assert [(f["name"], f["value"], f["times"], f["for"]) for f in shown] == [
        ("batch", 2, None, None),
        ("refuse", True, 3, LUCIA),
    ]
    assert [f["name"] for f in simulated.ask("faults?name=batch", method="DELETE")["faults"]] == ["refuse"]
    assert simulated.ask("faults", method="DELETE") == {"faults": []}


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"explode": True},
        {"refuse": False},
        {"refuse": 1},
        {"batch": 0},
        {"batch": "2"},
        {"bare_5xx": 200},
        {"duplicate": "thrice"},
        {"error_code": True},
        {"latency_ms": -1},
        {"refuse": True, "times": 0},
        {"refuse": True, "for": 5},
    ],
)
def test_a_fault_that_makes_no_sense_is_refused_and_sets_nothing(wanted: dict[str, Any]) -> None:
    faults = Faults()
    with pytest.raises(BadFault):
        faults.put(wanted)
    assert faults.shown() == []


def test_every_fault_is_described() -> None:
    assert all(help for _, help in KINDS.values())
