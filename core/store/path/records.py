"""Records that a turn leaves for staff and other workers: tickets, survey answers, errands, holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import orjson

from core.store.db import Tx
from core.store.files import own
from core.store.promises import holds
from core.turn import (
    ErrandWanted,
    FileSaid,
    HoldKept,
    HoldReleased,
    OptOutSet,
    Record,
    SaidAgain,
    SurveyAnswer,
    SurveyFinished,
    TicketAdded,
    TicketChanged,
    TicketOpened,
    Turn,
)


def insert(tx: Tx, turns: Sequence[Turn]) -> None:
    """Everything these turns recorded."""
    for kind, write in WRITERS.items():
        found = [(turn, record) for turn in turns for record in turn.records if isinstance(record, kind)]
        if found:
            write(tx, found)


Found = Sequence[tuple[Turn, Any]]


def _open_tickets(tx: Tx, found: Found) -> None:
    tx.run(
        "records.open_tickets",
        number=[r.number for _, r in found],
        desk_id=[t.before.desk.id for t, _ in found],
        conversation_id=[t.conversation_id for t, _ in found],
        event_id=[t.event.id for t, _ in found],
        kind=[r.kind for _, r in found],
        summary=[r.summary for _, r in found],
        content=[orjson.dumps(r.content).decode() for _, r in found],
        priority=[r.priority for _, r in found],
    )


def _change_tickets(tx: Tx, found: Found) -> None:
    tx.run(
        "records.change_tickets",
        conversation_id=[t.conversation_id for t, _ in found],
        event_id=[t.event.id for t, _ in found],
        number=[r.number for _, r in found],
        what=[r.what for _, r in found],
        before=[r.before for _, r in found],
        after=[r.after for _, r in found],
        by=[r.by for _, r in found],
        note=[r.note for _, r in found],
    )


def _add_to_tickets(tx: Tx, found: Found) -> None:
    tx.run(
        "records.add_to_tickets",
        conversation_id=[t.conversation_id for t, _ in found],
        number=[r.number for _, r in found],
        text=[r.text for _, r in found],
    )


def _answer_surveys(tx: Tx, found: Found) -> None:
    tx.run(
        "records.answer_surveys",
        ticket=[r.ticket for _, r in found],
        question=[r.question for _, r in found],
        rating=[r.rating for _, r in found],
    )


def _finish_surveys(tx: Tx, found: Found) -> None:
    last = {r.ticket: r for _, r in found}
    tx.run(
        "records.finish_surveys",
        ticket=list(last),
        status=[r.status for r in last.values()],
        comment=[r.comment for r in last.values()],
    )


def _want_errands(tx: Tx, found: Found) -> None:
    """Each key once, in the order in which workers lock them, too."""
    once = {(t.conversation_id, r.service, r.key): (t, r) for t, r in found}
    wanted = [once[name] for name in sorted(once)]
    tx.run(
        "records.want_errands",
        conversation_id=[t.conversation_id for t, _ in wanted],
        event_id=[t.event.id for t, _ in wanted],
        service=[r.service for _, r in wanted],
        what=[r.what for _, r in wanted],
        key=[r.key for _, r in wanted],
        content=[orjson.dumps(r.content).decode() for _, r in wanted],
        within_s=[r.within_s for _, r in wanted],
    )


def _keep_holds(tx: Tx, found: Found) -> None:
    for turn, record in found:
        act: holds.Keeping = "looked_at" if record.looked_at else "kept"
        holds.keep(
            tx, turn.before.desk.id, record.key, for_s=record.for_s, act=act, conversation_id=turn.conversation_id
        )


def _release_holds(tx: Tx, found: Found) -> None:
    for turn, record in found:
        holds.release(tx, turn.before.desk.id, record.key, conversation_id=turn.conversation_id)


def _give_up(tx: Tx, found: Found) -> None:
    tx.run("records.give_up", id=[r.outbound for _, r in found])


def _keep_files(tx: Tx, found: Found) -> None:
    own.keep(tx, [(t.conversation_id, r.file) for t, r in found])


def _set_opt_outs(tx: Tx, found: Found) -> None:
    tx.run(
        "records.set_opt_outs",
        conversation_id=[t.conversation_id for t, _ in found],
        event_id=[t.event.id for t, _ in found],
        out=[r.out for _, r in found],
    )


WRITERS: dict[type[Record], Callable[[Tx, Found], None]] = {
    TicketOpened: _open_tickets,
    TicketChanged: _change_tickets,
    TicketAdded: _add_to_tickets,
    SurveyAnswer: _answer_surveys,
    SurveyFinished: _finish_surveys,
    ErrandWanted: _want_errands,
    HoldKept: _keep_holds,
    HoldReleased: _release_holds,
    SaidAgain: _give_up,
    FileSaid: _keep_files,
    OptOutSet: _set_opt_outs,
}
