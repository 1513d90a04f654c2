"""Reads a photo from standard input; answers one line of JSON, then the picture to keep."""

from __future__ import annotations

import argparse
import json
import sys

from bot.errands.looking.isolation import isolate
from bot.errands.looking.limits import confine


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bot.errands.looking")
    parser.add_argument("--pixels", type=int, required=True)
    parser.add_argument("--sharp-from", type=float, required=True)
    parser.add_argument("--memory-mb", type=int, required=True)
    parser.add_argument("--cpu-s", type=int, required=True)
    parser.add_argument("--read-codes", action="store_true")
    chosen = parser.parse_args()
    confine(memory_mb=chosen.memory_mb, cpu_s=chosen.cpu_s)
    isolate()
    from bot.errands.looking.look import look

    seen = look(
        sys.stdin.buffer.read(), pixels=chosen.pixels, sharp_from=chosen.sharp_from, read_codes=chosen.read_codes
    )
    told = {"outcome": seen.outcome, "texts": seen.texts, "blurred": seen.blurred}
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + seen.kept)


if __name__ == "__main__":
    main()
