"""Telemetry: one JSON log line an event, and Prometheus metrics.

A log line carries the correlation id of the event it is about, from the door to the delivery status, and never a
phone number, a wamid or anything a customer wrote. A metric's labels are words from short lists.
"""

from __future__ import annotations

import math
import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST as CONTENT_TYPE
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
    start_http_server,
)

from core import log_lines
from core.kinds import KINDS
from core.log_lines import LEVELS, log, masked, set_level
from core.machine import Disk
from core.metrics import METRICS
from core.sampled import Sampled
from core.settings import Settings
from core.synthetic import is_synthetic
from core.turn import Turn
from core.version import VERSION
from core.wire import whatsapp_codes

__all__ = ["CONTENT_TYPE", "LEVELS", "configure", "exposition", "log", "masked", "set_level"]

MULTIPROCESS = "PROMETHEUS_MULTIPROC_DIR"


def configure(settings: Settings) -> None:
    """Log as the settings say, and count this version among those at work. Call once, at the start of a process."""
    log_lines.configure(settings, _LOST.inc)
    _BUILD.labels(VERSION).set(1)
    _STREAMS_MOST.set(settings.max_sse_clients)
    if settings.whatsapp_token_ends is not None:
        _TOKEN_ENDS.set(datetime.combine(settings.whatsapp_token_ends, time(), UTC).timestamp())


# --- metrics ----------------------------------------------------------------------------------------------------------

if os.environ.get(MULTIPROCESS):
    Path(os.environ[MULTIPROCESS]).mkdir(parents=True, exist_ok=True, mode=0o700)

_BUILD = Gauge("turno_build_info", "1: this version is at work", ["version"], multiprocess_mode="livemax")
_LOST = Counter("turno_log_lost", "Log lines that could not be written to LOG_FILE")
_STREAMS = Gauge("turno_log_streams", "Who follows the log at this moment", multiprocess_mode="livesum")
_STREAMS_MOST = Gauge("turno_log_streams_most", "How many may follow the log at once", multiprocess_mode="livemax")
_EVENTS = Counter("turno_events", "Events at the door", ["kind", "copy"])
_REFUSALS_TOLD = Sampled(10)
_REFUSED = Counter("turno_refused", "POSTs the door refused", ["why"])
_DROPPED = Counter("turno_connections_dropped", "Connections that waited for their client and made room", ["why"])
_STATUSES = Counter("turno_statuses", "Delivery statuses", ["known"])
_TURNS = Counter("turno_turns", "Turns committed", ["origin"])
_STALE = Counter("turno_stale_turns", "Turns taken again because somebody else had written the session")
_OUT_OF_TIME = Counter("turno_readings_out_of_time", "Readings that took too long, and say nothing")
_PUT_OFF = Counter("turno_put_off", "Events put off after a failure", ["kind"])
_BURIED = Counter("turno_buried", "Events given up", ["kind"])
_REPLIES = Counter("turno_replies", "What became of sends", ["outcome"])
_SEND_ERRORS = Counter("turno_send_errors", "Sends that the platform refused, by its code", ["code"])
_LETTERS = Counter("turno_letters", "E-mails that were read, by what they are", ["what"])
_MAILBOXES = Gauge("turno_mailboxes", "Mailboxes that desks answer", ["state"], multiprocess_mode="mostrecent")
_SETTLED = Counter("turno_settled", "Unknown sends whose time was over", ["how"])
_SEND_S = Histogram(
    "turno_send_seconds", "Time of one call of the platform", buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
)
_WAIT_S = Histogram(
    "turno_turn_wait_seconds",
    "From received to turn committed",
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 60, 600),
)
_SERVED_S = Histogram(
    "turno_chat_seconds",
    "Time of one call of the web chat",
    ["call", "status"],
    buckets=(0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10),
)
_LOOKED = Counter("turno_media", "Photos and voice notes looked into", ["kind", "outcome"])
_LOOK_S = Histogram(
    "turno_media_seconds",
    "Time of one try at a photo or voice note",
    ["kind"],
    buckets=(0.25, 0.5, 1, 2, 5, 10, 20, 40),
)
_ERRANDS = Counter("turno_errands", "Errands that services of desks did", ["service", "outcome"])
_ERRAND_S = Histogram(
    "turno_errand_seconds",
    "Time of one try at an errand of a desk's service",
    ["service"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20),
)
_HOLDS = Counter("turno_holds", "Acts with holds: taken, conflict, expired", ["act"])
_HOLD_S = Histogram(
    "turno_hold_wait_seconds",
    "Time that taking a hold took, standing in line included",
    buckets=(0.01, 0.05, 0.25, 1, 5),
)
_FACTS = Counter("turno_slow_facts", "Slow facts that steps were told", ["fact", "how"])
_DESKS = Counter("turno_desk_resolutions", "Desks found for events, where contacts are mapped to desks", ["by"])
_BREAKERS = Counter("turno_breaker_transitions", "Changes of circuit breakers", ["breaker", "to"])
_OPEN = Gauge("turno_breakers_open", "Circuit breakers that are open", ["breaker"], multiprocess_mode="livesum")
_ANSWERED_S = Histogram(
    "turno_door_seconds",
    "Time of an answer to POST /webhook",
    ["status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
_REPLIED_S = Histogram(
    "turno_reply_seconds",
    "From received to the reply accepted by the platform",
    buckets=(0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 30, 60, 300, 3600),
)
_DELIVERED_S = Histogram(
    "turno_delivered_seconds",
    "From decided to delivered, as the platform tells it",
    buckets=(1, 2, 5, 10, 30, 60, 300, 3600, 86_400),
)
_AI = Counter("turno_ai_calls", "Questions to the AI", ["operation", "outcome"])
_AI_S = Histogram(
    "turno_ai_seconds",
    "Time of one question to the AI",
    ["operation"],
    buckets=(0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 20, 40),
)
_AI_TOKENS = Counter("turno_ai_tokens", "Tokens that the AI counted", ["operation", "part"])
_DISK = Gauge(
    "turno_disk_free_ratio", "Part of the disk that is free, by folder", ["folder"], multiprocess_mode="livemin"
)
_INODES = Gauge(
    "turno_inodes_free_ratio", "Part of the inodes that is free, by folder", ["folder"], multiprocess_mode="livemin"
)
_MEMORY = Gauge(
    "turno_memory_bytes", "Resident memory of the processes of one kind", ["process"], multiprocess_mode="livesum"
)
_POSTGRES = {
    figure: Gauge(f"turno_postgres_{figure}", sentence, multiprocess_mode="mostrecent")
    for figure, sentence in {
        "connections": "Connections to the database",
        "connections_most": "Connections that the server allows",
        "size_bytes": "Size of the database",
        "transaction_age": "Age of the oldest unfrozen transaction, in transactions: it must stay below two billion",
        "oldest_transaction_seconds": "Age of the oldest transaction that is open",
        "slow_statements": "Statements that have run for five seconds and more",
        "standbys": "Standbys that follow",
        "replication_lag_seconds": "How far the slowest standby is behind",
        "archiving": "1: the write-ahead log is archived",
        "archive_age_seconds": "Time since the last segment was archived",
        "archive_failures": "Segments that could not be archived, since the statistics began",
    }.items()
}
_DONE_AGO_S = Gauge(
    "turno_operation_age_seconds", "Since an operation last succeeded", ["what"], multiprocess_mode="mostrecent"
)
_DONE_BADLY = Gauge(
    "turno_operation_failed", "1: the last operation of its kind failed", ["what"], multiprocess_mode="mostrecent"
)
_NUMBERS_PAUSED = Gauge("turno_numbers_paused", "Numbers that may not send", multiprocess_mode="mostrecent")
_TOKEN_ENDS = Gauge(
    "turno_token_ends_timestamp_seconds",
    "When the token of WhatsApp ends, where that is known",
    multiprocess_mode="livemax",
)
_SAID_TWICE = Gauge(
    "turno_said_twice", "Replies of the last hour that reached a customer twice", multiprocess_mode="mostrecent"
)
_WAITING = Gauge("turno_waiting", "Rows that wait", ["where"], multiprocess_mode="mostrecent")
_OLDEST_S = Gauge("turno_oldest_seconds", "Age of the oldest row that waits", ["where"], multiprocess_mode="mostrecent")


def _kind(kind: str) -> str:
    return kind if kind in KINDS else "other"


def accepted(events: Iterable[Any], *, moved: int, statuses: int) -> None:
    """These events are in the inbox; `statuses` statuses came, and moved so many sends."""
    for event in events:
        _EVENTS.labels(_kind(event.kind), "first" if event.fresh else "again").inc()
        log.info(
            "event.accepted" if event.fresh else "event.duplicate",
            correlation_id=event.correlation_id,
            kind=event.kind,
            state=event.state,
            retries=event.retries,
        )
    if statuses:
        _STATUSES.labels("yes").inc(moved)
        _STATUSES.labels("no").inc(max(0, statuses - moved))


def signed_for(addresses: Iterable[str]) -> None:
    """The platform brought something signed for these numbers of ours."""
    METRICS.signed_for(addresses)


def refused(why: str) -> None:
    _REFUSED.labels(why).inc()
    METRICS.note("refused", why)
    untold = _REFUSALS_TOLD.take(why)
    if untold is not None:
        log.warning("door.refused", why=why, **({"untold": untold} if untold else {}))


def dropped(connections: int, why: str) -> None:
    """So many connections made room for others: of the same address, or in all."""
    _DROPPED.labels(why).inc(connections)


def served(call: str, status: int, seconds: float) -> None:
    """A call of the web chat was answered."""
    _SERVED_S.labels(call, f"{status // 100}xx").observe(seconds)


def moved_on(sends: Iterable[Any]) -> None:
    """Delivery statuses moved these sends."""
    for send in sends:
        send_error(send.failed_code)
        if send.delivered_s is not None:
            _DELIVERED_S.observe(max(0.0, send.delivered_s))
        log.info("send.status", correlation_id=send.correlation_id, outbound=send.id, state=send.state)


def took_turns(turns: Sequence[Turn], now: Any) -> None:
    for turn in turns:
        if is_synthetic(turn.event.address):
            continue
        _TURNS.labels(turn.event.origin).inc()
        if turn.reading and turn.reading.why == "out_of_time":
            _OUT_OF_TIME.inc()
        if turn.event.received_at is not None:
            _WAIT_S.observe(max(0.0, (now - turn.event.received_at).total_seconds()))
        log.info(
            "turn.taken",
            correlation_id=turn.event.correlation_id,
            conversation=turn.conversation_id,
            version=turn.after.version,
            step=f"{turn.before.flow}.{turn.before.state} → {turn.after.flow}.{turn.after.state}",
            trigger=turn.trigger,
            replies=len(turn.replies),
        )


def stale_turns(conversation_ids: Collection[int]) -> None:
    """Somebody had written these sessions meanwhile: their turns are taken again."""
    _STALE.inc(len(conversation_ids))
    for conversation_id in conversation_ids:
        METRICS.note("conflict", conversation_id=conversation_id)


def put_off(kind: str) -> None:
    _PUT_OFF.labels(_kind(kind)).inc()


def buried(kind: str) -> None:
    _BURIED.labels(_kind(kind)).inc()


def sent(outcome: str, seconds: float | None) -> None:
    _REPLIES.labels(outcome).inc()
    if seconds is not None:
        _SEND_S.observe(seconds)


def letter(what: str) -> None:
    """An e-mail was read: an answerable `letter`, a `bounce`, `too_large`, `unreadable`, or why it is not answered."""
    _LETTERS.labels(what).inc()


def mailboxes(known: int, unreachable: int) -> None:
    _MAILBOXES.labels("reached").set(known - unreachable)
    _MAILBOXES.labels("unreachable").set(unreachable)


def settled(how: str) -> None:
    _SETTLED.labels(how).inc()


def looked(kind: str, outcome: str, seconds: float | None = None) -> None:
    """One try at a photo or voice note is over; without seconds, none was made."""
    _LOOKED.labels(kind, outcome).inc()
    if seconds is not None:
        _LOOK_S.labels(kind).observe(seconds)


def did_errand(service: str, outcome: str, seconds: float | None = None) -> None:
    """One try at an errand is over: done, refused, failed, unknown, or `again`; without seconds, none was made."""
    _ERRANDS.labels(service, outcome).inc()
    if seconds is not None:
        _ERRAND_S.labels(service).observe(seconds)


def hold(act: str, times: int = 1) -> None:
    """A hold was `taken`, others had it (`conflict`), or its time was over (`expired`)."""
    _HOLDS.labels(act).inc(times)


def hold_wait() -> AbstractContextManager[object]:
    """Measures how long a hold takes to take."""
    return _HOLD_S.time()


def fact(kind: str, how: str) -> None:
    """A step was told a slow fact: `answered` by its service, `cached`, `stale` or `reckoned`."""
    _FACTS.labels(kind, how).inc()


def resolved(by: str) -> None:
    """The desk of an event was found by this resolver: dynamic, static, default; or rejected, none."""
    _DESKS.labels(by).inc()


def breaker_changed(name: str, old: str, new: str, why: str) -> None:
    """A circuit breaker moved: logged in detail, and counted by the kind of thing it guards."""
    log.warning("breaker.changed", breaker=name.partition(":")[0], old=old, new=new, why=why)
    _BREAKERS.labels(name.partition(":")[0], new).inc()
    _OPEN.labels(name.partition(":")[0]).inc((new == "open") - (old == "open"))
    METRICS.note("breaker", name, detail={"from": old, "to": new, "why": why})


def answered(status: int, seconds: float) -> None:
    """A POST to the webhook was answered."""
    _ANSWERED_S.labels(str(status)).observe(seconds)


def replied(seconds: float) -> None:
    """The platform accepted a reply, so long after the customer's message was received."""
    _REPLIED_S.observe(seconds)


def asked_ai(operation: str, outcome: str, seconds: float) -> None:
    """A question to the AI is over. `outcome`: `answered`, or why not."""
    word = f"{outcome[:6]}xx" if outcome.startswith("http_") else outcome or "answered"
    _AI.labels(operation, word).inc()
    _AI_S.labels(operation).observe(seconds)


def ai_tokens(operation: str, prompt: int, completion: int) -> None:
    """The AI says how many tokens an answer took."""
    _AI_TOKENS.labels(operation, "prompt").inc(max(0, prompt))
    _AI_TOKENS.labels(operation, "completion").inc(max(0, completion))


def machine(kind: str, memory_bytes: int, disks: Mapping[str, Disk]) -> None:
    """Record the memory of a process of this kind, and the room on the disks under its folders."""
    _MEMORY.labels(kind).set(memory_bytes)
    for folder, disk in disks.items():
        _DISK.labels(folder).set(disk.free)
        _INODES.labels(folder).set(disk.inodes_free)


def postgres(figures: Mapping[str, float]) -> None:
    """The state of the database, as its own views tell it."""
    for figure, value in figures.items():
        _POSTGRES[figure].set(value)


def operations(standing: Iterable[Any]) -> None:
    """Backups, drills and the like: how long ago, and how the last one went."""
    for each in standing:
        _DONE_AGO_S.labels(each.what).set(math.inf if each.age_s is None else each.age_s)
        _DONE_BADLY.labels(each.what).set(each.failed)


def numbers_paused(count: int) -> None:
    """So many numbers of ours may not send: the platform restricted them, or their token ended."""
    _NUMBERS_PAUSED.set(count)


def send_error(code: int | None) -> None:
    """The platform refused a send with this code; unknown codes count as one."""
    if code is not None:
        _SEND_ERRORS.labels(str(code) if code in whatsapp_codes.CODES else "other").inc()


def said_twice(replies: int) -> None:
    """So many replies of the last hour reached a customer twice."""
    _SAID_TWICE.set(replies)


def streams(change: int) -> None:
    """So many more, or fewer, follow the log."""
    _STREAMS.inc(change)


def waiting(inbox: Any, outbox: Any) -> None:
    """The present length of the lines."""
    _WAITING.labels("inbox").set(inbox.waiting)
    _WAITING.labels("outbox").set(outbox.waiting)
    _WAITING.labels("dead_letters").set(inbox.buried)
    _WAITING.labels("unknown").set(outbox.unknown)
    _OLDEST_S.labels("inbox").set(inbox.oldest_s)
    _OLDEST_S.labels("outbox").set(outbox.oldest_s)


def exposition() -> bytes:
    """Every metric of every process that shares our folder, in Prometheus' format."""
    if not os.environ.get(MULTIPROCESS):
        return generate_latest()
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)


def totals() -> dict[str, float]:
    """Counters summed over all processes that share our metrics folder, since the start."""
    found: dict[str, float] = {}
    for line in exposition().decode().splitlines():
        name, _, value = line.rpartition(" ")
        counter = name.partition("{")[0]
        if counter.endswith("_total") and not line.startswith("#"):
            found[counter] = found.get(counter, 0.0) + float(value)
    return found


def prepare_multiprocess(folder: Path) -> None:
    """Let the processes that start from here share their metrics. Call before this module's metrics are used."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for left in folder.glob("*.db"):
        left.unlink(missing_ok=True)
    os.environ[MULTIPROCESS] = str(folder)


def mark_dead(pid: int) -> None:
    multiprocess.mark_process_dead(pid)  # type: ignore[no-untyped-call]


def serve(port: int, bind: str) -> None:
    """Offer this process's metrics on a port of their own."""
    start_http_server(port, bind)
