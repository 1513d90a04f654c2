"""Latency and outcome of each chat call, for panels and alarms."""

from __future__ import annotations

from time import perf_counter

from flask import Blueprint, Response, g, request

from core import telemetry
from core.synthetic import is_synthetic


def watch(routes: Blueprint) -> None:
    """Every call of these routes counts, under the name of its route: there are only so many."""

    @routes.before_request
    def begin() -> None:
        g.began_at = perf_counter()

    @routes.after_request
    def end(response: Response) -> Response:
        began_at: float | None = g.get("began_at")
        if began_at is not None and not g.get("synthetic"):
            call = (request.endpoint or "").rpartition(".")[2]
            telemetry.served(call, response.status_code, perf_counter() - began_at)
        return response


def note_whose(address: str) -> None:
    """This call is about a session on that channel: a synthetic customer's is not counted."""
    g.synthetic = is_synthetic(address)
