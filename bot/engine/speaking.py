"""Voice out: a question that was spoken is answered in writing at once, and by a voice note as soon as it is there.

The voice never delays the text, and comes no more once the conversation has gone on.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from bot.script.draft import Draft
from core import pii
from core.messages import Outbound, show
from core.own_files import named
from core.turn import ErrandWanted, Sentence

SERVICE: Final = "speech"
HEARD: Final = "voice_understood"
"""The sentence that repeats what was heard: read, and not spoken."""
LONGEST: Final = 600
"""Characters that are spoken: about 45 seconds. Nobody listens to more, and it is all there to read."""
WITHIN_S: Final = 12.0
"""A voice note later than that is none."""
UNSPOKEN: Final = frozenset({"So", "Sk", "Cf", "Cs", "Cn"})
"""Categories of Unicode that nobody speaks: emoji and what joins them."""
_MARKS: Final = re.compile(r"[*_~`]|https?://\S+")
_SPACES: Final = re.compile(r"\s+")


def wanted(draft: Draft, said: Sequence[Sentence], question: Outbound | None) -> tuple[ErrandWanted, ...]:
    """The errand that speaks this turn's words; none where nothing was spoken, or nothing may be."""
    if not (_was_spoken(draft) and draft.desk_settings.speaks and draft.ai_on and draft.limits.voice):
        return ()
    lines = [*(sentence.text for sentence in said if sentence.key != HEARD), question.text if question else ""]
    text = spoken("\n".join(lines))
    if not text or pii.mask(text) != text:  # what names a person goes to no service that speaks
        return ()
    content = {"text": text, "version": draft.version}
    return (ErrandWanted(SERVICE, "speak", f"event:{draft.event.id}", content, WITHIN_S),)


def _was_spoken(draft: Draft) -> bool:
    content = draft.event.content
    heard = draft.event.kind == "media_result" and content.get("for") == "audio" and content.get("outcome") == "ok"
    return heard and draft.agent is None


def spoken(text: str) -> str:
    """The text as it is spoken: without emoji, formatting and addresses; "" when it is too long."""
    heard = "".join(letter for letter in text if unicodedata.category(letter) not in UNSPOKEN and letter != "\ufe0f")
    plain = _SPACES.sub(" ", _MARKS.sub("", heard)).strip()
    return plain if len(plain) <= LONGEST else ""


def play(draft: Draft) -> str:
    """The voice note is there: said, unless the conversation has gone on since."""
    result = draft.result
    if draft.event.content.get("outcome") != "done" or result.get("version") != draft.before.version:
        draft.note = "no voice note"
        return SERVICE
    draft.speak(show("audio", named(str(result["file"]))))
    return SERVICE
