"""A service of a desk at work: each call within its limit, behind a circuit breaker, in a thread of its own.

A call that may have had its effect is never repeated blindly: it is marked before it goes out, and whoever finds the
mark looks the effect up by the errand's key before anything else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from threading import Lock, Thread
from time import monotonic
from typing import Any

from bot.errands.running import Begin, Policy, Result, State
from bot.errands.service import Answered, LooksUp, SecondBest, Service, ServiceOf, Settles
from core import crashpoints, telemetry
from core.breaker import Breaker, BreakerOpen
from core.errors import Broken, Permanent, Rejected, Retryable, TimedOut, TurnoError, Undecided, Unreachable
from core.store.path.errands import Errand
from core.telemetry import log

CALLS = ("errand:calling", "errand:called")
"""Crash points before and after a call."""
SHORTEST_TRY_S = 0.2
GRACE_S = 0.25
"""A service ends its calls by itself; only one that does not is left alone after its limit and this."""
Answer = Mapping[str, Any] | None
Call = Callable[[Errand, float], Answer]


class OutsideService:
    """One service of one business; without one that was `made`, every errand fails at once."""

    def __init__(self, of: ServiceOf, made: Service | None, breaker: Breaker):
        self._of, self._service, self.breaker = of, made, breaker
        self.policy = Policy(of.tries, of.backoff_s, of.at_once, SHORTEST_TRY_S)
        self._hanging: list[Future[Answer]] = []
        self._lock = Lock()

    @property
    def busy(self) -> int:
        with self._lock:
            self._hanging = [call for call in self._hanging if not call.done()]
            return len(self._hanging)

    def limit_s(self, errand: Errand) -> float:
        """The time that is left, and no more; what is done, or may be, is told or looked up at any time."""
        at_any_time = errand.begun_s is not None or errand.result is not None or errand.answer is not None
        return self._of.limit_s if at_any_time else min(self._of.limit_s, errand.left_s)

    @property
    def _settles_s(self) -> float:
        return self._service.settles_s if isinstance(self._service, Settles) else self._of.settles_s

    def attempt(self, errand: Errand, limit_s: float, begin: Begin) -> Result:
        began, outcome = monotonic(), "again"
        try:
            result = self._attempt(errand, limit_s, begin)
            outcome = str(result.content["outcome"])
        finally:
            telemetry.did_errand(errand.service, outcome, monotonic() - began)
        return result

    def give_up(self, errand: Errand, error: Exception) -> Result:
        result = self._failed(errand, error) if self._harmless(errand, error) else _over(errand, "unknown", error)
        telemetry.did_errand(errand.service, str(result.content["outcome"]))
        return result

    def afterwards(self, errand: Errand) -> None:
        """There is nothing to tidy up."""

    def _failed(self, errand: Errand, error: Exception) -> Result:
        """Nothing has happened: the second best is told where there is one."""
        told = self._service.second_best(errand) if isinstance(self._service, SecondBest) else None
        if told is None:
            return _over(errand, "failed", error)
        return Result("done", "errand", _content(errand, "done", result=told), error=_line(error))

    def _harmless(self, errand: Errand, error: Exception) -> bool:
        """Whether nothing can have happened."""
        if not isinstance(self._service, LooksUp):
            return not isinstance(error, Undecided)
        return isinstance(error, Retryable) and errand.begun_s is None

    def _attempt(self, errand: Errand, limit_s: float, begin: Begin) -> Result:
        if errand.result is not None:
            return _done(errand, errand.result)
        if errand.answer is not None:
            return self._answered(errand, errand.answer)
        if self._service is None:
            return _over(errand, "failed", "the service is not set up")
        if isinstance(self._service, LooksUp):
            return self._with_effect(self._service, errand, limit_s, begin)
        try:
            return self._ask(self._service, errand, limit_s)
        except Undecided as error:
            return _over(errand, "unknown", error)

    def _answered(self, errand: Errand, answer: Mapping[str, Any]) -> Result:
        """A person of staff said what came of it: nobody outside is asked."""
        try:
            told = self._service.answered(errand) if isinstance(self._service, Answered) else _said(answer)
        except Permanent as error:
            return _over(errand, "refused", error)
        return _done(errand, told)

    def _with_effect(self, service: LooksUp, errand: Errand, limit_s: float, begin: Begin) -> Result:
        if errand.begun_s is not None:
            found = self._found(service, errand, limit_s)
            if found is not None:
                return _done(errand, found)
            if errand.begun_s < self._settles_s:
                raise Undecided("a call went out, and no effect of it is to be found yet")
            if errand.left_s < SHORTEST_TRY_S:
                return _over(errand, "failed", "nothing had happened when its time was over")
        if self.breaker.opened:
            return self._failed(errand, BreakerOpen(self.breaker.name))
        if not begin():
            raise Unreachable("the lease was lost")
        return self._ask(service, errand, limit_s)

    def _found(self, service: LooksUp, errand: Errand, limit_s: float) -> Answer:
        """The effect of an earlier call, as the service knows it. Raises Undecided when it cannot be asked."""
        try:
            return self._call(service.look_up, errand, limit_s)
        except TurnoError as error:
            raise Undecided(f"it could not be looked up: {_line(error)}") from error

    def _ask(self, service: Service, errand: Errand, limit_s: float) -> Result:
        try:
            answer = self._call(service.do, errand, limit_s)
        except BreakerOpen as error:
            return self._failed(errand, error)
        except Permanent as error:
            return _over(errand, "refused", error)
        except Broken as error:
            if isinstance(service, LooksUp):
                raise Undecided(_line(error)) from error
            return self._failed(errand, error)
        return _done(errand, answer or {})

    def _call(self, call: Call, errand: Errand, limit_s: float) -> Answer:
        with self.breaker.guard():
            return self._within(call, errand, limit_s)

    def _within(self, call: Call, errand: Errand, limit_s: float) -> Answer:
        """The answer, waited for no longer than its limit. A call that hangs keeps its place until it ends."""
        answered: Future[Answer] = Future()
        arguments = (call, errand, limit_s, answered)
        Thread(target=_answer, args=arguments, name=f"service {errand.service}", daemon=True).start()
        try:
            return answered.result(limit_s + GRACE_S)
        except TimeoutError:
            with self._lock:
                self._hanging.append(answered)
            late = f"no answer within {limit_s:g} s"
            raise (Undecided if isinstance(self._service, LooksUp) else TimedOut)(late) from None


def _answer(call: Call, errand: Errand, limit_s: float, answered: Future[Answer]) -> None:
    try:
        crashpoints.reach(CALLS[0])
        answer = call(errand, limit_s)
        crashpoints.reach(CALLS[1])
        answered.set_result(answer)
    except TurnoError as error:
        answered.set_exception(error)
    except Exception as error:
        log.error("errand.broken", correlation_id=errand.correlation_id, error=type(error).__name__, exc_info=True)
        answered.set_exception(Broken(type(error).__name__))


def _said(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """The answer of a person as the conversation is told it, without their name."""
    told = {name: value for name, value in answer.items() if name not in ("yes", "by")}
    if not answer.get("yes"):
        raise Rejected("a person of staff said no", told=told)
    return told


def _done(errand: Errand, answer: Mapping[str, Any]) -> Result:
    return Result("done", "errand", _content(errand, "done", result=answer), kept=answer)


def _over(errand: Errand, outcome: str, why: Exception | str) -> Result:
    state: State = "unknown" if outcome == "unknown" else "failed"
    line = why if isinstance(why, str) else _line(why)
    told = {"result": why.told} if isinstance(why, Rejected) and why.told else {}
    return Result(state, "errand", _content(errand, outcome, why=line, **told), error=line)


def _content(errand: Errand, outcome: str, **more: Any) -> dict[str, Any]:
    return {"service": errand.service, "what": errand.what, "key": errand.key, "outcome": outcome, **more}


def _line(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
