"""What a process notices about itself."""

from __future__ import annotations

from core import metrics
from core.metrics import Metrics


def test_equal_things_within_a_minute_are_one_entry_with_a_count() -> None:
    book = Metrics()
    for _ in range(3):
        book.note("refused", "BadSignature")
    book.note("refused", "BadBody")
    counts = {}
    for happening in book.take().happenings:  # the minute may have turned meanwhile
        counts[happening.name] = counts.get(happening.name, 0) + happening.count
    assert counts == {"BadSignature": 3, "BadBody": 1}


def test_a_notebook_is_empty_once_it_was_taken() -> None:
    book = Metrics()
    book.note("conflict", conversation_id=7)
    book.signed_for(["1"])
    assert book.take().happenings
    assert book.take() == metrics.Noted()


def test_what_could_not_be_written_is_kept_with_what_came_meanwhile() -> None:
    book = Metrics()
    book.note("conflict", conversation_id=7)
    book.signed_for(["1"])
    noted = book.take()
    book.note("conflict", conversation_id=7)
    book.signed_for(["1", "2"])
    newer = book.take().heard["1"]
    book.put_back(noted)
    assert sum(happening.count for happening in book.take().happenings) == 1
    assert newer >= noted.heard["1"]


def test_an_older_post_never_replaces_a_newer_one() -> None:
    book = Metrics()
    book.signed_for(["1"])
    older = book.take()
    book.signed_for(["1"])
    book.put_back(older)
    assert book.take().heard["1"] > older.heard["1"]


def test_a_flood_of_different_things_takes_no_more_than_the_room_there_is() -> None:
    book = Metrics()
    for number in range(metrics.ROOM + 10):
        book.note("conflict", conversation_id=number)
        book.signed_for([str(number)])
    noted = book.take()
    assert (len(noted.happenings), len(noted.heard)) == (metrics.ROOM, metrics.ROOM)
