"""Names of notes that several rooms of the mind write and read."""

from __future__ import annotations

from typing import Final

VISITOR: Final = "visitor"
"""What a desk keeps of a person for the time of a session: the name, the consent …"""
PERSON_WANTED: Final = "person_wanted_at"
"""Since when the customer waits for a person: until one has answered, or the conversation is closed."""
PENDING: Final = "pending"
"""What a plain yes to the last turn means, besides the question it asked."""
CASE: Final = "case"
"""What is being looked at: the problem, the steps shown, and all that were tried."""
TICKETS: Final = "tickets"
"""The tickets that were listed, with what stands beside each: those that can be tapped."""
OFFERED = "offered"
"""What can be pressed instead of the state's own options, since the last question."""
