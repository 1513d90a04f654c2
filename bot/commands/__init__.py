"""One file a command of `python -m bot`: `add_to` describes it, `run` does it and returns the exit code."""

from __future__ import annotations

import argparse

Subparsers = "argparse._SubParsersAction[argparse.ArgumentParser]"

__all__ = ["Subparsers", "argparse"]
