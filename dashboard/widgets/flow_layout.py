"""Layout of a flow's states in layers, from its start down to its ends.

Arrows that lead back are taken out first; what is left has a longest way from the beginning to each state, and its
length is the state's layer. An arrow over several layers bends around what lies between. Other flows that it leaves
to, and ends to which many arrows lead, or none, are drawn apart, without arrows: thirty lines to “expired” would tell
nothing.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

from core.diagrams import Diagram

WIDTH, HEIGHT = 164, 46
GAP_X, GAP_Y = 26, 36
MARGIN = 14
LANE, ROUND = 9, 7
"""How far apart arrows that lead back go up, and how round their corners are."""
CROWD = 4
"""From so many arrows on, an end is drawn apart."""
ROUNDS = 6
APART_IN_ROW = 2

Edge = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Placed:
    """The upper left corner of each state, and the way of each arrow, as an SVG path."""

    width: int
    height: int
    nodes: Mapping[str, tuple[float, float]]
    apart: frozenset[str]
    ways: Mapping[Edge, str]
    back: frozenset[Edge]


def place(diagram: Diagram) -> Placed:
    names = [*diagram.states, *diagram.exits]
    edges = [(a.from_state, a.to_state) for a in diagram.arrows if a.from_state != a.to_state]
    apart = {*diagram.exits, *_crowded(diagram, edges)}
    near = [name for name in names if name not in apart]
    edges = [edge for edge in edges if edge[0] in near and edge[1] in near]
    back = _back(diagram.begins, near, edges)
    forward = [edge for edge in edges if edge not in back]
    layers, bends = _layers(near, forward)
    _order(layers, forward, bends)
    corners, width = _corners(layers)
    bottom = len(layers) * (HEIGHT + GAP_Y) + MARGIN
    width, height = _put_apart(corners, sorted(apart, key=names.index), width, bottom)
    ways = {edge: _down(edge, bends[edge], corners) for edge in forward}
    for lane, edge in enumerate(sorted(back, key=lambda edge: (corners[edge[0]][1] - corners[edge[1]][1], edge))):
        ways[edge], reach = _up(edge, corners, lane)
        width = max(width, reach + MARGIN)
    nodes = {name: corners[name] for name in names}
    return Placed(int(width), int(height), nodes, frozenset(apart), ways, frozenset(back))


def _crowded(diagram: Diagram, edges: list[Edge]) -> set[str]:
    """The ends to which so many arrows lead, or none."""
    found = set()
    for name in diagram.states:
        comes = sum(edge[1] == name for edge in edges)
        goes = any(edge[0] == name for edge in edges)
        if not goes and name != diagram.begins and (comes == 0 or comes >= CROWD):
            found.add(name)
    return found


def _back(begins: str, names: list[str], edges: list[Edge]) -> set[Edge]:
    """The arrows that lead to where one has come from."""
    back: set[Edge] = set()
    done: set[str] = set()
    open_now: list[str] = []

    def visit(name: str) -> None:
        open_now.append(name)
        for edge in edges:
            if edge[0] == name and edge[1] in open_now:
                back.add(edge)
            elif edge[0] == name and edge[1] not in done:
                visit(edge[1])
        open_now.pop()
        done.add(name)

    for name in [begins, *names]:
        if name not in done:
            visit(name)
    return back


def _layers(names: list[str], forward: list[Edge]) -> tuple[list[list[str]], dict[Edge, list[str]]]:
    """The states by layer, and for each arrow the bends it makes in the layers between."""
    rank = dict.fromkeys(names, 0)
    for _ in names:
        for start, end in forward:
            rank[end] = max(rank[end], rank[start] + 1)
    layers: list[list[str]] = [[] for _ in range(max(rank.values()) + 1)]
    for name in names:
        layers[rank[name]].append(name)
    bends: dict[Edge, list[str]] = {}
    for start, end in forward:
        bends[start, end] = [f"{start}→{end}#{level}" for level in range(rank[start] + 1, rank[end])]
        for level, bend in zip(range(rank[start] + 1, rank[end]), bends[start, end], strict=True):
            layers[level].append(bend)
    return layers, bends


def _order(layers: list[list[str]], forward: list[Edge], bends: Mapping[Edge, list[str]]) -> None:
    """Put each state near those it is joined with, so that few arrows cross."""
    joined: dict[str, set[str]] = {name: set() for layer in layers for name in layer}
    for edge in forward:
        way = [edge[0], *bends[edge], edge[1]]
        for one, next_one in itertools.pairwise(way):
            joined[one].add(next_one)
            joined[next_one].add(one)
    for turn in range(ROUNDS):
        order = layers[1:] if turn % 2 == 0 else layers[-2::-1]
        for layer in order:
            at = {name: place / max(1, len(known) - 1) for known in layers for place, name in enumerate(known)}
            layer.sort(key=lambda name: _mean([at[other] for other in joined[name] if other not in layer], at[name]))


def _mean(found: list[float], otherwise: float) -> float:
    return sum(found) / len(found) if found else otherwise


def _room(name: str) -> float:
    return GAP_X if "#" in name else WIDTH


def _corners(layers: list[list[str]]) -> tuple[dict[str, tuple[float, float]], float]:
    widths = [sum(_room(name) + GAP_X for name in layer) - GAP_X for layer in layers]
    widest = max(widths)
    corners: dict[str, tuple[float, float]] = {}
    for level, layer in enumerate(layers):
        x = MARGIN + (widest - widths[level]) / 2
        for name in layer:
            corners[name] = (x, MARGIN + level * (HEIGHT + GAP_Y))
            x += _room(name) + GAP_X
    return corners, widest + 2 * MARGIN


def _put_apart(
    corners: dict[str, tuple[float, float]], apart: list[str], width: float, bottom: float
) -> tuple[float, float]:
    for place, name in enumerate(apart):
        row, column = divmod(place, APART_IN_ROW)
        corners[name] = (MARGIN + column * (WIDTH + GAP_X / 2), bottom + row * (HEIGHT + 12))
    if not apart:
        return width, bottom - GAP_Y + MARGIN
    rows = -(-len(apart) // APART_IN_ROW)
    needed = 2 * MARGIN + min(len(apart), APART_IN_ROW) * (WIDTH + GAP_X / 2)
    return max(width, needed), bottom + rows * (HEIGHT + 12) + MARGIN


def _down(edge: Edge, bends: list[str], corners: Mapping[str, tuple[float, float]]) -> str:
    start, end = corners[edge[0]], corners[edge[1]]
    points = [(start[0] + WIDTH / 2, start[1] + HEIGHT)]
    for bend in bends:
        x, y = corners[bend]
        points += [(x + GAP_X / 2, y), (x + GAP_X / 2, y + HEIGHT)]
    points.append((end[0] + WIDTH / 2, end[1] - 3))
    way = f"M{points[0][0]:.0f} {points[0][1]:.0f}"
    for (x1, y1), (x2, y2) in itertools.pairwise(points):
        middle = (y1 + y2) / 2
        way += f"C{x1:.0f} {middle:.0f} {x2:.0f} {middle:.0f} {x2:.0f} {y2:.0f}"
    return way


def _up(edge: Edge, corners: Mapping[str, tuple[float, float]], lane: int) -> tuple[str, float]:
    """Around the right of all that lies between, each in a lane of its own; and how far out that is.

    Boxes are passed in the gaps between the layers: who has a neighbour to the right leaves below, and is met above.
    """
    start, end = corners[edge[0]], corners[edge[1]]
    out = max(x + _room(name) for name, (x, y) in corners.items() if end[1] <= y <= start[1]) + LANE + LANE * lane
    if _is_last(start, corners):
        points = [(start[0] + WIDTH, start[1] + HEIGHT / 2 + 8)]
    else:
        points = [(start[0] + WIDTH - 30, start[1] + HEIGHT), (start[0] + WIDTH - 30, start[1] + HEIGHT + GAP_Y / 3)]
    points += [(out, points[-1][1])]
    if _is_last(end, corners):
        points += [(out, end[1] + HEIGHT / 2 - 8), (end[0] + WIDTH + 3, end[1] + HEIGHT / 2 - 8)]
    else:
        points += [(out, end[1] - 10), (end[0] + WIDTH - 20, end[1] - 10), (end[0] + WIDTH - 20, end[1] - 3)]
    return _rounded(points), out


def _is_last(corner: tuple[float, float], corners: Mapping[str, tuple[float, float]]) -> bool:
    """No box stands to the right of it."""
    return not any(y == corner[1] and x > corner[0] and "#" not in name for name, (x, y) in corners.items())


def _rounded(points: list[tuple[float, float]]) -> str:
    """Straight from point to point, with round corners."""
    way = "M{:.0f} {:.0f}".format(*points[0])
    for before, (x, y), after in zip(points, points[1:], points[2:], strict=False):
        (x1, y1), (x2, y2) = _near((x, y), before), _near((x, y), after)
        way += f"L{x1:.0f} {y1:.0f}Q{x:.0f} {y:.0f} {x2:.0f} {y2:.0f}"
    return way + "L{:.0f} {:.0f}".format(*points[-1])


def _near(corner: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    """A little before the corner, as one comes from there."""
    length = abs(other[0] - corner[0]) + abs(other[1] - corner[1])
    share = min(ROUND, length / 2) / length if length else 0
    return corner[0] + (other[0] - corner[0]) * share, corner[1] + (other[1] - corner[1]) * share
