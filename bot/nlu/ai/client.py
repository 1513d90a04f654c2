"""AI client: one question, one answer, within a deadline that holds.

All calls live on one event loop in one thread of their own. When a deadline is
over the call is cancelled, which closes its connection: a server that hangs, or
sends a byte now and then, holds no thread and no socket of ours. Nothing here
raises to the caller: an outcome without an answer says why.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Lock, Thread
from time import monotonic
from typing import Any, Final

import httpx2
import openai

from bot.nlu.ai import answer, completion
from bot.nlu.ai.prompts import Question
from core import telemetry
from core.breaker import Breaker, BreakerOpen, Observer
from core.errors import Unreachable
from core.reading import Guess
from core.settings import Settings
from core.ttl_cache import TtlCache

IN_FLIGHT = 64
"""Questions under way at once; one more is answered by the rules alone."""
LARGEST_ANSWER = 65_536
MOST_TOKENS = 400
_ITS_OWN_FAULT: Final = frozenset({400, 413, 422})
"""The question was refused; the AI itself is well."""
_log = logging.getLogger(__name__)


class Unanswered(Unreachable):
    """The AI failed us: this counts against it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of an AI call. `why` is empty when there is an answer."""

    why: str = ""
    intent: str = ""
    confidence: float = 0.0
    guesses: Mapping[str, Guess] = field(default_factory=dict)


class Ai:
    """Asks any endpoint that speaks the chat completions protocol."""

    def __init__(
        self, settings: Settings, *, clock: Callable[[], float] = monotonic, on_change: Observer | None = None
    ):
        self._limits = {
            "extract": settings.ai_extract_s,
            "term": settings.ai_term_s,
            "intent": settings.ai_intent_s,
            "name": settings.ai_term_s,
        }
        self._model = settings.openai_model
        self._client = openai.AsyncOpenAI(
            api_key=settings.openai_api_key.get_secret_value(),
            base_url=settings.openai_base_url,
            max_retries=0,
        )
        self.breaker = Breaker(
            "ai",
            settings.ai_breaker_failures,
            settings.ai_breaker_window_s,
            settings.ai_breaker_open_s,
            settings.ai_breaker_successes,
            counts=Unanswered,
            on_change=on_change,
        )
        self._answers: TtlCache[tuple[str, ...], Outcome] = TtlCache(settings.ai_cache_size, settings.ai_cache_s, clock)
        self._under_way: set[asyncio.Task[Any]] = set()
        self._in_flight = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock = Lock()

    def ask(self, question: Question) -> Future[Outcome]:
        """The outcome: at once when it is remembered or nobody may be asked, else within the operation's deadline."""
        future: Future[Outcome] = Future()
        known = self._answers.get(question.key) or self._refusal()
        if known:
            future.set_result(known)
        else:
            loop = self._running()
            loop.call_soon_threadsafe(self._begin, loop, question, future)
        return future

    def close(self) -> None:
        """Stop asking. Calls under way are cancelled and settled as such."""
        with self._lock:
            loop, self._loop = self._loop, None
        if loop:
            asyncio.run_coroutine_threadsafe(self._wind_up(), loop).result()
            loop.call_soon_threadsafe(loop.stop)

    def _refusal(self) -> Outcome | None:
        if self.breaker.state == "open":
            return Outcome("breaker_open")
        with self._lock:
            if self._in_flight >= IN_FLIGHT:
                return Outcome("busy")
            self._in_flight += 1
            return None

    def _running(self) -> asyncio.AbstractEventLoop:
        """The loop, started when it is first needed, so that a fork before that carries none."""
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                Thread(target=self._loop.run_forever, name="ai", daemon=True).start()
            return self._loop

    def _begin(self, loop: asyncio.AbstractEventLoop, question: Question, future: Future[Outcome]) -> None:
        task = loop.create_task(self._settle(question, future))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _settle(self, question: Question, future: Future[Outcome]) -> None:
        outcome, began = Outcome("cancelled"), monotonic()
        try:
            outcome = await self._outcome(question)
        finally:
            telemetry.asked_ai(question.operation, outcome.why, monotonic() - began)
            with self._lock:
                self._in_flight -= 1
            if future.set_running_or_notify_cancel():
                future.set_result(outcome)

    async def _outcome(self, question: Question) -> Outcome:
        try:
            with self.breaker.guard():
                outcome = await self._within_limit(question)
        except BreakerOpen:
            return Outcome("breaker_open")
        except Unanswered as problem:
            _log.warning(
                "AI %s gave no answer: %s (limit %s s)", question.operation, problem, self._limits[question.operation]
            )
            return Outcome(str(problem))
        except answer.BadAnswer:
            _log.warning("AI %s gave an answer that cannot be used", question.operation)
            return Outcome("bad_answer")
        except Exception:
            _log.exception("AI %s broke", question.operation)
            return Outcome("broken")
        if not outcome.why:
            self._answers.put(question.key, outcome)
        return outcome

    async def _within_limit(self, question: Question) -> Outcome:
        """The answer, or Unanswered the moment the limit is over; closing the connection is waited for by nobody."""
        call = asyncio.ensure_future(self._call(question))
        self._under_way.add(call)
        call.add_done_callback(self._under_way.discard)
        try:
            done, _ = await asyncio.wait({call}, timeout=self._limits[question.operation])
        finally:
            call.cancel()
        if not done:
            raise Unanswered("timeout")
        return call.result()

    async def _call(self, question: Question) -> Outcome:
        try:
            content = await self._completion(question)
        except (openai.APITimeoutError, httpx2.TimeoutException) as problem:
            raise Unanswered("timeout") from problem
        except openai.APIStatusError as problem:
            if problem.status_code in _ITS_OWN_FAULT:
                return Outcome(f"http_{problem.status_code}")
            raise Unanswered(f"http_{problem.status_code}") from problem
        except (openai.APIConnectionError, httpx2.HTTPError) as problem:
            raise Unanswered("unreachable") from problem
        return Outcome("", *answer.read(content, question))

    async def _completion(self, question: Question) -> str | None:
        form: Any = {
            "type": "json_schema",
            "json_schema": {"name": question.operation, "strict": True, "schema": question.schema},
        }
        messages: Any = question.messages
        async with self._client.chat.completions.with_streaming_response.create(
            model=self._model,
            messages=messages,
            response_format=form,
            temperature=0,
            max_completion_tokens=MOST_TOKENS,
            timeout=self._limits[question.operation],
        ) as response:
            body = bytearray()
            async for piece in response.iter_bytes():
                body += piece
                if len(body) > LARGEST_ANSWER:
                    raise answer.BadAnswer("too large")
        return completion.content(question.operation, bytes(body))

    async def _wind_up(self) -> None:
        tasks = [task for task in self._under_way if not task.done()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._client.close()
