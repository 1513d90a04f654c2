"""Sandbox of the photo process: no new rights, no connections, no access to other processes.

A decoder with a hole must not be able to use it: Linux refuses the calls (seccomp), once and for all its children. Other
systems have nothing like it, and there only the limits hold.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
import sys

from core.hardening import control

NO_NEW_PRIVS, SECCOMP, FILTER = 38, 22, 2
LOAD, EQUAL, AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06
ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM
NUMBER_AT, MACHINE_AT = 0, 4
ALIEN_CALLS = 0x40000000
"""From this number on an x86-64 kernel takes calls of another kind, under other numbers."""
MACHINES = {
    # socket, connect, ptrace, process_vm_readv, process_vm_writev, execve, execveat, pidfd_open, io_uring_setup, kill
    "x86_64": (0xC000003E, (41, 42, 101, 310, 311, 59, 322, 434, 425, 62)),
    "aarch64": (0xC00000B7, (198, 203, 117, 270, 271, 221, 281, 434, 425, 129)),
}


def isolate() -> None:
    """From here on. Raises OSError when this machine should refuse the calls and does not."""
    if sys.platform == "linux":
        control(NO_NEW_PRIVS, 1)
        if platform.machine() in MACHINES:
            control(SECCOMP, FILTER, ctypes.byref(_Program.of(_filter(*MACHINES[platform.machine()]))))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))

    @classmethod
    def of(cls, code: bytes) -> _Program:
        made = cls(len(code) // 8, ctypes.cast(ctypes.c_char_p(code), ctypes.c_void_p))
        made.kept = code
        return made


def _filter(machine: int, refused: tuple[int, ...]) -> bytes:
    """Refuse another machine's calls, and these; allow the rest."""
    end = len(refused) + 1  # from the first comparison of a number to the refusal at the end
    lines = [(LOAD, 0, 0, MACHINE_AT), (EQUAL, 0, end + 2, machine), (LOAD, 0, 0, NUMBER_AT)]
    lines.append((AT_LEAST, end, 0, ALIEN_CALLS))
    lines += [(EQUAL, len(refused) - place, 0, number) for place, number in enumerate(refused)]
    lines += [(RETURN, 0, 0, ALLOW), (RETURN, 0, 0, REFUSE)]
    return b"".join(struct.pack("HBBI", *line) for line in lines)
