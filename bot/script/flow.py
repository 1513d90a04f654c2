"""The building blocks of a flow. The only module that imports `transitions`.

A flow file is read top to bottom: STATES, ROWS, then the guards and effects the rows
name. A row says: in this state, on this trigger, when this holds, do that and go there.
Rows are tried in the order they are written; the first that holds wins.
A row may lead to another flow, by name: "@menu". Parts that several flows share,
or of which a long flow is made, are in the module or the modules that a flow calls ALSO.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, Literal, Protocol, cast

from transitions import Machine

from bot.script import phrases
from bot.script.draft import Draft
from bot.script.forms import Form
from core.errors import Broken
from core.limits import Limits
from core.messages import Option, Outbound, ask, ask_location, choose, say
from core.numbered_text import plainly
from core.session import Slot

Guard = Callable[[Draft], bool]
Effect = Callable[[Draft], None]
Values = Callable[[Draft], Mapping[str, object]]
SumsUp = Callable[[Draft], str]
Details = Callable[[Draft], Mapping[str, Any]]


class Standing(Protocol):
    """A conversation's position, in a draft or a session: all that offered options may depend on."""

    @property
    def language(self) -> str: ...
    @property
    def slots(self) -> Mapping[str, Slot]: ...
    @property
    def notes(self) -> Mapping[str, Any]: ...


Offers = Callable[[Standing], Sequence[Option]]
Sample = tuple[Mapping[str, Slot], Mapping[str, Any]]
"""Slots and notes of a conversation that might be: what an offer is tried on before a deploy."""
Samples = Callable[[], Iterable[Sample]]
Expects = Literal["", "choice", "yes_no", "slot", "rating", "photo", "opinion"]
LEAVE = "@"
AGAIN = "again_"
"""Before the name of a question: how it is put once more."""
LIST = "list"
"""The title of the button behind which a list opens."""


@dataclass(frozen=True, slots=True)
class State:
    """One place a conversation can stand: what it asks, and what an answer looks like.

    `asks` is a phrase, or a form (its first missing slot is asked); `shows` names the
    function that gives the phrase its values; `slot` is what a bare answer fills. Its buttons
    are `options` by name, or the result of the function that `offers` names. An option
    called "slot=value" fills the slot. Where a state is `patient`, it is not the customer who is waited for.
    """

    name: str
    asks: str | Form = ""
    options: tuple[str, ...] = ()
    expects: Expects = ""
    slot: str = ""
    shows: str = ""
    offers: str = ""
    final: bool = False
    patient: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """`states` and `on` may each name several, `when` and `doing` too: separated by spaces."""

    states: str
    on: str
    to: str
    when: str = ""
    doing: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """A conversation script: a table, ready to be asked where an event leads."""

    name: str
    version: int
    form: Form
    states: Mapping[str, State]
    rows: tuple[Row, ...]
    begins: str
    renamed: Mapping[str, str]
    patient: bool
    """True when silence is no reason to close: nobody is waiting."""
    shows: Mapping[str, Values]
    offers: Mapping[str, Offers]
    tried_on: Mapping[str, Samples]
    """By what a state offers, all the conversations that it may depend on."""
    sums_up: SumsUp | None
    """The case in a line, for a ticket; "" when nothing was told. Without it, the problem as it was told is the line."""
    details: Details | None
    """Details of the case that a ticket keeps besides the slots."""
    machine: Machine = field(repr=False, compare=False)

    @classmethod
    def of(cls, module: ModuleType) -> Flow:
        """The flow that a module tells."""
        names = {name: found for each in (*_shared(module), module) for name, found in vars(each).items()}
        states: tuple[State, ...] = names["STATES"]
        rows: tuple[Row, ...] = names["ROWS"]
        return cls(
            name=module.__name__.rpartition(".")[2],
            version=names["VERSION"],
            form=names["FORM"],
            states={state.name: state for state in states},
            rows=rows,
            begins=states[0].name,
            renamed=names.get("RENAMED", {}),
            patient=names.get("PATIENT", False),
            shows={state.name: _named(names, state.shows) for state in states if state.shows},
            offers={state.name: cast("Offers", _named(names, state.offers)) for state in states if state.offers},
            tried_on=names.get("TRIED_ON", {}),
            sums_up=names.get("sum_up"),
            details=names.get("details"),
            machine=_machine(states, rows, names),
        )

    def takes(self, state: str, trigger: str) -> bool:
        """Whether the table has a row for this trigger in this state."""
        event = self.machine.events.get(trigger)
        return event is not None and state in event.transitions

    def fire(self, draft: Draft, trigger: str) -> bool:
        """Let the table decide: guards, effects, the next state. False when no row holds."""
        if not self.takes(draft.state, trigger):
            return False
        return bool(self.machine.events[trigger].trigger(draft, draft))

    def asked(self, state: str, slots: Mapping[str, Any]) -> str:
        """The slot that a bare answer would fill."""
        found = self.states[state]
        if isinstance(found.asks, Form):
            missing = found.asks.missing(slots)
            return missing.slot if missing else ""
        return found.slot

    def question(self, draft: Draft) -> Outbound:
        """The state's question, without the text before it."""
        state = self.states[draft.state]
        if isinstance(state.asks, Form):
            return self._ask_missing(draft, state.asks)
        text = self._question_text(draft, state.asks)
        offered = self.options(draft.language, draft.offered) if draft.offered else self.offered(state.name, draft)
        return self.put(draft.language, text, offered, draft.limits)

    def values_of(self, draft: Draft) -> Mapping[str, object]:
        """The values that the phrases of the state show."""
        return self.shows[draft.state](draft) if draft.state in self.shows else {}

    def offered(self, state: str, standing: Standing) -> tuple[Option, ...]:
        """The buttons of a state."""
        if state in self.offers:
            return tuple(self.offers[state](standing))
        return self.options(standing.language, self.states[state].options)

    def options(self, language: str, names: Iterable[str]) -> tuple[Option, ...]:
        return tuple(Option(name, phrases.title(language, self.name, name)) for name in names)

    def _ask_missing(self, draft: Draft, form: Form) -> Outbound:
        wanted = form.missing(draft.slots)
        if wanted is None:
            raise Broken(f"{self.name}.{draft.state} asks for nothing: its form is full")
        text = self._question_text(draft, f"ask_{wanted.slot}")
        if wanted.by == "location_request" and not draft.offered:
            return ask_location(text)
        return self.put(draft.language, text, self.options(draft.language, draft.offered or ()), draft.limits)

    def _question_text(self, draft: Draft, key: str) -> str:
        """The question in words; shortly when it was just put, where the flow has short words for it."""
        again = f"{AGAIN}{key}"
        if draft.brief and phrases.has_own(draft.language, self.name, again):
            key = again
        return phrases.phrase(draft.language, self.name, key, **self.values_of(draft))

    def put(self, language: str, text: str, options: tuple[Option, ...], limits: Limits) -> Outbound:
        """A question with buttons under it; more than fit there go behind one, as a list. Where nothing can be
        pressed, the options are numbered."""
        if not options:
            return say(text)
        if not limits.pressable:
            return plainly(ask(text, *options))
        if len(options) > limits.buttons:
            return choose(text, phrases.title(language, self.name, LIST), *options)
        return ask(text, *options)


def _shared(module: ModuleType) -> tuple[ModuleType, ...]:
    also = vars(module).get("ALSO", ())
    return also if isinstance(also, tuple) else (also,)


def _machine(states: Iterable[State], rows: Iterable[Row], names: Mapping[str, Any]) -> Machine:
    """One machine for all conversations: it keeps no model, so it never grows."""
    machine = Machine(
        model=None,
        initial=None,
        auto_transitions=False,
        states=[state.name for state in states] + sorted({row.to for row in rows if row.to.startswith(LEAVE)}),
    )
    for row in rows:
        for trigger in row.on.split():
            machine.add_transition(
                trigger,
                [*row.states.split()],
                row.to,
                conditions=[_named(names, guard) for guard in row.when.split()],
                before=[_named(names, effect) for effect in row.doing.split()],
            )
    return machine


def _named(names: Mapping[str, Any], name: str) -> Callable[[Draft], Any]:
    """The guard or effect a table names; called with the draft, which is the machine's model."""
    found = names.get(name)
    if not callable(found):
        raise Broken(f"the table of {names['__name__']} names {name!r}, which is not there")
    return cast("Callable[[Draft], Any]", found)
