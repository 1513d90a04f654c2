"""AI calls with large content (photos, voice notes): slower than text, made from a thread that may wait.

Each question has an event loop and a client of its own, and is cancelled, connection and all, when its time is over,
however the server trickles. No retries inside. A breaker leaves an AI that keeps failing alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any, Final

import httpx2
import openai
from openai import AsyncOpenAI

from bot.nlu.ai.answer import BadAnswer
from core import telemetry
from core.breaker import Breaker, BreakerOpen, Observer
from core.errors import TimedOut, Unreachable
from core.settings import Settings

LARGEST_ANSWER = 262_144
ITS_OWN_FAULT: Final = frozenset({400, 413, 415, 422})
"""The question was refused; the AI itself is well."""
OUTCOMES: Final = (
    (BreakerOpen, "breaker_open"),
    (TimedOut, "timeout"),
    (Unreachable, "unreachable"),
    (BadAnswer, "bad_answer"),
)
Call = Callable[[AsyncOpenAI], Awaitable[bytes]]


class Asked:
    """One kind of question."""

    def __init__(self, name: str, settings: Settings, *, on_change: Observer | None = None):
        self._name = name
        self._key = settings.openai_api_key.get_secret_value()
        self._url = settings.openai_base_url
        self.breaker = Breaker(
            f"ai:{name}",
            settings.ai_breaker_failures,
            settings.ai_breaker_window_s,
            settings.ai_breaker_open_s,
            settings.ai_breaker_successes,
            counts=Unreachable,
            on_change=on_change,
        )

    def ask(self, call: Call, limit_s: float) -> bytes:
        """The body of the answer. Raises TimedOut, Unreachable (an open breaker too), or BadAnswer."""
        outcome, began = "broken", monotonic()
        try:
            with self.breaker.guard():
                body = asyncio.run(self._within(call, limit_s))
            outcome = "answered"
            return body
        except (Unreachable, BadAnswer) as problem:
            outcome = next(word for kind, word in OUTCOMES if isinstance(problem, kind))
            raise
        finally:
            telemetry.asked_ai(self._name, outcome, monotonic() - began)

    async def _within(self, call: Call, limit_s: float) -> bytes:
        client = AsyncOpenAI(api_key=self._key, base_url=self._url, max_retries=0, timeout=limit_s)
        try:
            return await asyncio.wait_for(call(client), limit_s)
        except (TimeoutError, openai.APITimeoutError, httpx2.TimeoutException):
            raise TimedOut("the AI took too long") from None
        except openai.APIStatusError as problem:
            if problem.status_code in ITS_OWN_FAULT:
                raise BadAnswer(f"the AI answered {problem.status_code}") from None
            raise Unreachable(f"the AI answered {problem.status_code}") from None
        except (openai.APIConnectionError, httpx2.HTTPError) as problem:
            raise Unreachable(f"the AI gave no answer: {type(problem).__name__}") from None
        finally:
            await client.close()


async def whole(response: Any) -> bytes:
    """The body of a streamed response, unless it is larger than any answer would be."""
    body = bytearray()
    async for piece in response.iter_bytes():
        body += piece
        if len(body) > LARGEST_ANSWER:
            raise BadAnswer("too large")
    return bytes(body)
