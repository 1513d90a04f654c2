-- name: note
-- The place in the chain, the time and the hash are the database's to give (trigger audit_chained).
insert into audit (who, did, subject, why, desk) values (%(who)s, %(did)s, %(subject)s, %(why)s, %(desk)s)

-- name: after
-- The chain, piece by piece.
select id, to_char(at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') as at, who, did, subject, why, desk, via,
    previous, hash
from audit where id > %(id)s order by id limit %(most)s

-- name: page
-- Newest first, from below an id; nothing given means everything.
select id, at, who, did, subject, why, desk, via
from audit
where (%(before)s::bigint is null or id < %(before)s)
    and (%(who)s::text is null or strpos(lower(who), lower(%(who)s)) > 0)
    and (%(did)s::text is null or did = %(did)s)
    and (%(subject)s::text is null or strpos(lower(subject), lower(%(subject)s)) > 0)
    and (%(since)s::timestamptz is null or at >= %(since)s)
    and (%(until)s::timestamptz is null or at < %(until)s)
    and (%(desks)s::text[] is null or desk = any(%(desks)s))
order by id desc limit %(most)s

-- name: deeds
select distinct did from audit order by did

-- name: refusals
-- How often signing in to this account was refused since it was last signed in to.
select count(*) as tries, (array_agg(a.why order by a.id desc))[1] as last_why, max(a.at) as last_at
from audit a
where a.did = 'sign-in refused' and a.subject = 'staff:' || %(id)s::int
    and a.at > coalesce((select signed_in_at from staff where id = %(id)s::int), '-infinity')

-- name: hold_end
-- No row is added until this transaction ends: the lock of audit_chained.
select pg_advisory_xact_lock(7878002)

-- name: end
select id, did, hash from audit order by id desc limit 1
