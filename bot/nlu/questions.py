"""Questions beside what is said: “4045101, ¿cuánto tardan?” is a code and a question, and both are heard.

The desk reads what is left of a message without its questions; what was asked stands in the guess `question`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from bot.nlu.fold import Token, clean, plain, short, tokens, words_in
from bot.nlu.lexicon import Hit, Lexicon
from bot.nlu.message import MOST_WORDS
from bot.nlu.rules import SURE, ReadText
from bot.script.faq import Faq, Topic
from core.reading import Expectation, Guess, Reading

GUESS: Final = "question"
SURELY: Final = 90
MOST_ASKED: Final = 3
"""More questions than this in one message are not answered all at once."""
OWNED: Final = frozenset({"consult_tickets", "stop", "start", "step_help"})
"""What the desk understands goes before a question, where it is one of these."""
UNASKED: Final = frozenset({"comment"})
"""Slots in which a question is a part of the answer."""
HINTED: Final = 60
"""A value no surer than this was only hinted at, and makes no question less of one."""
FEW_WORDS: Final = 4
"""So many words besides the question still belong to it."""
FEWEST_DIGITS: Final = 4
_BREAKS: Final = frozenset(",.;:!?¿¡\n()")
_JOINS: Final = frozenset("y and pero but porque ademas e".split())
_LIGHT: Final = frozenset(
    "el la los las un una unos unas de del al a en con que me te le les se lo mi su tu y e o por para ya pues pos oye oiga ey "
    "disculpe disculpa perdon hola buenas buenos dias tardes noches gracias favor porfa porfavor señor senor senora señora joven "
    "senorita amigo amiga jefe es esta como aqui ahi hoy entonces quiero quisiera saber pregunta pregunto una duda tengo the of "
    "is to and please hi hello hey thanks thank you i want know just so well also che bueno ok okay si mas o menos ahora".split()
)


FEWEST_ASKING: Final = 3
FIRST_WORDS: Final = frozenset(
    "cuanto cuanta cuantos cuantas cuando donde adonde quien quienes por que cual cuales como puedo pueden puedes podria podrian "
    "tienen venden hacen atienden aceptan how what when where who why which can could do does is are".split()
)
"""First words of a question."""
OPENINGS: Final = frozenset(
    "y pero oye oiga disculpe disculpa perdon hola buenas una pregunta and but hi hello so".split()
)


def asks(text: str) -> bool:
    """Whether it reads like a question: a question mark, or a word that begins one, and enough words to be one."""
    words = words_in(plain(text))
    while words and words[0] in OPENINGS:
        words = words[1:]
    return (
        len(words) >= FEWEST_ASKING and ("?" in text or words[0] in FIRST_WORDS) and not any(w.isdigit() for w in words)
    )


def asking(read_text: ReadText, faq: Faq) -> ReadText:
    """The reading of a desk that answers questions."""
    lexicon = Lexicon((topic.name, pattern) for topic in faq.topics.values() for pattern in topic.asked)

    def read(text: str, expects: Expectation) -> Reading:
        visible = clean(text)
        parts = tokens(plain(visible), MOST_WORDS)
        hits = lexicon.scan(short(" ".join(part.word for part in parts)).split())
        if not hits or expects.kind == "rating" or expects.slot in UNASKED:
            return read_text(text, expects)
        whole = read_text(text, expects)
        told = {name for name, guess in whole.guesses.items() if guess.confidence > HINTED}
        asked = [topic for topic in _topics(hits, faq) if not told & {*topic.unless}]
        if not asked or whole.intent in OWNED:
            return whole
        rest = "" if any(topic.takes == "all" for topic in asked) else _rest(visible, parts, hits, faq)
        return _with(read_text(rest, expects) if rest else Reading("", SURE, why="question"), asked)

    return read


def _with(reading: Reading, asked: Sequence[Topic]) -> Reading:
    names = " ".join(topic.name for topic in asked[:MOST_ASKED])
    return replace(reading, guesses={**reading.guesses, GUESS: Guess(names, SURELY, "rules")})


def _topics(hits: Sequence[Hit], faq: Faq) -> list[Topic]:
    """The topics of the questions, in the order in which they are asked."""
    names = dict.fromkeys(name for hit in hits for name in sorted(hit.tags))
    return [faq.topics[name] for name in names]


def _rest(text: str, parts: Sequence[Token], hits: Sequence[Hit], faq: Faq) -> str:
    """The message without its questions; "" when nothing of weight is left."""
    asking = _places(hits, faq, "clause")
    gone = asking | _places(hits, faq, "words")
    kept: list[int] = []
    for clause in _clauses(text, parts):
        left = [at for at in clause if at not in gone]
        if asking.intersection(clause) and _weight(parts, left) <= FEW_WORDS:
            left = [at for at in left if _is_code(parts[at].word)]
        elif len(left) < len(clause) and not _weight(parts, left):
            left = []
        kept += left
    return ", ".join(_written(text, parts, run) for run in _runs(kept)) if _weight(parts, kept) else ""


def _weight(parts: Sequence[Token], places: Sequence[int]) -> int:
    """How many of these words say something."""
    return sum(parts[at].word not in _LIGHT for at in places)


def _places(hits: Sequence[Hit], faq: Faq, takes: str) -> set[int]:
    """The places of the words of the questions that take so much of the message."""
    found = [hit for hit in hits if any(faq.topics[name].takes == takes for name in hit.tags)]
    return {at for hit in found for at in range(hit.first, hit.last)}


def _clauses(text: str, parts: Sequence[Token]) -> Iterator[list[int]]:
    """The places of the words of each part of a sentence."""
    clause: list[int] = []
    for at, part in enumerate(parts):
        gap = text[parts[at - 1].end : part.start] if at else ""
        if clause and (_BREAKS.intersection(gap) or part.word in _JOINS):
            yield clause
            clause = []
        clause.append(at)
    if clause:
        yield clause


def _runs(places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Places that stand beside each other, from the first to behind the last."""
    start = -1
    for before, at in zip([-2, *places], places, strict=False):
        if at != before + 1:
            if start >= 0:
                yield start, before + 1
            start = at
    if places:
        yield start, places[-1] + 1


def _written(text: str, parts: Sequence[Token], run: tuple[int, int]) -> str:
    return text[parts[run[0]].start : parts[run[1] - 1].end]


def _is_code(word: str) -> bool:
    return word.isdigit() and len(word) >= FEWEST_DIGITS
