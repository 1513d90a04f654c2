"""Proofs: what a customer proves something with, such as a receipt, is good for one thing of a desk.

Two who show the same one at once cannot both have it: the database has no room for the second. Only digests are kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from core.errors import Rejected
from core.store.db import Tx
from core.store.promises import rows


def use(tx: Tx, desk_id: str, conversation_id: int, subject: str, proofs: Mapping[str, str]) -> None:
    """Use these for this subject: `{"photo": …, "reference": …}`. The same ones for the same subject may come again.

    Raises Rejected, with `why` and which `kind` of them, when one was used for something else: then none is used, as long as
    the caller's transaction ends with the error.
    """
    digests = {kind: sha256(value.encode()).hexdigest() for kind, value in sorted(proofs.items()) if value}
    found = tx.rows(
        rows.USED_PROOFS,
        desk_id=desk_id,
        conversation_id=conversation_id,
        subject=subject,
        kind=list(digests),
        digest=list(digests.values()),
    )
    others = [row for row in found if (row.conversation_id, row.subject) != (conversation_id, subject)]
    if others:
        own = all(row.conversation_id == conversation_id for row in others)
        raise Rejected("it was used before", told={"why": "used", "kind": others[0].kind, "own": own})
