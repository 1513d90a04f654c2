"""The process that looks into a photo: given little, told nothing, ended on time."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bot.errands.media_look import ROOT, Looker
from core.errors import Unreachable
from core.settings import Settings
from tests.pictures import bomb_png, photo, wall, written

LABEL = written(photo())


def looker(**more: object) -> Looker:
    return Looker(Settings.model_validate({"media_look_s": 60, **more}))


def test_a_label_is_read_and_a_small_picture_comes_back() -> None:
    looked = looker().look(LABEL, read_codes=True, limit_s=60)
    assert (looked.outcome, looked.texts, looked.blurred) == ("ok", ("4045101",), False)
    assert looked.kept.startswith(b"\xff\xd8") and looked.kept.endswith(b"\xff\xd9")


def test_a_photo_of_today_fits_into_the_memory_it_may_take() -> None:
    assert looker().look(written(wall(4000, 3000)), read_codes=True, limit_s=60).outcome == "ok"


def test_what_needs_more_memory_than_it_may_take_is_too_large() -> None:
    assert looker(media_memory_mb=256).look(bomb_png(6_000), read_codes=False, limit_s=60).outcome == "too_large"


def test_the_smallest_memory_that_may_be_set_is_enough_for_a_label() -> None:
    assert looker(media_memory_mb=256).look(LABEL, read_codes=True, limit_s=60).texts == ("4045101",)


def test_its_time_over_it_is_ended() -> None:
    assert looker().look(LABEL, read_codes=True, limit_s=0.01).outcome == "timed_out"


@pytest.mark.parametrize("number", ["SIGTERM", "SIGINT"])
def test_who_is_stopped_in_the_middle_says_nothing_of_the_photo(number: str) -> None:
    stopped = looker()
    stopped._command = [sys.executable, "-c", f"import os, signal; os.kill(os.getpid(), signal.{number})"]
    with pytest.raises(Unreachable):
        stopped.look(LABEL, read_codes=False, limit_s=60)


CONFINED = """
from bot.errands.looking.limits import confine
confine(memory_mb=512, cpu_s=1)
{then}
"""


ISOLATED = """
from bot.errands.looking.isolation import isolate
isolate()
import os, socket
try:
    {then}
except PermissionError:
    raise SystemExit(7)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux refuses calls")
@pytest.mark.parametrize(
    "then",
    [
        "socket.create_connection(('127.0.0.1', 9))", "socket.socket(socket.AF_UNIX)", "os.kill(os.getppid(), 0)",
        "os.execv('/bin/sh', ['sh', '-c', 'exit 0'])", "os.posix_spawn('/bin/sh', ['sh', '-c', 'exit 0'], {}) and os.wait()",
    ],
)  # fmt: skip
def test_it_opens_no_connection_and_starts_no_program(then: str) -> None:
    done = subprocess.run([sys.executable, "-B", "-c", ISOLATED.format(then=then)], cwd=ROOT, env={}, timeout=60)
    assert done.returncode == 7


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux hides it")
def test_a_worker_hides_its_memory_from_other_processes() -> None:
    told = "import ctypes; from core.hardening import hide_memory; hide_memory(); print(ctypes.CDLL(None).prctl(3,0,0,0,0))"
    done = subprocess.run([sys.executable, "-B", "-c", told], cwd=ROOT, capture_output=True, timeout=60, text=True)
    assert done.stdout == "0\n"


def confined(then: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-B", "-c", CONFINED.format(then=then)], cwd=ROOT, capture_output=True, env={}, timeout=60
    )


@pytest.mark.parametrize(
    "then",
    [
        pytest.param("bytearray(600 * 1024 * 1024)", id="memory"),
        pytest.param("while True: pass", id="processor time"),
        pytest.param("import tempfile; f = tempfile.TemporaryFile(); f.write(b'x'); f.flush()", id="files"),
    ],
)
def test_what_it_may_not_have_it_does_not_get(then: str) -> None:
    assert confined("pass").returncode == 0
    assert confined(then).returncode != 0
