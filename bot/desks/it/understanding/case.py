"""Device and symptom in a message.

Each word that names a device counts for it, and leans towards others; the share of the best within its group says how
sure that is. Words that a symptom used up name no device: “pantalla azul” speaks of no screen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from bot.desks.it import knowledge
from bot.desks.it.knowledge import GROUPS, GUIDES, SYMPTOMS
from bot.desks.it.understanding.words import BRANDS, IT, STRONG
from bot.nlu.lexicon import Hit
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


_DENIALS: Final = frozenset("no not don't isn't sin nunca".split())
_NEAR: Final = 3
"""So many words may stand between a denial and what it denies."""
_OF: Final = frozenset({"de", "del", "of", "on"})
_DETERMINERS: Final = frozenset("la el los las mi mis tu su un una este esta ese esa the my a this that".split())


class Named(NamedTuple):
    device: str
    confidence: int


def device(message: Message) -> Guess | None:
    """The device, or the group when its words say no more than that."""
    scores = _scores(message)
    named = _best(scores) if scores else None
    return Guess(named.device, named.confidence, "rules") if named else None


def symptom(message: Message, device_id: str, *, asking_how: bool) -> str:
    """The symptom: one known for this device goes first, and a vague one goes last."""
    found = _symptoms(message, asking_how=asking_how)
    if not found:
        return ""
    ranked = sorted(found, key=lambda name: (SYMPTOMS[name].vague, not _fits(name, device_id)))
    return ranked[0]


def topic(message: Message, device_id: str) -> str:
    """The guide that would answer a question of how to do something; "" when there is none about it. One of no device in
    particular is meant when its words are said: “see my phone on the TV” is no question of how to set a TV up."""
    named = [name for name in GUIDES if message.has(f"guide:{name}")]
    of_no_device = [name for name in named if not GUIDES[name].devices]
    return next(filter(None, (*of_no_device, knowledge.guide_for(device_id), *named)), "")


def brand(message: Message) -> str:
    """The maker, also where its name is a part of what names the device: “tele samsung”."""
    return next((BRANDS[word] for word in message.words if word in BRANDS), "")


def system(message: Message) -> str:
    """The operating system, unless it is denied: “I don't have Windows, it's a Mac”."""
    return next((tag.removeprefix("os:") for hit in message.hits for tag in hit.tags
                 if tag.startswith("os:") and not _DENIALS & {*message.words[max(0, hit.first - _NEAR) : hit.first]}), "")  # fmt: skip


def _fits(name: str, device_id: str) -> bool:
    """Whether the symptom is known of the device that was named, or of the one it implies when none was."""
    place = device_id or SYMPTOMS[name].implies
    return bool(place) and any(knowledge.find(name, member) for member in knowledge.members(place))


def _symptoms(message: Message, *, asking_how: bool) -> list[str]:
    """Every symptom that was told, as they stand. A question of how to do something names one only by saying that it fails.

    When that says little, it is read without whose part a thing is: “la cámara (de la notebook) no anda”.
    """
    found = _symptoms_of(message.hits, message.words, asking_how=asking_how)
    if all(SYMPTOMS[name].vague for name in found):
        words = _without_wholes(message)
        if len(words) < len(message.words):
            found += _symptoms_of(IT.lexicon.scan(words), words, asking_how=asking_how)
    return found


def _symptoms_of(hits: Iterable[Hit], words: Sequence[str], *, asking_how: bool) -> list[str]:
    found = []
    for hit in hits:
        names = [tag.removeprefix("sym:") for tag in sorted(hit.tags) if tag.startswith("sym:")]
        if names and (not asking_how or _FAILING & set(words[hit.first : hit.last])):
            found += names
    return found


def _without_wholes(message: Message) -> list[str]:
    """The words without each “of my notebook”."""
    devices = {at for hit in message.hits if _names_device(hit) for at in range(hit.first, hit.last)}
    words, kept, at = message.words, [], 0
    while at < len(words):
        end = _whole_ends(words, at, devices) if words[at] in _OF else at
        if end == at:
            kept.append(words[at])
        at = max(end, at + 1)
    return kept


def _whole_ends(words: Sequence[str], at: int, devices: set[int]) -> int:
    """The end of “of my notebook”; `at` itself when no device follows."""
    start = at + 1
    while start < len(words) and words[start] in _DETERMINERS:
        start += 1
    end = start
    while end < len(words) and end in devices:
        end += 1
    return end if end > start else at


def _names_device(hit: Hit) -> bool:
    return any(tag.startswith("dev:") for tag in hit.tags)


def _scores(message: Message) -> dict[str, int]:
    """The score that each word adds to a device. A brand counts only when nothing else names one: “mi notebook hp”."""
    scores: dict[str, int] = defaultdict(int)
    naming = [hit for hit in message.hits if _names_device(hit)]
    for hit in [hit for hit in naming if not _is_maker(hit)] or naming:
        for tag in hit.tags:
            if tag.startswith("dev:"):
                name, _, weight = tag.removeprefix("dev:").rpartition(":")
                for member in knowledge.members(name):
                    scores[member] += int(weight)
    return scores


def _is_maker(hit: Hit) -> bool:
    return any(tag.startswith("brand:") for tag in hit.tags)


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
