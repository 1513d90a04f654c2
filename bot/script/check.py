"""Flow checks: problems are reported before a deploy, not when a customer waits."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from bot.script import phrases
from bot.script.flow import LEAVE, LIST, Flow, State
from bot.script.forms import Form
from bot.script.phrases.regions import WRITTEN_AS
from core.limits import Limits
from core.messages import Option, Outbound, ask_location, choose
from core.session import Slot

Flows = Mapping[str, Flow]
MENU = "menu"
"""A row that leads to @menu leads to the menu of the desk, whatever it is called."""
Channels = Mapping[str, Limits]
"""The limits of each channel, by its kind."""
SAMPLE = "x" * 60
"""Stands for a value the customer gives, when a phrase is measured."""
STAMP = "|" + "x" * 20 + "|99999|999999999"


@dataclass(frozen=True, slots=True)
class Supposed:
    """A conversation that might be: what an offer is tried on."""

    language: str
    slots: Mapping[str, Slot]
    notes: Mapping[str, Any]


def problems_of(own: Flows, channels: Channels, flows: Flows | None = None, menus: Container[str] = ()) -> list[str]:
    """Everything wrong with these flows among all the flows there are, measured against the limits of every channel."""
    known = own if flows is None else flows
    offers = (problem for flow in own.values() for problem in _unofferable(flow, channels))
    return [*problems_at_start(own, known, channels, menus), *offers]


def problems_at_start(own: Flows, flows: Flows, channels: Channels, menus: Container[str] = ()) -> list[str]:
    """The problems of these flows among all the flows there are, as far as they are found quickly."""
    checks = (_endless, _silent, _lost, _misrenamed)
    problems = (
        *(problem for flow in own.values() for problem in _unreachable(flow, flows, menus)),
        *(problem for flow in own.values() for problem in chain.from_iterable(check(flow, flows) for check in checks)),
        *(problem for flow in own.values() for problem in _unsayable(flow, channels)),
        *phrases.gaps(own),
    )
    return list(dict.fromkeys(problems))


def strandings(flows: Flows, pinned: Iterable[tuple[str, int, str, int]]) -> list[str]:
    """Live conversations in states that no longer exist."""
    return [
        f"{count} in {name}.{state} (version {version}): they would go to the menu, with what they gave kept"
        for name, version, state, count in pinned
        if name and not (name in flows and flows[name].renamed.get(state, state) in flows[name].states)
    ]


def _unreachable(flow: Flow, flows: Flows, menus: Container[str]) -> Iterator[str]:
    """Final states of a menu are entered by the engine itself: cancelled, timed out."""
    reached = _reached(flow)
    for state in flow.states.values():
        if state.name not in reached and not (state.final and _is_menu(flow, flows, menus)):
            yield f"{flow.name}.{state.name}: no row leads here"


def _endless(flow: Flow, flows: Flows) -> Iterator[str]:
    if not any(state.final for state in flow.states.values()):
        yield f"{flow.name}: it has no final state"
    leaving = {state for row in flow.rows for state in row.states.split()}
    for state in flow.states.values():
        if state.final and state.name in leaving:
            yield f"{flow.name}.{state.name}: it is final, and yet a row leads away"
        if not state.final and state.name not in leaving:
            yield f"{flow.name}.{state.name}: no row leads away"


def _silent(flow: Flow, flows: Flows) -> Iterator[str]:
    for state in flow.states.values():
        if not state.final and not state.asks:
            yield f"{flow.name}.{state.name}: it asks nothing"


def _lost(flow: Flow, flows: Flows) -> Iterator[str]:
    for row in flow.rows:
        if row.to.startswith(LEAVE) and row.to.removeprefix(LEAVE) not in {*flows, MENU}:
            yield f"{flow.name}: a row leads to {row.to}, which is no flow"


def _misrenamed(flow: Flow, flows: Flows) -> Iterator[str]:
    for old, new in flow.renamed.items():
        if new not in flow.states:
            yield f"{flow.name}: {old} was renamed to {new}, which is no state"


def _unsayable(flow: Flow, channels: Channels) -> Iterator[str]:
    """Every question, in every language, must be there and within what each channel takes."""
    for language in languages(flow):
        for state in flow.states.values():
            for kind, limits in channels.items():
                yield from _unsayable_there(flow, state, language, kind, limits)


def _unsayable_there(flow: Flow, state: State, language: str, kind: str, limits: Limits) -> Iterator[str]:
    for key, outbound in _questions(flow, state, language, limits):
        if outbound is None and language in WRITTEN_AS:
            continue  # told of its language
        if outbound is None:
            yield f"{language}/{flow.name}: {state.name} lacks the phrase {key!r}"
        else:
            yield from (f"{language}/{flow.name}.{state.name}: {why} ({kind})" for why in limits.problems(outbound))


def _unofferable(flow: Flow, channels: Channels) -> Iterator[str]:
    """Everything that a state may offer, in every language, must be within what each channel takes."""
    for name in flow.offers:
        samples = flow.tried_on.get(flow.states[name].offers)
        if samples is None:
            yield f"{flow.name}.{name}: TRIED_ON does not say what {flow.states[name].offers!r} depends on"
            continue
        for language in languages(flow):
            offered = {flow.offered(name, Supposed(language, *sample)) for sample in samples()}
            problems = {
                why for options in offered for why in _refused(flow, flow.states[name], language, options, channels)
            }
            yield from (f"{language}/{flow.name}.{name}: {why}" for why in sorted(problems))


def _refused(flow: Flow, state: State, language: str, options: tuple[Option, ...], channels: Channels) -> Iterator[str]:
    text = phrases.find(language, flow.name, str(state.asks))
    if text is None:
        return  # told of by _unsayable
    body = text.format_map(dict.fromkeys(phrases.placeholders(text), SAMPLE))
    stamped = tuple(replace(option, id=option.id + STAMP) for option in options)
    for kind, limits in channels.items():
        yield from (f"{why} ({kind})" for why in limits.problems(flow.put(language, body, stamped, limits)))


def languages(flow: Flow) -> list[str]:
    """The languages and regions a flow is said in."""
    return phrases.regions(phrases.LANGUAGES.get(flow.name, phrases.LANGUAGES[phrases.COMMON]))


def _questions(flow: Flow, state: State, language: str, limits: Limits) -> Iterator[tuple[str, Outbound | None]]:
    if isinstance(state.asks, Form):
        for wanted in state.asks.fields:
            key = f"ask_{wanted.slot}"
            yield key, _sample(flow, language, limits, key, pin=wanted.by != "text")
    elif state.asks:
        yield state.asks, _sample(flow, language, limits, state.asks, *state.options)


def _sample(flow: Flow, language: str, limits: Limits, key: str, *options: str, pin: bool = False) -> Outbound | None:
    """The question as it would go out; None when a phrase or a title is missing."""
    text = phrases.find(language, flow.name, key)
    titles = {name: phrases.find(language, flow.name, f"{phrases.TITLES}.{name}") for name in options}
    if text is None or None in titles.values():
        return None
    body = text.format_map(dict.fromkeys(phrases.placeholders(text), SAMPLE))
    if pin:
        return ask_location(body)
    buttons = tuple(Option(name + STAMP, title or "") for name, title in titles.items())
    listed = limits.pressable and len(buttons) > limits.buttons
    if listed and phrases.find(language, flow.name, f"{phrases.TITLES}.{LIST}") is None:
        return choose(body, "", *buttons)  # refused for its empty button
    return flow.put(language, body, buttons, limits)


def _reached(flow: Flow) -> set[str]:
    reached, edge = set(), {flow.begins}
    while edge:
        reached |= edge
        edge = {row.to for row in flow.rows if reached.intersection(row.states.split())} - reached
    return reached


def _is_menu(flow: Flow, flows: Flows, menus: Container[str]) -> bool:
    """A menu is where other flows lead back to: by its name, or as the desk's own."""
    return flow.name in menus or any(row.to == LEAVE + flow.name for other in flows.values() for row in other.rows)
