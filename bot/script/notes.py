"""Notes: what a session keeps besides its slots, by name and type. JSON values only.

A name that is stored is never renamed: live sessions hold it. Notes of one desk alone are named in its folder.
"""

from __future__ import annotations

from typing import Final

# --- kept as long as the session ---
VISITOR: Final = "visitor"
"""dict: what a desk keeps of a person for the time of a session: the name, the consent …"""
PERSON_WANTED: Final = "person_wanted_at"
"""str, a time: since when the customer waits for a person, until one has answered or the conversation is closed."""
QUIET: Final = "quiet"
"""bool: the person was asked for in so many words, so the form rests until the customer goes on with it."""
CALLBACK: Final = "callback"
"""str: the number that the customer wants to be called at."""
CARD: Final = "card"
"""list of name and number of a contact card that was sent, and may be called."""
REASSURED_AT: Final = "reassured_at"
"""str, a time: when the customer was told last that a person comes."""
STAFF_NAME: Final = "staff_name"
"""str: who of staff served the customer last."""
DANGER: Final = "danger"
"""dict of ticket and time: the danger that was told, until it is over."""
CAUTIONED: Final = "cautioned"
"""bool: the customer was told once to send no secrets."""
SURVEYED_AT: Final = "surveyed_at"
"""str, a time: when the last survey went out."""
LATE_UNTIL: Final = "late_until"
"""str, a time: messages sent before it were apologised for."""
PUT: Final = "put"
"""str, a digest: the question that was put last, which is said shortly when it is put once more."""
PRESSED: Final = "pressed"
"""list of the choice and a time: the last button, so that a double tap counts once."""
SPOKE: Final = "spoke"
"""dict of kind to times: when the customer wrote, for the limits of floods."""
FLOOD_UNTIL: Final = "flood_until"
"""float, a time: until when the bot is silent because of a flood."""
SAME: Final = "same"
"""list of digest, count and time: the sentence that comes again and again."""

HEARD: Final = "heard"
"""dict of slot to value: what was told last, for whoever says that it was told already."""
LAST_CASE: Final = "last_case"
"""dict of number and time: the ticket that was opened last."""

# --- dropped with the case ---
ABOUT_CASE: Final = "about_case"
"""dict of number, what, and what was told: the ticket that a question is about."""
TRAIL: Final = "trail"
"""list of slots, in the order in which they were given."""
PENDING: Final = "pending"
"""str, an intent: what a plain yes to the last turn means, besides the question it asked."""
OFFERED: Final = "offered"
"""list of options: what can be pressed instead of the state's own, since the last question."""
MEANWHILE: Final = "meanwhile"
"""list of slots that were given while their flow was off."""
CASE: Final = "case"
"""dict: what is being looked at: the problem, the steps shown, and all that were tried."""
TICKETS: Final = "tickets"
"""list of number and row: the tickets that were listed, which can be tapped."""
SURVEY: Final = "survey"
"""dict with the ticket that the survey under way is about."""
ANSWERED: Final = "answered"
"""list of topics that are answered once until the case is over: a loss is pitied once."""
OF_A_CASE: Final = frozenset({ANSWERED, TRAIL, SURVEY, MEANWHILE, PENDING, TICKETS, ABOUT_CASE})
"""Notes that belong to what is under way, and are dropped when it ends; those of a desk's own besides."""
