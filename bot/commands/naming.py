"""The actor of a command: the name under which the audit records what a shell does."""

from __future__ import annotations

import argparse
import getpass


def add_by(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--by", default="", help="actor for the audit (default: the user of this machine)")


def who(by: str = "") -> str:
    """Never the name of an account alone: only the window knows for sure who somebody is."""
    return f"cli:{plain(by)}"


def plain(by: str = "") -> str:
    return by or getpass.getuser()
