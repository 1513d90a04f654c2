-- name: put
-- From now on this stands so. A number that nobody answers on cannot be turned off by mistake: nothing is written.
insert into switches (kind, subject, off, reason, by, until)
select %(kind)s, %(subject)s, %(off)s, %(reason)s, %(by)s, now() + %(for_s)s::float * interval '1 second'
where %(kind)s <> 'sending' or exists (select 1 from channels where address = %(subject)s)
on conflict (kind, subject) do update set off = excluded.off, reason = excluded.reason, by = excluded.by, at = now(),
    until = excluded.until

-- name: off
-- Switches that are off now.
select kind, subject, reason from switches where off and coalesce(until > now(), true)

-- name: all
-- Every switch that was ever moved, as it stands now.
select kind, subject, off and coalesce(until > now(), true) as off, reason, by, at, until
from switches order by kind, subject
