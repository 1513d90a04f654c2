"""The desks, found by folder, and their conversation scripts by name. Flows never import each other: they leave by name."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from bot.desks.desk import Desk
from bot.nlu import rules
from bot.script import phrases
from bot.script.check import problems_of, strandings
from bot.script.desk_settings import DeskSettings
from bot.script.diagrams import diagram
from bot.script.flow import Flow, State
from bot.script.mermaid import mermaid
from bot.script.purposes import Purposes
from core import session
from core.diagrams import Diagram
from core.errors import Broken
from core.messages import Event
from core.reading import Expectation, Reading

DESKS: dict[str, Desk] = {}
FLOWS: dict[str, Flow] = {}
_SERVED_BY: dict[str, Desk] = {}
"""Desks by the name of their menu."""


def serving(desk: session.Desk) -> Desk:
    """The desk that answers for a business: the one whose menu it begins in."""
    return _SERVED_BY[desk.menu]


def settings_of(desk: session.Desk) -> DeskSettings:
    """The settings of a business, typed."""
    return serving(desk).settings.model_validate(desk.settings)


def read(event: Event, expectation: Expectation) -> Reading:
    """Understand an event by the rules of its desk."""
    read_text = DESKS[expectation.desk].read
    assert read_text is not None, "a desk that has a menu reads"
    return rules.read(event, expectation, read_text)


def purposes() -> dict[str, Purposes]:
    """Photo purposes of each desk, by the name of its menu."""
    return {menu: desk.photos for menu, desk in _SERVED_BY.items()}


def add(desk: Desk, folder: Path) -> None:
    """Put a desk among the others. Raises Broken when it has a flow that another desk has too."""
    flows = [Flow.of(module) for module in desk.flows]
    taken = [flow.name for flow in flows if flow.name in FLOWS]
    if taken:
        raise Broken(f"desk {desk.name}: another desk has a flow {taken[0]!r}; give yours another name")
    phrases.learn(folder / "phrases", desk.languages)
    FLOWS.update({flow.name: flow for flow in flows})
    DESKS[desk.name] = desk
    if desk.read is not None:
        _SERVED_BY[flows[0].name] = desk


def _discover() -> None:
    for found in iter_modules(__path__):
        if found.ispkg and found.name != "catalogues":
            module = import_module(f"{__name__}.{found.name}")
            add(module.DESK, Path(str(module.__file__)).parent)


_discover()


def check() -> list[str]:
    """Everything wrong with the flows and their phrases; empty when a deploy may go ahead."""
    return problems_of(FLOWS, menus=_SERVED_BY)


def stranded(pinned: Iterable[tuple[str, int, str, int]]) -> list[str]:
    """Of the live conversations, counted by (flow, version, state, count), those a deploy would send to the menu."""
    return strandings(FLOWS, pinned)


def draw(name: str) -> str:
    """The flow as a Mermaid state diagram."""
    return mermaid(FLOWS[name])


def diagrams() -> dict[str, Diagram]:
    """Every flow as states and arrows, by name, for those who draw where conversations stand."""
    return {name: diagram(flow) for name, flow in FLOWS.items()}


def of_desk(menu: str) -> frozenset[str]:
    """The flows of the desk with this menu, and those that serve every desk."""
    own = _SERVED_BY.get(menu)
    known = [desk for desk in DESKS.values() if desk is own or desk.read is None]
    return frozenset(module.__name__.rpartition(".")[2] for desk in known for module in desk.flows)


def places(menu: str = "") -> dict[str, dict[str, str]]:
    """Every state of every flow, or of the flows of the desk with this menu: `free` to put a conversation there,
    `bound` to what was given before, or `final`."""
    names = of_desk(menu) if menu else FLOWS.keys()
    return {
        name: {state.name: _place(flow, state) for state in flow.states.values()}
        for name, flow in FLOWS.items()
        if name in names
    }


def _place(flow: Flow, state: State) -> str:
    if state.final:
        return "final"
    if flow.patient:
        return "bound"  # it is about something that only its own beginning knows
    return "free" if state.name == flow.begins or not state.shows else "bound"
