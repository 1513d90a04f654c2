"""Emoji that stand alone mean what their words would: 👍 is a yes, 😡 is anger, ❄️ is the button that shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.nlu.rules import ReadText
from core.reading import Expectation, Reading

MEANS: Final[Mapping[str, str]] = {
    **dict.fromkeys("👍👌✅✔☑🆗💯🫡", "sí"),
    **dict.fromkeys("👎🚫", "no"),
    **dict.fromkeys("🙏❤💙💚💛🧡💜🤗😘🥰😍🎉", "gracias"),
    **dict.fromkeys("👋🖐✋", "hola"),
    **dict.fromkeys("😡🤬😠😤👿", "enojadisimo"),
}
"""Words that every desk understands, by emoji."""
BREAKS: Final = frozenset("❌💥⚠🛠🔧🆘😢😭🥵")
"""Beside what a desk looks after, these say that it is broken."""
_UNSEEN: Final = frozenset("\ufe0f\u200d \n\t!.,?¿¡") | {chr(code) for code in range(0x1F3FB, 0x1F400)}
MOST: Final = 12


def spoken(read_text: ReadText, own: Mapping[str, str], broken: str) -> ReadText:
    """The reading of a desk that understands emoji: those of every desk, its own, and that one of those is `broken`."""
    means = {**MEANS, **own}

    def read(text: str, expects: Expectation) -> Reading:
        return read_text(_in_words(text, means, own, broken) or text, expects)

    return read


def _in_words(text: str, means: Mapping[str, str], own: Mapping[str, str], broken: str) -> str:
    """The words of a message that is nothing but emoji; "" of any other."""
    seen = [] if len(text) > 4 * MOST else [character for character in text if character not in _UNSEEN]
    if not seen or any(character not in means and character not in BREAKS for character in seen):
        return ""
    words = list(dict.fromkeys(means[character] for character in seen if character in means))
    if any(character in own for character in seen) and BREAKS.intersection(seen):
        words.append(broken)
    return " ".join(words)
