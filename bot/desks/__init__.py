"""The desks, found by folder, and their conversation scripts by name. Flows never import each other: they leave by name."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from functools import lru_cache
from pathlib import Path

import orjson

from bot import channels
from bot.desks.desk import Desk
from bot.desks.examples import misread_utterances
from bot.desks.loading import Faulty, Refusal, faults, import_desk, names_in, placed, refusals, signature
from bot.nlu import rules
from bot.script import phrases, toml_file
from bot.script.catalogue.kind import Kind
from bot.script.check import problems_at_start, problems_of, strandings
from bot.script.desk_settings import DeskSettings
from bot.script.diagrams import diagram
from bot.script.facts import Fact
from bot.script.flow import Flow, State
from bot.script.follow_ups import FollowUp
from bot.script.mermaid import mermaid
from bot.script.purposes import Purposes
from core import session
from core.bookable import Bookable
from core.diagrams import Diagram
from core.errors import Broken
from core.messages import Event
from core.panels.folder import DeskPanels
from core.reading import Expectation, Reading

DESKS: dict[str, Desk] = {}
FLOWS: dict[str, Flow] = {}
REFUSED: dict[str, tuple[Refusal, ...]] = {}
"""Why a desk that has a folder does not serve. The others do."""
MENUS: dict[str, Desk] = {}
"""Desks by the name of their menu."""
_FOLDERS: dict[str, Path] = {}
"""The folder of each desk, also of those that are refused."""
_SIGNATURES: dict[str, object] = {}
_BESIDES: list[Path] = []
"""Folders of desks besides this one."""
WHEN_CHANGED: list[Callable[[], object]] = []
"""Called when a desk has changed: what was worked out before is forgotten."""
_OURS = Path(__file__).parent


def folders() -> dict[str, Path]:
    """The folder of each desk that is loaded, by its name."""
    return {name: _FOLDERS[name] for name in DESKS}


def panels() -> list[DeskPanels]:
    """The panels of each desk that has some, and the title of their board."""
    own = [(desk, menu, _FOLDERS[desk.name] / "panels") for menu, desk in sorted(MENUS.items())]
    return [DeskPanels(desk.name, desk.named, menu, folder) for desk, menu, folder in own if folder.is_dir()]


def bookable() -> dict[str, Bookable]:
    """Units of each desk that holds and books some, by the name of its menu."""
    return {menu: desk.bookable for menu, desk in MENUS.items() if desk.bookable}


def serves(desk: session.Desk) -> bool:
    """Whether a desk that is loaded answers for this business. If none does, its events wait."""
    return desk.menu in MENUS


def serving(desk: session.Desk) -> Desk:
    """The desk that answers for a business: the one whose menu it begins in."""
    try:
        return MENUS[desk.menu]
    except KeyError:
        raise Broken(f"desk {desk.id}: no desk that is loaded has the menu {desk.menu!r}") from None


def settings_of(desk: session.Desk) -> DeskSettings:
    """The settings of a business, typed."""
    return _typed(serving(desk).settings, orjson.dumps(desk.settings, option=orjson.OPT_SORT_KEYS))


@lru_cache(maxsize=256)
def _typed(shape: type[DeskSettings], stored: bytes) -> DeskSettings:
    """Frozen, so that each step of a business may have the same one."""
    return shape.model_validate_json(stored)


def kinds_of(menu: str) -> dict[str, Kind]:
    """The kinds of lines in the catalogue of a business with this menu: its desk's kinds, and those of every desk."""
    found = {name: columns for desk in _serving(menu) for name, columns in desk.catalogue.items()}
    return {name: Kind(name, columns) for name, columns in found.items()}


def fact_of(desk: session.Desk, name: str) -> Fact | None:
    """The fact that a desk brings under this name; None when it brings none."""
    return next((known.facts[name] for known in _serving(desk.menu) if name in known.facts), None)


def follow_up_of(desk: session.Desk, name: str) -> FollowUp | None:
    """The scheduled message of this name that a desk brings; None when it brings none."""
    return next((each for known in _serving(desk.menu) for each in known.follow_ups if each.name == name), None)


def _serving(menu: str) -> list[Desk]:
    """The desk with this menu, and those that serve every desk."""
    own = MENUS.get(menu)
    return [desk for desk in DESKS.values() if desk is own or desk.read is None]


def read(event: Event, expectation: Expectation) -> Reading:
    """Understand an event by the rules of its desk."""
    read_text = DESKS[expectation.desk].read
    assert read_text is not None, "a desk that has a menu reads"
    return rules.read(event, expectation, read_text)


def purposes() -> dict[str, Purposes]:
    """Photo purposes of each desk, by the name of its menu."""
    return {menu: desk.photos for menu, desk in MENUS.items()}


def add(desk: Desk, folder: Path) -> None:
    """Put a desk among the others, in place of its older self. Raises Broken when something is wrong with it."""
    flows = {flow.name: flow for flow in map(Flow.of, desk.flows)}
    before = _own_flows(desk.name)
    taken = [name for name in flows if name in FLOWS and name not in before]
    if taken:
        raise Faulty(f"{name}: another desk has a flow of this name" for name in taken)
    phrases.learn(folder / "phrases", desk.languages)
    menus = {*MENUS, *([next(iter(flows))] if desk.read else ())}
    known = {**{name: flow for name, flow in FLOWS.items() if name not in before}, **flows}
    if wrong := [*problems_at_start(flows, known, channels.limits(), menus), *faults(desk, folder)]:
        raise Faulty(wrong)
    _drop(desk.name, but=flows)
    FLOWS.update(flows)
    DESKS[desk.name] = desk
    if desk.read is not None:
        MENUS[next(iter(flows))] = desk


def _own_flows(name: str) -> set[str]:
    desk = DESKS.get(name)
    return {module.__name__.rpartition(".")[2] for module in desk.flows} if desk else set()


def _drop(name: str, but: Container[str] = ()) -> None:
    """Take away the flows of a desk that it has no more."""
    for flow in _own_flows(name):
        if flow not in but:
            FLOWS.pop(flow, None)
            MENUS.pop(flow, None)


def forget(name: str) -> None:
    """Take a desk away. The events of its conversations wait until it is back."""
    _drop(name)
    DESKS.pop(name, None)
    REFUSED.pop(name, None)
    _SIGNATURES.pop(name, None)
    if folder := _FOLDERS.pop(name, None):
        phrases.forget(folder / "phrases")
    _notify()


def forget_folder(folder: Path) -> None:
    """Take away all the desks that were found in a folder."""
    for name in [name for name, known in _FOLDERS.items() if known.parent == folder]:
        forget(name)
    for refused in [refused for refused in REFUSED if refused.startswith(str(folder))]:
        del REFUSED[refused]
    if folder in _BESIDES:
        _BESIDES.remove(folder)
        __path__.remove(str(folder))


def _notify() -> None:
    for hear in WHEN_CHANGED:
        hear()


def load(name: str, folder: Path) -> tuple[Refusal, ...]:
    """Put the desk of this folder among the others; one with anything wrong is refused alone, and serves nobody."""
    known = _FOLDERS.get(name)
    if known is not None and known != folder:
        REFUSED[str(folder)] = (Refusal(name, f"{folder}/__init__.py", 1, f"another desk has this name ({known})"),)
        return REFUSED[str(folder)]
    _SIGNATURES[name] = signature(folder)
    try:
        add(import_desk(__name__, folder), folder)
    except (Exception, SystemExit) as error:
        forget(name)
        _SIGNATURES[name] = signature(folder)
        REFUSED[name] = refusals(name, folder, error)
    else:
        REFUSED.pop(name, None)
    _FOLDERS[name] = folder
    _notify()
    return REFUSED.get(name, ())


def add_folder(folder: Path) -> list[Refusal]:
    """Put the desks of a folder besides ours among the others. Returns the refusals, a reason each."""
    folder = folder.absolute()
    if not folder.is_dir():
        REFUSED[str(folder)] = (Refusal("*", str(folder), 1, "DESKS_FOLDER names no folder"),)
        return list(REFUSED[str(folder)])
    if folder not in _BESIDES:
        _BESIDES.append(folder)
        __path__.append(str(folder))
    new = [name for name in names_in(folder) if _FOLDERS.get(name) != folder / name]
    return [refusal for name in new for refusal in load(name, folder / name)]


def refresh() -> list[str]:
    """Load the desks anew whose files have changed, and forget those whose folder is gone. The names of both."""
    found = {name: folder / name for folder in (_OURS, *_BESIDES) for name in names_in(folder)}
    gone = [name for name in _FOLDERS if name not in found]
    changed = [name for name, folder in found.items() if _SIGNATURES.get(name) != signature(folder)]
    for name in gone:
        forget(name)
    for name in changed:
        load(name, found[name])
    return [*gone, *changed]


for _name in names_in(_OURS):
    load(_name, _OURS / _name)


def demos() -> list[Path]:
    """The files of demo data beside the desks that are loaded."""
    found = [folder / "demo.toml" for _, folder in sorted(folders().items())]
    return [path for path in found if path.exists()]


def months() -> dict[str, Path]:
    """The script of each desk that has one for a made-up month of its demo business, by the business's id."""
    found = {}
    for demo in demos():
        script = demo.with_name("demo_month.sql")
        if script.exists():
            found.update({str(each["id"]): script for each in toml_file.read(demo).get("desks", ())})
    return found


def check(name: str = "") -> list[str]:
    """Everything wrong with a desk, or with all of them; empty when a deploy may go ahead."""
    refused = [str(refusal) for each in REFUSED.values() for refusal in each if name in ("", refusal.desk)]
    return [*refused, *(problem for desk in DESKS if name in ("", desk) for problem in _problems(desk))]


def _problems(name: str) -> list[str]:
    """The problems of a desk that is loaded: its flows, on every channel, and its utterances."""
    desk, folder = DESKS[name], _FOLDERS[name]
    own = {flow: FLOWS[flow] for flow in _own_flows(name)}
    problems = problems_of(own, channels.limits(), flows=FLOWS, menus=MENUS)
    if desk.read is not None:
        problems += misread_utterances(name, desk.read, folder)
    return [placed(name, folder, problem) for problem in problems]


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
    return frozenset(module.__name__.rpartition(".")[2] for desk in _serving(menu) for module in desk.flows)


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
