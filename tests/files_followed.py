"""Files opened to follow one message through its pure half: verify, parse, read, step.

python -m tests.files_followed           # how many files and functions each of eight messages passes
python -m tests.files_followed --names   # which files
"""

from __future__ import annotations

import hmac
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from statistics import mean
from types import FrameType
from typing import Any

from bot.desks import DESKS
from bot.engine import step as engine
from bot.nlu.reader import Reader
from core.reading import Reading
from core.wire import whatsapp
from tests.integration.crew import post, text
from tests.unit.talk import DESK, IT_DESK, SETTINGS, Talk

ROOT = Path(__file__).parent.parent
ROOMS = tuple(f"{ROOT / room}/" for room in ("core", "bot"))
REHEARSING = str(ROOT / "bot/engine/rehearsal.py")
"""It stands for the worker here."""
SECRET = b"a secret"
TALKS = (
    (DESK, ("hola", "refrigerador", "4045101", "no enfría desde ayer")),
    (IT_DESK, ("hola", "acepto", "Ana", "la impresora no imprime")),
)
"""Four messages at each desk: a greeting, an answer, a value, and a sentence."""
Passed = set[tuple[str, int]]
"""Functions, by file and line."""


@contextmanager
def followed() -> Iterator[Passed]:
    """Every function of ours that is called in the block."""
    passed: Passed = set()

    def note(frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(ROOMS):
            passed.add((frame.f_code.co_filename, frame.f_code.co_firstlineno))

    sys.setprofile(note)
    try:
        yield passed
    finally:
        sys.setprofile(None)


def follow(talk: Talk, reader: Reader, said: str, wamid: str) -> Passed:
    """What one message passes, from its bytes to its turn."""
    body = post([text(said, wamid=wamid)])
    signature = f"sha256={hmac.digest(SECRET, body, sha256).hex()}"
    with followed() as passed:
        whatsapp.verify(body, signature=signature, secret=SECRET)
        [event] = whatsapp.parse(body).events
        reading = reader.read(event, engine.expects(talk.session, event), talk.session)
        assert isinstance(reading, Reading), "the rules answer at once"
        talk.step(event, reading)
    return {each for each in passed if each[0] != REHEARSING}


def every() -> list[tuple[str, Passed]]:
    """Each message with what it passes. The caches are warm: what is built once is followed once."""
    reader = Reader(SETTINGS, DESKS)
    found = []
    for warm in (False, True):
        for desk, lines in TALKS:
            talk = Talk(desk=desk)
            for number, said in enumerate(lines):
                talk.wait("7s")
                passed = follow(talk, reader, said, f"wamid.{desk.id}.{number}")
                found += [(said, passed)] if warm else []
    return found


def files(passed: Passed) -> list[str]:
    return sorted({str(Path(file).relative_to(ROOT)) for file, _ in passed})


def main() -> None:
    found = every()
    for said, passed in found:
        print(f"{len(files(passed)):3} files, {len(passed):3} functions: {said}")
        if "--names" in sys.argv:
            print("\n".join(f"      {file}" for file in files(passed)))
    print(f"mean {mean(len(files(p)) for _, p in found):g} files, {mean(len(p) for _, p in found):g} functions")


if __name__ == "__main__":
    main()
