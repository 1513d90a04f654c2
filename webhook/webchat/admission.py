"""Admission control of every chat call: concurrency slots, and a rate limit on refused calls."""

from __future__ import annotations

from time import monotonic

from flask import Blueprint, Response, g, request

from core.errors import Busy, TurnoError
from webhook.webchat.limits import Limits, TooMany
from webhook.webchat.refusals import refused
from webhook.webchat.rooms import Webchat

COUNTED = frozenset({400, 403, 404, 408, 413})
"""Answers to malformed calls, made-up sessions and forged forms. Wrong keys have a count of their own."""
KEYS = "Authorization", "X-Log-Token"
WATCHING = frozenset({"webchat.health", "webchat.metrics"})
"""Monitoring is not kept waiting by visitors."""
MOST_SHUT = 10_000


class Strangers:
    """Addresses of which too many calls were refused, until they may come again: this costs no question to anybody."""

    def __init__(self, limits: Limits, rule: str):
        self._limits, self._rule = limits, rule
        self._shut: dict[str, float] = {}

    def check(self, address: str) -> None:
        """Raises TooMany while too many of this address were refused."""
        left = self._shut.get(address, 0.0) - monotonic()
        if left > 0:
            raise TooMany("refused", self._rule, int(left) + 1)
        self._shut.pop(address, None)

    def count(self, address: str) -> None:
        """One more was refused. Raises TooMany when that is too many."""
        try:
            self._limits.check(self._rule, "refused", address)
        except TooMany as full:
            if len(self._shut) >= MOST_SHUT:
                self._shut.clear()
            self._shut[address] = monotonic() + full.retry_after_s
            raise


def keep_order(routes: Blueprint, rooms: Webchat) -> None:
    strangers = Strangers(rooms.limits, rooms.settings.limit_refused)

    @routes.before_request
    def admit() -> Response | None:
        if request.endpoint in WATCHING:
            return None
        address = rooms.guard.address(request)
        try:
            if not any(name in request.headers for name in KEYS):  # a right key always opens
                strangers.check(address)
            _take_a_place(rooms, address)
        except (TooMany, Busy) as no:
            return refused(no)
        return None

    @routes.after_request
    def count(response: Response) -> Response:
        if response.status_code not in COUNTED:
            return response
        try:
            strangers.count(rooms.guard.address(request))
        except TooMany as full:
            return refused(full)
        except TurnoError:  # the database is away: the answer stays as it is
            pass
        return response

    @routes.teardown_request
    def leave(_: BaseException | None) -> None:
        if (address := g.pop("place", None)) is not None:
            rooms.calls.leave(address)


def _take_a_place(rooms: Webchat, address: str) -> None:
    if not rooms.calls.take(address):
        raise Busy("as many calls as there are places")
    g.place = address
