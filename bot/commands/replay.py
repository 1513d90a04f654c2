"""`replay`: step recorded conversations through today's code, writing nothing, and print what would differ."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from itertools import groupby

from bot.commands.durations import seconds
from bot.commands.opening import open_database, open_settings
from bot.engine.retrace import Difference, Recorded, retrace
from core.messages import Event
from core.reading import Reading
from core.session import Desk, Session
from core.store.path import rows, steps


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("replay", help="step recorded conversations through today's code")
    parser.add_argument(
        "--since", default="7d", type=seconds, help="conversations that moved in this time: 30m, 12h, 7d"
    )
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    settings = open_settings()
    db = open_database(settings, name="replay")
    with db.transaction() as tx:
        rows = steps.recorded(tx, since_s=chosen.since)
    db.close()
    conversations = taken = 0
    differences: list[Difference] = []
    for conversation in _conversations(rows):
        conversations += 1
        taken += len(conversation)
        differences += retrace(conversation, settings)
    for difference in differences:
        print(difference)
    differ = sum(difference.compared for difference in differences)
    summary = f"{conversations} conversations, {taken} steps, {differ} would differ"
    left = len(differences) - differ
    print(f"{summary}, {left} could not be compared" if left else summary)
    return 1 if differ else 0


def _conversations(found: Iterable[rows.Recorded]) -> Iterator[list[Recorded]]:
    for _, group in groupby(found, key=lambda row: row.conversation_id):
        yield [_recorded(row) for row in group]


def _recorded(row: rows.Recorded) -> Recorded:
    desk = Desk(row.desk_id, row.desk_name, row.desk_language, row.timezone, row.menu, row.settings)
    return Recorded(
        version=row.version,
        at=row.at,
        ended_in=f"{row.to_flow}.{row.to_state}",
        said=[(said["kind"], said["text"]) for said in row.said],
        reading=Reading.from_json(row.reading) if row.reading else Reading(),
        event=_event(row) if row.event_id is not None else None,
        fresh=Session(row.conversation_id, desk, language=desk.language, contact_name=row.contact_name),
    )


def _event(row: rows.Recorded) -> Event:
    assert row.event_id is not None
    return Event(
        external_id=row.external_id,
        kind=row.kind,
        channel_kind=row.channel_kind,
        address=row.address,
        text=row.text,
        content=row.content,
        sent_at=row.sent_at,
        received_at=row.received_at,
        id=row.event_id,
        attempts=max(0, row.attempts - 1),
        error=row.error,
    )
