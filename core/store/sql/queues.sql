-- name: numbers
-- Every number with what waits for it and because of it. Each count rides on the index of what it counts.
select ch.id, ch.kind, ch.address, ch.desk_id as desk, ch.rate_per_s, ch.pulled,
    case when ch.paused_until > now() then ch.paused_until end as paused_until,
    case when ch.paused_until > now() then ch.paused_why else '' end as paused_why,
    greatest(0, extract(epoch from ch.pace_at - now()))::float as behind_s, p.at as last_post_at,
    coalesce(i.waiting, 0) as events, i.oldest_at as event_at,
    coalesce(o.waiting, 0) as sends, coalesce(o.later, 0) as sends_later, o.oldest_at as send_at,
    coalesce(u.claimed, 0) as claimed, coalesce(u.undecided, 0) as undecided, coalesce(u.unknown, 0) as unknown,
    coalesce(k.parked, 0) as parked
from channels ch
left join last_posts p on p.channel_id = ch.id
left join (
    select channel_id, count(*) as waiting, min(received_at) as oldest_at from inbox where state = 'waiting'
    group by channel_id
) i on i.channel_id = ch.id
left join (
    select channel_id, count(*) as waiting, count(*) filter (where due_at > now()) as later,
        min(created_at) as oldest_at
    from outbox where state = 'waiting' group by channel_id
) o on o.channel_id = ch.id
left join (
    select channel_id, count(*) filter (where state = 'claimed') as claimed,
        count(*) filter (where state = 'unknown' and settle_at is not null) as undecided,
        count(*) filter (where state = 'unknown' and settle_at is null) as unknown
    from outbox where state in ('claimed', 'unknown') group by channel_id
) u on u.channel_id = ch.id
left join (
    select channel_id, count(*) as parked from outbox where state = 'parked' group by channel_id
) k on k.channel_id = ch.id
where %(desks)s::text[] is null or ch.desk_id = any(%(desks)s)
order by ch.desk_id nulls last, ch.kind, ch.address

-- name: stuck
-- Sends that wait for a person: parked, or nobody knows whether they arrived. The newest.
select o.id, o.conversation_id, o.state, o.kind, o.text, o.error_code, o.error, o.created_at, o.initiative,
    o.settle_at, ch.address, ch.desk_id as desk
from (
    (select * from outbox where state = 'parked' order by id desc limit 500)
    union all
    (select * from outbox where state = 'unknown' order by id desc limit 500)
) o
join channels ch on ch.id = o.channel_id
where %(desks)s::text[] is null or ch.desk_id = any(%(desks)s)
order by o.id desc limit %(most)s

-- name: leases
-- Workers and their leases: conversations with waiting events, by the lease that holds them.
select right(to_hex(s.lease_token), 6) as holder, count(*) as conversations, min(s.leased_until) as until,
    max(s.claims) as tries
from sessions s
join conversations conv on conv.id = s.conversation_id
join channels ch on ch.id = conv.channel_id
where s.lease_token is not null and s.leased_until > now()
    and exists (select 1 from inbox i where i.conversation_id = s.conversation_id and i.state = 'waiting')
    and (%(desks)s::text[] is null or ch.desk_id = any(%(desks)s))
group by s.lease_token order by conversations desc, holder limit 50

-- name: errands
-- Errands that wait or are under way, by service: photos and voice notes are two of them.
select e.service, count(*) as waiting,
    count(*) filter (where e.leased_until > now() and e.lease_token is not null) as held,
    min(e.wanted_at) as oldest_at, max(e.attempts) as tries
from errands e
join conversations conv on conv.id = e.conversation_id
join channels ch on ch.id = conv.channel_id
where e.state = 'waiting' and (%(desks)s::text[] is null or ch.desk_id = any(%(desks)s))
group by e.service order by e.service

-- name: processes
-- Processes that had a heartbeat within a day, and whether each is alive.
select process, kind, host, pid, jobs, version, started_at, at, at > now() - interval '20 seconds' as alive
from heartbeats order by kind, host, pid

-- name: number
select id, kind, address, desk_id as desk from channels where id = %(id)s
    and (%(desks)s::text[] is null or desk_id = any(%(desks)s))
