"""Durations as people write them on a command line."""

from __future__ import annotations

import argparse
import re

UNITS = {"m": 60, "h": 3600, "d": 86_400}


def seconds(written: str) -> float:
    found = re.fullmatch(r"(\d+)([mhd])", written)
    if not found:
        raise argparse.ArgumentTypeError("write a number and m, h or d: 30m, 12h, 7d")
    return int(found[1]) * UNITS[found[2]]
