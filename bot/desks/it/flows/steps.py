"""Steps of the open case, one at a time: which is in hand, which comes next, how it is done on the customer's system."""

from __future__ import annotations

from bot.desks.it import knowledge
from bot.desks.it.flows import cases
from bot.desks.it.knowledge.entries import Step, text_in
from bot.script.draft import Draft
from bot.script.flow import Standing


def path(standing: Standing) -> tuple[str, ...]:
    """The steps for the problem, the easy ones first, without those that the customer's system has none of."""
    known = cases.problem(standing)
    every = () if known is None else known.basic + known.advanced
    return tuple(step for step in every if on_system(standing, step) is not None)


def on_system(standing: Standing, step: str) -> Step | None:
    """The step as it is done on the customer's system; None where there is no such thing."""
    return knowledge.step_on(step, cases.given(standing, "system"))


def of_case(standing: Standing) -> list[str]:
    """The steps that this case has shown, in their order, leaving out those that a newer knowledge no longer has."""
    note = cases.note(standing)
    return [step for step in note.get("shown", [])[note.get("first", 0) :] if step in knowledge.STEPS]


def in_hand(standing: Standing) -> str:
    """The step that the customer is at; "" before the first."""
    shown = of_case(standing)
    return shown[-1] if shown else ""


def following(standing: Standing) -> str:
    """The next step that this visit has not shown yet; "" when none is left."""
    note = cases.note(standing)
    seen = {*note.get("shown", ()), *note.get("tried", ())}
    return next((step for step in path(standing) if step not in seen), "")


def take(draft: Draft, step: str) -> None:
    """Put this step into the customer's hands."""
    cases.change(draft, shown=[*cases.note(draft).get("shown", []), step])


def failed(draft: Draft) -> None:
    """The step in hand did not help; it goes into the ticket as tried."""
    step, tried = in_hand(draft), cases.note(draft).get("tried", [])
    if step and step not in tried:
        cases.change(draft, tried=[*tried, step])


def tried(standing: Standing) -> list[str]:
    """Steps that were tried in vain in this visit, in the customer's language."""
    steps = (on_system(standing, step) for step in cases.note(standing).get("tried", ()) if step in knowledge.STEPS)
    return [text_in(standing.language, step.simple) for step in steps if step is not None]


def said(standing: Standing, step: str) -> str:
    """The step with its number."""
    known = on_system(standing, step) or knowledge.STEPS[step]
    return f"{digit(standing, step)} {text_in(standing.language, known.plain)}"


def digit(standing: Standing, step: str) -> str:
    return cases.DIGITS[min(of_case(standing).index(step), len(cases.DIGITS) - 1)]
