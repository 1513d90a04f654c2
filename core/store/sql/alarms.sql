-- name: tell
-- Each alarm once. An older notice that comes late does not end, or open again, what began after it.
insert into alarms (fingerprint, name, severity, summary, runbook, started_at, ended_at)
select t.fingerprint, t.name, t.severity, t.summary, t.runbook, t.started_at, t.ended_at
from unnest(
    %(fingerprint)s::text[], %(name)s::text[], %(severity)s::text[], %(summary)s::text[], %(runbook)s::text[],
    %(started_at)s::timestamptz[], %(ended_at)s::timestamptz[]
) as t (fingerprint, name, severity, summary, runbook, started_at, ended_at)
order by t.fingerprint
on conflict (fingerprint) do update set name = excluded.name, severity = excluded.severity, summary = excluded.summary,
    runbook = excluded.runbook, started_at = excluded.started_at, ended_at = excluded.ended_at, told_at = now()
    where excluded.started_at > alarms.started_at
        or excluded.started_at = alarms.started_at and alarms.ended_at is null

-- name: purge
-- Alarms that are over, and those of which nothing was told for so long that nobody will.
delete from alarms where told_at < now() - %(keep_days)s * interval '1 day'
