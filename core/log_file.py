"""Log file: appended to by many processes, rotated, and followed by readers meanwhile.

Every line is one write at the end of the file, so lines of two processes never mix. A file that has grown to its size
becomes `.1`, and what was `.1` is gone; whoever still writes to it notices with the next line.
"""

from __future__ import annotations

import fcntl
import os
import threading
from contextlib import suppress
from pathlib import Path

AT_ONCE = 65_536
"""Most bytes that are read in one piece."""


class LogFile:
    def __init__(self, path: str | Path, *, most_bytes: int):
        self._path, self._most = Path(path), most_bytes
        self._lock = threading.Lock()
        self._file = -1

    def write(self, line: bytes) -> None:
        """Append one line. Raises OSError when that cannot be done."""
        with self._lock:
            self._open()
            if os.fstat(self._file).st_size + len(line) > self._most:
                self._rotate()
                self._open()
            os.write(self._file, line)

    def _open(self) -> None:
        """Have the file open that now goes by this name: another process, or a tool, may have moved ours away."""
        if self._file >= 0 and _same(self._file, self._path):
            return
        self._close()
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def _rotate(self) -> None:
        """Make it `.1`, unless another process was faster."""
        fcntl.flock(self._file, fcntl.LOCK_EX)
        if _same(self._file, self._path):
            self._path.replace(rotated(self._path))
        self._close()  # and with it the lock

    def _close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


class Reader:
    """Reads a log file from near its end, and then what is added."""

    def __init__(self, path: str | Path):
        self._path = Path(path)
        self._file = -1

    def tail(self, size: int) -> bytes:
        """The last whole lines, of so many bytes at most; `new` goes on from there."""
        self._reopen()
        if self._file < 0:
            return b""
        end = os.fstat(self._file).st_size
        begin = max(0, end - size)
        found = os.pread(self._file, end - begin, begin)
        whole = found[: found.rfind(b"\n") + 1]
        os.lseek(self._file, begin + len(whole), os.SEEK_SET)
        if begin > 0:
            return whole[whole.find(b"\n") + 1 :]
        return _last_lines(rotated(self._path), size - len(whole)) + whole

    def new(self) -> bytes:
        """Whole lines that were added since, of `AT_ONCE` bytes about; of a file that was moved away too."""
        added = self._rest()
        if not added and not (self._file >= 0 and _same(self._file, self._path)):
            added = self._rest()  # what was written between the two looks
            if not added:
                self._reopen()
                added = self._rest()
        return added

    def close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _rest(self) -> bytes:
        if self._file < 0:
            return b""
        found = os.read(self._file, AT_ONCE)
        end = found.rfind(b"\n") + 1
        if end == 0 and len(found) == AT_ONCE:
            end = AT_ONCE  # no line is that long
        os.lseek(self._file, end - len(found), os.SEEK_CUR)
        return found[:end]

    def _reopen(self) -> None:
        self.close()
        with suppress(FileNotFoundError):
            self._file = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)


def rotated(path: Path) -> Path:
    """The path of the rotated log file."""
    return path.with_name(f"{path.name}.1")


def _last_lines(path: Path, size: int) -> bytes:
    """The last whole lines of a file that nobody writes to any more."""
    if size <= 0:
        return b""
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return b""
    try:
        end = os.fstat(file).st_size
        begin = max(0, end - size)
        found = os.pread(file, end - begin, begin)
    finally:
        os.close(file)
    return found[found.find(b"\n") + 1 :] if begin else found


def _same(file: int, path: Path) -> bool:
    """Whether this open file is still the one at this path."""
    try:
        there = path.stat()
    except FileNotFoundError:
        return False
    return os.path.samestat(os.fstat(file), there)
