"""Eight workers in three processes, a thousand messages, copies of everything: none lost, none doubled, all in order."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import urllib3

from core.store.db import Database
from core.store.path import inbox
from simulator.bodies import signature
from tests.acceptance.house import SECRET, House
from tests.integration.crew import post, text
from tests.waiting import until

CUSTOMERS, EACH, POSTERS = 50, 20, 8
MOST_TRIES = 10
WORKERS = (3, 3, 2)
WORDS = ("hola", "menú", "refrigerador", "4045101", "cancelar", "ayuda", "sí", "asdf")
UNHURRIED = {
    "LEASE_S": "20",
    "SEND_TIMEOUT_S": "10",
    "UNKNOWN_SETTLE_S": "60",
    "PACE_NUMBER_PER_S": "100000",
    "PACE_CUSTOMER_S": "0",
    "INACTIVITY_WARN_S": "3000",
}


class Crowd:
    """Fifty customers. The next message of each is posted only after the one before was taken with a 200."""

    def __init__(self, house: House, seed: int):
        self._house, self._chance = house, random.Random(seed)
        self._http = urllib3.PoolManager(maxsize=2 * POSTERS, retries=False, timeout=60.0)
        self.said: dict[str, list[str]] = defaultdict(list)
        self.posts = 0

    def talk(self) -> None:
        for number in range(EACH):
            self._round(number)

    def _round(self, number: int) -> None:
        """Everybody's next message, shuffled over POSTs, each POST sent twice at once, some messages in several."""
        messages = [self._message(customer, number) for customer in range(CUSTOMERS)]
        self._chance.shuffle(messages)
        posts = []
        while messages:
            size = self._chance.randint(1, 6)
            batch, messages = messages[:size], messages[size:]
            strays = [again for again in batch if self._chance.random() < 0.3]
            posts += [post(batch), post(batch), *([post(strays)] if strays else [])]
        self._chance.shuffle(posts)
        with ThreadPoolExecutor(POSTERS) as pool:
            assert set(pool.map(self._post, posts)) == {200}
        self.posts += len(posts)

    def _message(self, customer: int, number: int) -> dict[str, object]:
        sender, wamid = f"52155600{customer:05}", f"wamid.{customer}.{number}"
        self.said[sender].append(wamid)
        self._house.said.append(wamid)
        return text(self._chance.choice(WORDS), wamid=wamid, sender=sender)

    def _post(self, body: bytes) -> int:
        """As the platform does: what was not taken is brought again."""
        return next((status for status in map(self._once, [body] * MOST_TRIES) if status == 200), 503)

    def _once(self, body: bytes) -> int:
        headers = {"X-Hub-Signature-256": signature(body, SECRET.encode()), "Content-Type": "application/json"}
        url = f"http://127.0.0.1:{self._house.port}/webhook"
        return self._http.request("POST", url, body=body, headers=headers).status


def order_of_effects(house: House) -> dict[str, list[str]]:
    """The customers' messages in the order in which they took effect."""
    rows = house.ask(
        "select a.value as sender, array_agg(i.external_id order by st.version) as wamids from steps st "
        "join inbox i on i.id = st.event_id join conversations c on c.id = st.conversation_id "
        "join aliases a on a.contact_id = c.contact_id where i.external_id like 'wamid.%%' group by a.value"
    )
    return {row.sender: row.wamids for row in rows}


def staff_write_too(house: House) -> int:
    """A member of staff acts on each conversation while its customer speaks. How many actions."""
    database, written = Database(house.url), 0
    until(lambda: house.one("select count(*) from conversations") == CUSTOMERS, 240, told=house.told)
    for number, action in enumerate(("take_over", "answer", "release") * 2):
        with database.transaction() as tx:
            for row in house.ask("select id from conversations order by random()"):
                content = {"action": action, "agent": "ana", "text": "con gusto"}
                assert inbox.add_own(tx, row.id, f"agent:{row.id}:{number}", "agent", content) is not None
                written += 1
    database.close()
    return written


@pytest.mark.parametrize("second_writer", [False, True], ids=["customers", "customers_and_staff"])
def test_a_thousand_messages_at_once_take_effect_once_and_in_order(
    second_writer: bool, db_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with House(db_url, tmp_path, **UNHURRIED) as house:
        house.open()
        kinds = ("conversation,sender,janitor", "conversation,sender", "conversation")
        crew = [house.work(only, workers=workers) for only, workers in zip(kinds, WORKERS, strict=True)]
        crowd = Crowd(house, seed=7)
        acted = talk_both(house, crowd) if second_writer else talk_alone(crowd)
        house.settle(240)
        assert [process.stop() for process in crew] == [0, 0, 0], "told to stop, each drains and ends well"
        house.check()
        assert order_of_effects(house) == dict(crowd.said)
        with capsys.disabled():
            print(f"\n  {counts(house, crowd.posts, acted)}")


def talk_alone(crowd: Crowd) -> int:
    crowd.talk()
    return 0


def talk_both(house: House, crowd: Crowd) -> int:
    with ThreadPoolExecutor(1) as pool:
        talking = pool.submit(crowd.talk)
        acted = staff_write_too(house)
        talking.result(300)
    return acted


def counts(house: House, posts: int, acted: int) -> str:
    copies = house.one("select sum(retries) from inbox")
    steps, replies = house.one("select count(*) from steps"), len(house.accepted)
    lost = len(set(house.said)) + acted - house.one("select count(distinct event_id) from steps")
    doubled = steps - house.one("select count(distinct event_id) from steps")
    parts: Sequence[str] = (
        f"{posts} POSTs",
        f"{len(set(house.said))} messages",
        f"{acted} actions of staff",
        f"{copies} copies",
        f"{steps} steps",
        f"{replies} replies accepted",
        f"{lost} lost",
        f"{doubled} doubled",
    )
    return ", ".join(parts)
