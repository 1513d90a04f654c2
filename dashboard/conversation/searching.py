"""Rate limit of searches, and the protection of masked numbers against search by digits."""

from __future__ import annotations

from flask import abort

from core.store.chat import limits
from core.store.chat.limits import Window as Most
from core.store.db import Tx
from core.store.staff import audit
from core.store.staff.rows.search import FoundConversation
from core.store.staff.search import FEWEST_DIGITS
from dashboard import masks
from dashboard.guard import current
from dashboard.window import Window

HOUR_S = 3600.0


def count(window: Window) -> None:
    """One more search of this person: letter by letter, a search would tell what is masked."""
    most = Most(window.settings.searches_per_hour, HOUR_S)
    if not limits.take(window.db, f"search:{current().id}", most).took:
        abort(429, f"You searched {most.most} times within an hour. Come again later.")


def digits_of(text: str) -> str:
    return "".join(letter for letter in text if letter.isascii() and letter.isdigit())


def must_be_whole(digits: str) -> bool:
    """Staff without access to phone numbers search by the four visible digits, or by a whole number they know."""
    return len(digits) != FEWEST_DIGITS and not masks.may_reveal()


def note_seen(tx: Tx, digits: str, rows: list[FoundConversation]) -> None:
    """More digits than are shown were asked for, and found: these numbers were seen, as if they had been revealed."""
    if len(digits) > FEWEST_DIGITS:
        for row in rows:
            subject = f"conversation:{row.id}"
            audit.note(tx, who=current().email, did="saw a phone number", subject=subject, why="search", desk=row.desk)
