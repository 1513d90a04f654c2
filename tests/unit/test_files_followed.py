"""How many files one follows from a message's bytes to its turn."""

from __future__ import annotations

from statistics import mean

from tests import files_followed

MOST = 44


def test_a_message_passes_a_bounded_number_of_files() -> None:
    passed = [files_followed.files(each) for _, each in files_followed.every()]
    assert len(passed) == 8 and mean(len(files) for files in passed) <= MOST
    assert all("bot/engine/step.py" in files and "core/wire/whatsapp.py" in files for files in passed)
