"""While a new version is deployed, workers of the last release go on with photos, through the view of errands."""

from __future__ import annotations

from typing import Any

from tests.migrations import released, rows

LEASE = {"token": 7, "lease_s": 60}


def test_the_last_release_wants_leases_and_finishes_photos_through_the_view(db_url: str) -> None:
    _, statements = released.kept()
    with rows.connect(db_url) as connection:

        def run(name: str, **values: Any) -> Any:
            done = connection.execute(statements[name].encode(), values)
            return done.fetchall() if done.description else done.rowcount

        rows.sow(connection, 1)
        connection.execute("delete from errands")
        known = connection.execute("select id from conversations").fetchall()
        wanted = {"conversation_id": [known[0]["id"]], "event_id": [77], "media_id": ["m"], "purpose": ["code"]}
        for _ in range(2):
            run("records.want_media", kind=["image"], **wanted)
        [errand] = connection.execute("select service, what, key from errands").fetchall()
        assert (errand["service"], errand["what"], errand["key"]) == ("photo", "code", "event:77")
        [job] = run("media.claim", size=5, **LEASE)
        assert (job["kind"], job["media_id"], job["purpose"], job["attempts"]) == ("image", "m", "code", 1)
        assert run("media.put_off", id=job["id"], token=7, wait_s=0, error="later") == 1
        assert [again["attempts"] for again in run("media.claim", size=5, **LEASE)] == [2]
        assert run("media.renew", id=[job["id"]], **LEASE) == 1
        assert run("media.finish", id=job["id"], token=7, error=None) == 1
        [errand] = connection.execute("select state, lease_token from errands").fetchall()
        assert errand == {"state": "done", "lease_token": None}
