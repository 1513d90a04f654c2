"""Which device a message is about, and what is wrong with it.

Each word that names a device counts for it, and leans towards others; the share of the best within its group says how
sure that is. Words that a symptom used up name no device: “pantalla azul” speaks of no screen.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Final, NamedTuple

from bot import knowledge
from bot.knowledge import GROUPS, GUIDES, SYMPTOMS
from bot.nlu.it_words import STRONG
from bot.nlu.message import Message
from core.reading import Guess

NAMED = 90
"""How sure a device is that was named and is confused with none."""
DOUBTFUL = 59
"""A device that only leads among others of its group is confirmed."""
LEAST_SHARE = 0.33
NETWORK: Final = "router"
STATED = 80
_FAILING: Final = frozenset(
    "no sin nada falla fallan error mal not isn't won't doesn't can't don't lost olvide perdi sospechoso clavado".split()
)


class Named(NamedTuple):
    device: str
    confidence: int


def device(message: Message) -> Guess | None:
    """The device, or the group when its words say no more than that."""
    scores = _scores(message)
    named = _best(scores) if scores else None
    return Guess(named.device, named.confidence, "rules") if named else None


def symptom(message: Message, device_id: str, *, asking_how: bool) -> str:
    """What is wrong: something that is known of this device goes first, and what says little goes last."""
    found = _symptoms(message, asking_how=asking_how)
    if not found:
        return ""
    ranked = sorted(found, key=lambda name: (SYMPTOMS[name].vague, not _fits(name, device_id)))
    return ranked[0]


def topic(message: Message, device_id: str) -> str:
    """The guide that would answer a question of how to do something; "" when there is none about it."""
    named = [name for name in GUIDES if message.has(f"guide:{name}")]
    return knowledge.guide_for(device_id) or (named[0] if named else "")


def brand(message: Message) -> str:
    return next(
        (tag.removeprefix("brand:") for hit in message.hits for tag in hit.tags if tag.startswith("brand:")), ""
    )


def system(message: Message) -> str:
    return next((tag.removeprefix("os:") for hit in message.hits for tag in hit.tags if tag.startswith("os:")), "")


def _fits(name: str, device_id: str) -> bool:
    """Whether the symptom is known of the device that was named, or of the one it implies when none was."""
    place = device_id or SYMPTOMS[name].implies
    return bool(place) and any(knowledge.find(name, member) for member in knowledge.members(place))


def _symptoms(message: Message, *, asking_how: bool) -> list[str]:
    """Every symptom that was told, as they stand. Who asks how to do something names one only by saying it fails."""
    found = []
    for hit in message.hits:
        names = [tag.removeprefix("sym:") for tag in sorted(hit.tags) if tag.startswith("sym:")]
        if names and (not asking_how or _FAILING & set(message.words[hit.first : hit.last])):
            found += names
    return found


def _scores(message: Message) -> dict[str, int]:
    scores: dict[str, int] = defaultdict(int)
    for hit in message.hits:
        for tag in hit.tags:
            if tag.startswith("dev:"):
                name, _, weight = tag.removeprefix("dev:").rpartition(":")
                for member in knowledge.members(name):
                    scores[member] += int(weight)
    return scores


def _best(scores: dict[str, int]) -> Named | None:
    """A part goes before the whole it belongs to: “the keyboard of my laptop”; what has no internet, before the network.

    A mere leaning names nothing.
    """
    lead = max(scores, key=lambda name: (scores[name] >= STRONG, name != NETWORK, _is_part(name), scores[name]))
    if scores[lead] < STRONG:
        return None
    group = knowledge.group_of(lead)
    if not group:
        return Named(lead, NAMED)
    rivals = {name: scores[name] for name in GROUPS[group].members if name in scores}
    best = max(rivals, key=lambda name: rivals[name])
    share = rivals[best] / sum(rivals.values())
    if len(rivals) == 1:
        return Named(best, NAMED)
    if share < LEAST_SHARE or list(rivals.values()).count(rivals[best]) > 1:
        return Named(group, NAMED)
    return Named(best, min(DOUBTFUL, round(share * 100)))


def _is_part(name: str) -> bool:
    group = knowledge.group_of(name)
    return not group or GROUPS[group].part
