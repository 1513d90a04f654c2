"""The figures of the machine under a process."""

from __future__ import annotations

from pathlib import Path

import pytest
from prometheus_client import REGISTRY

from core import machine, telemetry
from core.machine import Disk
from core.settings import Settings


def test_the_memory_of_this_process_is_told_in_bytes() -> None:
    before = machine.memory_bytes()
    held = bytearray(b"x") * 64_000_000
    assert machine.memory_bytes() - before > 0.9 * len(held)


def test_a_folder_that_is_not_there_yet_is_measured_where_it_will_be(tmp_path: Path) -> None:
    here, there = machine.disk(tmp_path), machine.disk(tmp_path / "not" / "yet")
    assert (there.free, there.inodes_free) == pytest.approx((here.free, here.inodes_free), abs=0.01)
    assert 0 <= here.free <= 1


def test_a_file_system_without_a_number_of_inodes_has_room(monkeypatch: pytest.MonkeyPatch) -> None:
    class Btrfs:
        f_bavail, f_blocks, f_favail, f_files = 25, 100, 0, 0

    monkeypatch.setattr(machine.os, "statvfs", lambda _: Btrfs)
    assert machine.disk(Path()) == Disk(free=0.25, inodes_free=1.0)


def test_only_folders_that_are_written_to_are_watched() -> None:
    assert set(Settings.model_validate({}).folders) == {"photos", "tombstones"}
    assert set(Settings.model_validate({"photos_store": "database", "log_file": "x/y.log"}).folders) == {
        "logs",
        "tombstones",
    }


def test_the_figures_are_metrics() -> None:
    telemetry.machine("window", 5, {"photos": Disk(0.5, 0.75)})
    told = {
        "turno_memory_bytes": ({"process": "window"}, 5),
        "turno_disk_free_ratio": ({"folder": "photos"}, 0.5),
        "turno_inodes_free_ratio": ({"folder": "photos"}, 0.75),
    }
    assert {name: REGISTRY.get_sample_value(name, labels) for name, (labels, _) in told.items()} == {
        name: value for name, (_, value) in told.items()
    }


def test_a_number_of_tokens_below_zero_breaks_nothing() -> None:
    telemetry.ai_tokens("term", -5, 3)
    assert (REGISTRY.get_sample_value("turno_ai_tokens_total", {"operation": "term", "part": "completion"}) or 0) >= 3
