-- name: take
-- One more hit, unless the window is full. Exact, because the row is locked while it is counted. Back comes whether it
-- counted, how many hits the window holds, and when its oldest falls out. Its commit is
-- asynchronous: a crash loses a second's worth of hits, and nothing that comes after it in the log.
insert into rate_windows as w (key_hash, hits, took, expires_at)
select %(key_hash)s, array[clock_timestamp()], true, now() + %(within_s)s * interval '1 second'
from set_config('synchronous_commit', 'off', true)
on conflict (key_hash) do update set (hits, took, expires_at) = (
    select case when count(h) < %(most)s then array_append(array_agg(h order by h) filter (where h is not null),
            clock_timestamp()) else array_agg(h order by h) end,
        count(h) < %(most)s, excluded.expires_at
    from (select 1) one
    left join unnest(w.hits) h on h > clock_timestamp() - %(within_s)s * interval '1 second'
)
returning w.took, cardinality(w.hits) as held, extract(epoch from w.hits[1])::float as oldest_at

-- name: stands
-- The window as it stands.
select count(h) as held, coalesce(extract(epoch from min(h)), extract(epoch from clock_timestamp()))::float as oldest_at
from rate_windows w cross join lateral unnest(w.hits) h
where w.key_hash = %(key_hash)s and h > clock_timestamp() - %(within_s)s * interval '1 second'

-- name: forget
delete from rate_windows where key_hash = %(key_hash)s

-- name: purge
-- One small batch of windows that are long empty.
delete from rate_windows where key_hash in (
    select key_hash from rate_windows where expires_at < now() - interval '1 minute' limit %(size)s
)
