"""An errand worker is killed in the middle of a photo; another one finishes it, and the customer notices nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.acceptance.forks import Process
from tests.acceptance.house import House
from tests.acceptance.processes import seen
from tests.pictures import photo, written
from tests.waiting import until

LABEL = written(photo())
BIG = written(photo(scale=14, size=(4000, 3000)), quality=60)
"""Who looks into it is at it long enough to be met."""
SLOW = {"latency_ms": 5000, "times": 1, "for": "media"}


def fetching(house: House, worker: Process) -> bool:
    """The platform was asked for the photo, and has not answered yet."""
    return worker.alive and house.exchange.faults.shown() == []


def looking(house: House, worker: Process) -> bool:
    """The confined process that looks into it is at work."""
    children = psutil.Process(worker.pid).children()
    return any("bot.errands.looking" in (seen(psutil.Process.cmdline, child) or ()) for child in children)


@pytest.mark.parametrize(
    ("label", "faults", "amid"),
    [(LABEL, SLOW, fetching), (BIG, {}, looking)],
    ids=["while it fetches", "while it looks"],
)
def test_a_photo_whose_worker_is_killed_is_acknowledged_and_answered_once(
    label: bytes, faults: dict[str, object], amid: Callable[[House, Process], bool], db_url: str, tmp_path: Path
) -> None:
    with House(db_url, tmp_path) as house:
        house.web()
        house.work()
        killed = house.work("media")
        for line in ("hola", "refrigerador"):
            house.say(line)
            house.settle()
        if faults:
            house.exchange.faults.put(faults)
        house.show(label)
        until(lambda: amid(house, killed), told=house.told)
        killed.kill()
        assert killed.killed and house.one("select count(*) from inbox where kind = 'media_result'") == 0
        house.work("media")
        house.settle(60)

        house.check()
        [job] = house.ask("select state, attempts from errands")
        assert (job.state, job.attempts) == ("done", 2)
        [result] = house.ask("select content from inbox where kind = 'media_result'")
        assert result.content["codes"] == ["4045101"]
        assert house.one("select count(*) from photos") == 1
        texts = [row.text for row in house.ask("select text from report.outbox order by id")]
        assert [sum(words in text for text in texts) for words in ("viendo tu foto", "VR-16")] == [1, 1]
