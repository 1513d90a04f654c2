"""Photos of a device or of its screen: what they show is read like words of the person who sent them."""

from __future__ import annotations

from typing import Final

from bot.nlu import fold
from bot.script.purposes import NO_INSTRUCTION, POOR, TEXT, Answer, Purpose, Question, Shown
from core import pii

LONGEST_PART, LONGEST_DEVICE = 160, 40
_TASK: Final = f"""You look at one photo that a person sent to an IT help desk, of a device or of its screen. \
device: which kind of device it shows, in a word or two; null when none can be told. problem: what can be seen to be \
wrong, in one short plain sentence of at most 15 words in the language "{{language}}", as the person would say it; null \
when nothing is. error: the error code or message on the screen, exactly as written, short; null when there is none; \
never passwords, names, addresses or numbers of people. {NO_INSTRUCTION} legible: whether the photo is good enough to \
tell. confidence is from 0 to 1. Answer with the JSON object only."""


class Screen(Answer):
    """The AI's reading of a device or its screen."""

    device: str | None = None
    problem: str | None = None
    error: str | None = None

    @property
    def words(self) -> str:
        """All of it as a sentence, without personal data; "" when the AI saw nothing."""
        parts = [_short(self.problem, LONGEST_PART), _short(self.error, LONGEST_PART)]
        seen = [part for part in (_short(self.device, LONGEST_DEVICE), *parts) if part]
        return pii.mask(", ".join(seen)) if any(parts) and self.confidence >= POOR else ""

    def shown(self) -> Shown:
        if self.words:
            return Shown(text=self.words)
        return Shown("blurred" if self.poor else "no_text")


def _short(part: str | None, most: int) -> str:
    return " ".join(fold.clean(part or "").split())[:most]


PHOTOS: Final = {
    "screen": Purpose(
        asks=Question("screen", _TASK, Screen, {"device": TEXT, "problem": TEXT, "error": TEXT}), written=True
    )
}
