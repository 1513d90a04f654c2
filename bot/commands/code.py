"""`code`: whether a code that a customer shows, such as a QR code, is one of ours, and for what."""

from __future__ import annotations

import argparse

from bot.commands.opening import open_settings
from core import signed_codes


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("code", help="check a code that a customer shows")
    parser.add_argument("desk", help="the id of the business")
    parser.add_argument("text", help="the text that a scanner reads from it")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """0 and the number that it stands for; 1 for a code that is not ours."""
    key = open_settings().codes_secret.get_secret_value()
    if not key:
        print("set CODES_SECRET: without it there are no codes")
        return 2
    subject = signed_codes.check(chosen.text, business=chosen.desk, key=key)
    print(f"✓ {subject}" if subject else "✗ not a code of ours")
    return 0 if subject else 1
