"""The log file: whole lines whatever happens to it, and never more than its size."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from threading import Thread

from core.log_file import LogFile, Reader, rotated

WRITER = """
import sys
from core.log_file import LogFile
file = LogFile(sys.argv[1], most_bytes=20_000)
for number in range(500):
    file.write(f"{sys.argv[2]} {number:04} {'x' * 80}\\n".encode())
"""


def test_lines_of_several_processes_never_mix_and_the_file_keeps_its_size(tmp_path: Path) -> None:
    path = tmp_path / "logs" / "a.log"
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(path), name]) for name in "abc"]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    for file in (path, rotated(path)):
        lines = file.read_text().splitlines()
        assert lines and all(len(line) == 87 and line[0] in "abc" for line in lines)
        assert file.stat().st_size <= 20_000 + 3 * 88
        for name in "abc":
            numbers = [int(line.split()[1]) for line in lines if line[0] == name]
            assert numbers == sorted(numbers)
    assert {path, rotated(path)} == set(path.parent.iterdir())


def test_threads_share_a_file(tmp_path: Path) -> None:
    file = LogFile(tmp_path / "a.log", most_bytes=1_000_000)
    threads = [Thread(target=lambda: [file.write(b"line\n") for _ in range(200)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (tmp_path / "a.log").read_bytes() == b"line\n" * 1600


def test_a_file_that_was_moved_away_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    file = LogFile(path, most_bytes=1_000)
    file.write(b"one\n")
    path.rename(tmp_path / "elsewhere")
    file.write(b"two\n")
    path.unlink()
    file.write(b"three\n")
    assert path.read_bytes() == b"three\n"
    assert path.stat().st_mode & 0o077 == 0, "only its owner reads it"


def test_the_end_is_whole_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_bytes(b"".join(b"line %02d\n" % number for number in range(20)) + b"half")
    assert Reader(path).tail(20) == b"line 19\n"
    assert Reader(path).tail(10_000).splitlines() == [b"line %02d" % number for number in range(20)]


def test_just_after_it_was_rotated_the_end_reaches_into_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    rotated(path).write_bytes(b"one\ntwo\nthree\n")
    path.write_bytes(b"four\n")
    assert Reader(path).tail(14) == b"three\nfour\n"


def test_what_is_added_comes_once_and_whole_across_a_rotation(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    file, reader = LogFile(path, most_bytes=100), Reader(path)
    assert reader.tail(1000) == b"" == reader.new()
    expected = [b"line %03d %s" % (number, b"x" * 20) for number in range(30)]
    heard: list[bytes] = []
    for line in expected:
        file.write(line + b"\n")
        while added := reader.new():
            heard += added.splitlines()
    assert heard == expected


def test_half_a_line_waits_for_its_end(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_bytes(b"whole\nha")
    reader = Reader(path)
    assert reader.tail(100) == b"whole\n"
    assert reader.new() == b""
    with path.open("ab") as file:
        file.write(b"lf\n")
    assert reader.new() == b"half\n"


def test_a_file_that_is_not_there_is_empty_until_it_is(tmp_path: Path) -> None:
    reader = Reader(tmp_path / "a.log")
    assert reader.tail(100) == b"" == reader.new()
    LogFile(tmp_path / "a.log", most_bytes=100).write(b"one\n")
    assert reader.new() == b"one\n"
