"""Checks that the needed ports are free before anything is started."""

from __future__ import annotations

import socket
from collections.abc import Mapping

HOST = "127.0.0.1"


def taken(wanted: Mapping[str, int]) -> list[str]:
    """A sentence for each port that cannot be had; `wanted` is setting → port."""
    twice = len(set(wanted.values())) < len(wanted)
    if twice:
        return [f"{' and '.join(wanted)} are the same port: choose two"]
    return [_advice(setting, port) for setting, port in wanted.items() if not free(port)]


def free(port: int) -> bool:
    with socket.socket() as trying:
        trying.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trying.bind((HOST, port))
        except OSError:
            return False
    return True


def _advice(setting: str, port: int) -> str:
    return f"Port {port} is taken by another program. Choose a free one: {setting}={port + 10} make run"
