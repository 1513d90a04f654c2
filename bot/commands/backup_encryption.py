"""Backups encrypted with `age` to public keys: the machine that makes them cannot read them."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from bot.commands.backup_file import BadBackup
from core.errors import Permanent

MAGIC = b"age-encryption.org/"


class NoAge(Permanent):
    """`age` is not installed, or did not take the keys."""


@contextmanager
def writing(file: Path, recipients: Sequence[str]) -> Iterator[IO[bytes]]:
    """A stream into a new file, encrypted for the holders of these keys; not encrypted when there are none."""
    if not recipients:
        with file.open("xb") as out:
            yield out
        return
    keys = [part for recipient in recipients for part in ("--recipient", recipient)]
    with file.open("xb") as out, _age(*keys, stdin=subprocess.PIPE, stdout=out) as age:
        assert age.stdin is not None
        try:
            yield age.stdin
            age.stdin.close()
        except BrokenPipeError:
            age.stdin = None  # it ended before we did, and says why
        if age.wait() != 0:
            raise NoAge(f"age did not encrypt: {_why(age)}")


@contextmanager
def reading(file: Path, identity: Path | None) -> Iterator[IO[bytes]]:
    """The stream of a file, decrypted where it is encrypted. Raises BadBackup when the key is another one."""
    with file.open("rb", buffering=0) as source:  # `age` reads on where we are
        encrypted = source.read(len(MAGIC)) == MAGIC
        source.seek(0)
        if not encrypted:
            yield source
            return
        if identity is None:
            raise BadBackup("the backup is encrypted: name the file of the key with --identity")
        with _age("--decrypt", "--identity", str(identity), stdin=source, stdout=subprocess.PIPE) as age:
            yield from _decrypted(age)


def _decrypted(age: subprocess.Popen[bytes]) -> Iterator[IO[bytes]]:
    """Its output. What age says against it counts more than what is made of the half it gave."""
    assert age.stdout is not None
    try:
        yield age.stdout
    except BadBackup as problem:
        age.stdout.close()
        raise BadBackup(f"it cannot be decrypted: {_why(age)}") if age.wait() > 0 else problem from problem
    age.stdout.read()
    if age.wait() != 0:
        raise BadBackup(f"it cannot be decrypted: {_why(age)}")


def _age(*arguments: str, stdin: IO[bytes] | int, stdout: IO[bytes] | int) -> subprocess.Popen[bytes]:
    program = shutil.which("age")
    if program is None:
        raise NoAge("age is not installed (Debian: `apt install age`)")
    return subprocess.Popen([program, *arguments], stdin=stdin, stdout=stdout, stderr=subprocess.PIPE)


def _why(age: subprocess.Popen[bytes]) -> str:
    told = age.stderr.read().decode(errors="replace") if age.stderr else ""
    return (told.strip().splitlines() or ["it said nothing"])[0].removeprefix("age: ")
