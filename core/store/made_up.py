"""A made-up past for a business of the demo, from a script of a few statements over whole sets; for looking at boards."""

from __future__ import annotations

from datetime import datetime

import psycopg

USED = "select 1 from conversations v join channels ch on ch.id = v.channel_id where ch.desk_id = %s limit 1"


class InUse(RuntimeError):
    """Somebody has written to this business: made-up people do not go among them."""


def play(url: str, script: str, desk_id: str, *, days: int, until: datetime, seed: int = 1) -> None:
    """Run the script for a business, all of it or nothing; the same for the same seed."""
    values = {"desk": desk_id, "days": days, "until": until, "seed": seed}
    with psycopg.connect(url, cursor_factory=psycopg.ClientCursor) as connection:
        if connection.execute(USED, (desk_id,)).fetchone():
            raise InUse(f"{desk_id} has conversations already")
        connection.execute("set local statement_timeout = 0")
        for statement in script.split(";\n"):
            if statement.strip():
                connection.execute(statement.encode(), values)
