"""A flow drawn as a Mermaid state diagram: the table itself, so the picture cannot be old."""

from __future__ import annotations

from collections.abc import Iterator

from bot.script.flow import LEAVE, Flow, Row


def mermaid(flow: Flow) -> str:
    """The diagram, one line an arrow; arrows between the same two states share one."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for row in flow.rows:
        for state in row.states.split():
            labels = arrows.setdefault((state, row.to), [])
            labels += [label for label in [_label(row)] if label not in labels]
    return (
        "\n".join(
            [
                "stateDiagram-v2",
                f"    [*] --> {flow.begins}",
                *_exits(flow),
                *(f"    {state} --> {_node(to)} : {' / '.join(labels)}" for (state, to), labels in arrows.items()),
                *(f"    {state.name} --> [*]" for state in flow.states.values() if state.final),
            ]
        )
        + "\n"
    )


def _label(row: Row) -> str:
    trigger = row.on.replace(" ", ", ")
    return f"{trigger} [{row.when.replace('_', ' ')}]" if row.when else trigger


def _exits(flow: Flow) -> Iterator[str]:
    for to in sorted({row.to for row in flow.rows if row.to.startswith(LEAVE)}):
        yield f'    state "to {to.removeprefix(LEAVE)}" as {_node(to)}'


def _node(to: str) -> str:
    return f"to_{to.removeprefix(LEAVE)}" if to.startswith(LEAVE) else to
