"""Which regular expressions may go back over what they read.

A pattern is an automaton. It takes more than linear time when some piece of text, repeated, can be read in two ways:
by two repeats beside each other (`\\W*a?\\W*`), by one inside another (`(?:\\w+)*`), or by the search itself, which tries
every start anew (`\\[[^\\]]+\\]` over a text of `[`). What is possessive or atomic does not go back, and what cannot fail
any more has no reason to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from re import _compiler, _constants, _parser
from typing import Any, Final

MANY: Final = 32
"""A repeat that may go on longer than this is one without end."""
SAMPLES: Final = "".join(map(chr, range(0x180))) + "ıſК·٠१１ａ中한кñ\u0301\u200b\u2003\u2028\ufb2d\U0001d160👍⭐’–"
WORD: Final = sum(1 << at for at, char in enumerate(SAMPLES) if re.match(r"\w", char))
ALL: Final = (1 << len(SAMPLES)) - 1
START: Final = 0
"""The place before a match begins; a search stays here for as long as it likes."""

Conditions = frozenset[tuple[int, int]]
"""What the character before and the one after may be; all of them hold at once."""
Edges = dict[int, Conditions]
FREE: Final[Conditions] = frozenset()


@dataclass(slots=True)
class Part:
    """A piece of a pattern: where it may begin and end, and whether it may be left out."""

    first: Edges = field(default_factory=dict)
    last: Edges = field(default_factory=dict)
    empty: Conditions | None = FREE
    """None: it reads something. Otherwise under which conditions it reads nothing."""


@dataclass(slots=True)
class Automaton:
    """Every place of a pattern that reads a character, and what may come after it."""

    flags: int
    reads: list[int] = field(default_factory=lambda: [ALL])
    after: list[Edges] = field(default_factory=lambda: [{}])
    inside: list[frozenset[int]] = field(default_factory=lambda: [frozenset()])
    """The atomic groups around each place."""
    ends: frozenset[int] = frozenset()
    """Where a match may end at once."""
    nested: list[int] = field(default_factory=list)
    _groups: int = 0

    @classmethod
    def of(cls, pattern: str, flags: int, *, searched: bool) -> Automaton:
        tree = _parser.parse(pattern, flags)
        made = cls(tree.state.flags)
        whole = made._sequence(tree, frozenset())
        made.ends = frozenset(place for place, conditions in whole.last.items() if not conditions)
        made.after[START] = dict(whole.first)
        if searched:
            made.after[START][START] = FREE
        return made

    def _sequence(self, items: Any, inside: frozenset[int]) -> Part:
        whole = Part()
        for item in items:
            whole = self._join(whole, self._part(item, inside))
        return whole

    def _part(self, item: tuple[Any, Any], inside: frozenset[int]) -> Part:
        op, told = item
        match op:
            case _constants.SUBPATTERN:
                return self._sequence(told[3], inside)
            case _constants.ATOMIC_GROUP:
                return self._sequence(told, self._group(inside))
            case _constants.BRANCH:
                return self._either([self._sequence(way, inside) for way in told[1]])
            case _constants.MAX_REPEAT | _constants.MIN_REPEAT:
                return self._repeat(*told, inside)
            case _constants.POSSESSIVE_REPEAT:
                return self._repeat(*told, self._group(inside))
            case _constants.ASSERT | _constants.ASSERT_NOT:
                return self._look(op is _constants.ASSERT, *told, inside)
            case _constants.AT:
                return Part(empty=self._edge(told))
            case _constants.GROUPREF_EXISTS:
                return self._either([self._sequence(way or (), inside) for way in told[1:]])
        return self._reading(ALL if op is _constants.GROUPREF else _mask(item, self.flags), inside)

    def _reading(self, mask: int, inside: frozenset[int]) -> Part:
        self.reads.append(mask)
        self.after.append({})
        self.inside.append(inside)
        place = len(self.reads) - 1
        return Part({place: FREE}, {place: FREE}, None)

    def _group(self, inside: frozenset[int]) -> frozenset[int]:
        self._groups += 1
        return inside | {self._groups}

    def _join(self, one: Part, other: Part) -> Part:
        for place, then in one.last.items():
            for next_place, conditions in other.first.items():
                self._lead(place, next_place, then | conditions)
        return Part(
            one.first | ({p: c | one.empty for p, c in other.first.items()} if one.empty is not None else {}),
            other.last | ({p: c | other.empty for p, c in one.last.items()} if other.empty is not None else {}),
            None if one.empty is None or other.empty is None else one.empty | other.empty,
        )

    def _lead(self, place: int, next_place: int, conditions: Conditions) -> None:
        """One may follow the other; where two ways lead there, the freer counts."""
        known = self.after[place].get(next_place)
        self.after[place][next_place] = conditions if known is None else known & conditions

    def _either(self, ways: list[Part]) -> Part:
        empty = [way.empty for way in ways if way.empty is not None]
        whole = Part(empty=frozenset.intersection(*empty) if empty else None)
        for way in ways:
            whole.first |= way.first
            whole.last |= way.last
        return whole

    def _repeat(self, least: int, most: int, items: Any, inside: frozenset[int]) -> Part:
        part = self._sequence(items, inside)
        if most > MANY:
            for place, then in part.last.items():
                for next_place, conditions in part.first.items():
                    if next_place in self.after[place] and self.inside[place] == inside:
                        self.nested.append(place)
                    self._lead(place, next_place, then | conditions)
        if least == 0:
            part.empty = FREE
        return part

    def _look(self, wanted: bool, direction: int, items: Any, inside: frozenset[int]) -> Part:
        """A look ahead reads and leads nowhere; a look at one character behind is a condition."""
        if direction > 0:
            seen = self._sequence(items, self._group(inside))
            return Part(first=seen.first, empty=frozenset({(ALL, ALL)}))
        mask = _mask(items[0], self.flags) if len(items) == 1 and items[0][0] in _SINGLE else None
        if mask is None:
            return Part(empty=frozenset({(ALL, ALL)}))
        return Part(empty=frozenset({(mask if wanted else ALL & ~mask, ALL)}))

    def _edge(self, code: Any) -> Conditions:
        if code is _constants.AT_BOUNDARY:
            return frozenset({(WORD, -1)})
        if code is _constants.AT_BEGINNING and self.flags & re.MULTILINE:
            return frozenset({(1 << SAMPLES.index("\n"), ALL)})
        if code in (_constants.AT_BEGINNING, _constants.AT_BEGINNING_STRING):
            return frozenset({(0, ALL)})
        return frozenset({(ALL, ALL)})

    # --- what can be read in two ways ---

    def troubles(self) -> Iterator[str]:
        for place in sorted(set(self.nested)):
            yield f"a repeat of {_shown(self.reads[place])} stands inside another"
        reached = [self._reached(place) for place in range(len(self.reads))]
        loops = [place for place in range(1, len(self.reads)) if place in reached[place]]
        for place in loops:
            if START in self.after[START] and self._two_ways(START, place, reached, avoiding=self.ends):
                yield f"{_shown(self.reads[place])} is read again from every start"
            for before in loops:
                if self._goes_back(before, place, reached):
                    yield f"{_shown(self.reads[before] & self.reads[place])} can be read by two repeats"

    def _goes_back(self, one: int, other: int, reached: list[frozenset[int]]) -> bool:
        """Both may read the same, and nothing keeps the first from giving it to the second."""
        kept = self.inside[one] - self.inside[other]
        return one != other and other in reached[one] and not kept and self._two_ways(one, other, reached)

    def _reached(self, place: int) -> frozenset[int]:
        seen: set[int] = set()
        ahead = list(self.after[place])
        while ahead:
            if (one := ahead.pop()) not in seen:
                seen.add(one)
                ahead += self.after[one]
        return frozenset(seen)

    def _two_ways(
        self, one: int, other: int, reached: list[frozenset[int]], avoiding: frozenset[int] = frozenset()
    ) -> bool:
        """A text leads from `one` back to itself, from `one` to `other`, and from `other` back to itself.

        The last of these does not pass `avoiding`: where a match may end, nothing read so far can fail any more.
        """
        goal, seen = (one, other, other), set()
        ahead = [(one, one, other)]
        while ahead:
            at = ahead.pop()
            for then in self._steps(at):
                if then[2] in avoiding:
                    continue
                if then == goal:
                    return True
                if then not in seen and one in reached[then[0]] and other in reached[then[1]] & reached[then[2]]:
                    seen.add(then)
                    ahead.append(then)
        return False

    def _steps(self, at: tuple[int, int, int]) -> Iterator[tuple[int, int, int]]:
        before = self.reads[at[0]] & self.reads[at[1]] & self.reads[at[2]]
        for a, first in self.after[at[0]].items():
            for b, second in self.after[at[1]].items():
                both = self.reads[a] & self.reads[b]
                for c, third in self.after[at[2]].items() if both else ():
                    if _allowed(before, both & self.reads[c], first | second | third):
                        yield a, b, c


_SINGLE: Final = (_constants.LITERAL, _constants.NOT_LITERAL, _constants.ANY, _constants.IN)


def _allowed(before: int, after: int, conditions: Conditions) -> bool:
    boundary = any(behind == WORD and ahead == -1 for behind, ahead in conditions)
    for behind, ahead in conditions:
        if ahead != -1:
            before, after = before & behind, after & ahead
    if boundary:
        return bool((before & WORD and after & ~WORD) or (before & ~WORD and after & WORD))
    return bool(before and after)


def _mask(item: tuple[Any, Any], flags: int) -> int:
    return _cached_mask(repr(item), flags, _Item(item))


class _Item:
    """Told apart by the text beside it, so that it may be kept in a cache."""

    def __init__(self, item: tuple[Any, Any]):
        self.item = item

    def __eq__(self, _: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0


@cache
def _cached_mask(_: str, flags: int, item: _Item) -> int:
    """Which of the samples this one place of a pattern reads."""
    state = _parser.State()
    state.flags = flags
    one = _compiler.compile(_parser.SubPattern(state, [item.item]), flags)
    return sum(1 << at for at, char in enumerate(SAMPLES) if one.fullmatch(char))


def _shown(mask: int) -> str:
    chars = [char for at, char in enumerate(SAMPLES) if mask >> at & 1]
    return repr("".join(sorted(chars, key=lambda c: (not c.isalnum() or ord(c) > 127, c))[:6]))


def troubles(pattern: str, flags: int = 0, *, searched: bool = True) -> list[str]:
    """Why the pattern may take more than linear time; nothing when it does not."""
    return sorted(set(Automaton.of(pattern, flags, searched=searched).troubles()))
