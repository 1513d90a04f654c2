"""The timeline of an AI outage, second by second, and what changed the breaker."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from bench.outage_told import Reply, Timeline


def lines(story: Timeline) -> Iterator[str]:
    yield f"{'s':>3}  {'the AI':<11}{'breaker':<11}{'replies':>7}{'p50 ms':>8}{'p95 ms':>8}  answered by"
    ended = story.phases[-1].ended_at
    for second in range(round(ended - story.began_at)):
        yield _second(story, second)
    yield ""
    yield f"{'s':>5}  breaker"
    for change in story.changes:
        yield f"{change.at - story.began_at:>5.1f}  {change.before} → {change.after}: {change.why}"
    yield ""
    slowest = max(reply.latency_s for reply in story.replies)
    yield f"{len(story.replies)} replies, {story.unanswered} unanswered, the slowest after {slowest:.2f} s"


def _second(story: Timeline, second: int) -> str:
    at = story.began_at + second
    mode = next(phase.mode for phase in story.phases if at + 0.5 < phase.ended_at)
    replies = [reply for reply in story.replies if at <= reply.said_at < at + 1]
    head = f"{second:>3}  {mode:<11}{story.state(at + 1):<11}{len(replies):>7}"
    if not replies:
        return head
    return f"{head}{_ms(replies, 0.5):>8.0f}{_ms(replies, 0.95):>8.0f}  {_reasons(replies)}"


def _ms(replies: Sequence[Reply], share: float) -> float:
    ordered = sorted(reply.latency_s for reply in replies)
    return 1000 * ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _reasons(replies: Sequence[Reply]) -> str:
    counted = Counter(f"rules: {reply.why}" if reply.why else reply.source for reply in replies)
    return ", ".join(f"{reason} {count}" for reason, count in counted.most_common())
