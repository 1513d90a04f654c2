-- name: beat
-- This process lives, and so stand its breakers.
insert into heartbeats (process, kind, host, pid, jobs, version, breakers)
values (%(process)s, %(kind)s, %(host)s, %(pid)s, %(jobs)s::text[], %(version)s, %(breakers)s::jsonb)
on conflict (process) do update set breakers = excluded.breakers, at = now()

-- name: note
-- Counts of the process since its last heartbeat.
insert into happenings (at, kind, name, conversation_id, count, detail)
select * from unnest(
    %(at)s::timestamptz[], %(kind)s::text[], %(name)s::text[], %(conversation_id)s::bigint[], %(count)s::int[],
    %(detail)s::jsonb[]
)

-- name: hear
-- The platform brought something signed for these numbers. In the order of their ids, so that two processes
-- cannot wait for each other.
insert into last_posts (channel_id, at)
select ch.id, max(t.at)
from unnest(%(address)s::text[], %(at)s::timestamptz[]) as t (address, at)
join channels ch on ch.kind = 'whatsapp' and ch.address = t.address
group by ch.id order by ch.id
on conflict (channel_id) do update set at = greatest(last_posts.at, excluded.at)

-- name: leave
-- This process ended in order: its heartbeat is removed.
delete from heartbeats where process = %(process)s

-- name: forget
-- Processes that were killed are shown for a day.
delete from heartbeats where at < now() - interval '1 day'

-- name: purge
-- One small batch of what retention no longer keeps.
delete from happenings where id in (
    select id from happenings where at < now() - %(keep_days)s * interval '1 day' order by id limit %(size)s
)

-- name: log_level
select level from log_level

-- name: set_log_level
insert into log_level (level) values (%(level)s) on conflict (one) do update set level = excluded.level, at = now()

-- name: forget_log_level
delete from log_level
