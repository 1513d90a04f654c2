-- part: session
-- A session, its desk, its channel and its person: the first fields of `Loaded`.
s.conversation_id, s.version, s.flow, s.flow_version, s.state, s.language, s.memory, s.agent, s.heard_at,
    s.claims, s.alone, d.id as desk_id, d.name as desk_name, d.language as desk_language, d.timezone, d.menu, d.settings,
    ch.kind as channel_kind, ch.address, c.name as contact_name

-- part: event
-- The event that a session must answer: the last fields of `Loaded`.
i.id as event_id, i.external_id, i.kind, i.text, i.content, i.sent_at, i.received_at, i.error as last_error

-- part: whereabouts
join conversations conv on conv.id = s.conversation_id
join channels ch on ch.id = conv.channel_id
join desks d on d.id = ch.desk_id
join contacts c on c.id = conv.contact_id

-- name: claim
-- Lease up to `size` conversations whose oldest waiting event has nobody at work on it, oldest first.
-- Only the head of a line counts, so one customer's thousand messages do not hide the others.
-- The lease makes it efficient; the version makes it correct.
-- A lease that lapsed means that its worker died or stalled, over this conversation or over another one that it held:
-- such a suspect is claimed alone, the least blamed first, and only a lease held alone counts when it lapses.
-- Who was left alone for a breath is claimed before its end when something newer has come.
-- With `suspects_first` one of them goes before the others; without `suspects` they are left to another worker.
-- During a rollout each version takes its own: a conversation under way stays with the version that answered last, one that
-- begins anew goes by its number, always the same way. Without one, `r` is empty and everything is everybody's.
with head as (
    select s.conversation_id, s.claims, i.id, s.lease_token is not null as suspect
    from inbox i
    join sessions s on s.conversation_id = i.conversation_id
    left join rollouts r on true
    where i.state = 'waiting' and (r.version is null or (r.version = %(release)s) = case
            when r.withdrawn then false
            when s.heard_at > now() - r.rest_s * interval '1 second' then s.release = r.version
            else s.conversation_id = any(r.conversations)
                or (hashint8extended(s.conversation_id, 0) & 65535) < r.share * 655.36
        end)
        and (%(suspects)s or s.lease_token is null)
        and (s.leased_until <= now() or s.breath_after is not null and exists (
            select 1 from inbox n
            where n.conversation_id = s.conversation_id and n.state = 'waiting' and n.id > s.breath_after
        ))
        and not exists (
            select 1 from inbox e
            where e.conversation_id = i.conversation_id and e.state = 'waiting' and e.id < i.id
        )
    order by i.id
    limit %(size)s
    for update of s skip locked
),
taken as (
    select conversation_id, false as alone from head
    where not suspect and not (%(suspects_first)s and exists (select 1 from head where suspect))
    union all (
        select conversation_id, true from head
        where suspect and (%(suspects_first)s or not exists (select 1 from head where not suspect))
        order by claims, id limit 1
    )
)
update sessions s
set lease_token = %(token)s, leased_until = now() + %(lease_s)s * interval '1 second', alone = taken.alone,
    breath_after = null,
    claims = s.claims + case when taken.alone and not s.alone then 0 else 1 end
from taken where s.conversation_id = taken.conversation_id
returning s.conversation_id

-- name: give_back
-- These conversations are free again after a wait, and their leases are not counted: the failure was not their own.
update sessions set claims = greatest(claims - 1, 0), lease_token = null,
    leased_until = now() + %(wait_s)s * interval '1 second'
where conversation_id = any(%(conversation_ids)s) and lease_token = %(token)s

-- name: breathe
-- These conversations are left alone for a moment, because their customers may go on writing; what comes after these
-- events ends it at once. Their leases are not counted: nothing has failed.
update sessions s
set claims = greatest(s.claims - 1, 0), lease_token = null, leased_until = now() + t.wait_s * interval '1 second',
    breath_after = t.event_id
from unnest(%(conversation_id)s::bigint[], %(wait_s)s::float[], %(event_id)s::bigint[]) as t (conversation_id, wait_s, event_id)
where s.conversation_id = t.conversation_id and s.lease_token = %(token)s

-- name: load
-- The leased sessions, each with the events it must answer, the oldest first. A statement of its own, after the claim, because only
-- then does it see what the lease's last holder committed. No event: the last holder had finished the line.
select @session@, e.*
from sessions s
@whereabouts@
left join lateral (
    select @event@
    from inbox i
    where i.conversation_id = s.conversation_id and i.state = 'waiting'
    order by i.id limit %(most)s
) e on true
where s.conversation_id = any(%(conversation_ids)s) and s.lease_token = %(token)s
order by s.conversation_id, e.event_id

-- name: borrow
-- For a transaction that will be taken back: this event's session is ours, whoever works on it.
update sessions s set lease_token = %(token)s, leased_until = now() + interval '1 minute', claims = 1
from inbox i where i.id = %(event_id)s and s.conversation_id = i.conversation_id
returning s.conversation_id

-- name: borrowed
-- The session of one event, and that event, whatever became of it.
select @session@, @event@
from inbox i
join sessions s on s.conversation_id = i.conversation_id
@whereabouts@
where i.id = %(event_id)s

-- name: fresh
-- A session as it would begin on this channel: for a step that nobody writes.
select 0::bigint as conversation_id, 0 as version, '' as flow, 0 as flow_version, '' as state, '' as language,
    '{}'::jsonb as memory, null::text as agent, null::timestamptz as heard_at, '' as contact_name,
    d.id as desk_id, d.name as desk_name, d.language as desk_language, d.timezone, d.menu, d.settings
from channels ch join desks d on d.id = ch.desk_id
where ch.kind = %(kind)s and ch.address = %(address)s

-- name: save
-- The next version of these sessions, for those whose version and lease are still ours: a stale turn falls out here.
-- It is as many versions later as events took effect.
update sessions s
set version = t.next_version, flow = t.flow, flow_version = t.flow_version, state = t.state, language = t.language,
    memory = t.memory, agent = t.agent, heard_at = t.heard_at, updated_at = now(),
    active_at = date_bin('10 minutes', now(), '1970-01-01 00:00:00+00'),
    release = coalesce((select r.version from rollouts r where r.version = %(release)s), ''),
    lease_token = null, leased_until = '-infinity', claims = 0
from unnest(
    %(conversation_id)s::bigint[], %(version)s::int[], %(next_version)s::int[], %(flow)s::text[], %(flow_version)s::int[], %(state)s::text[],
    %(language)s::text[], %(memory)s::jsonb[], %(agent)s::text[], %(heard_at)s::timestamptz[]
) as t (conversation_id, version, next_version, flow, flow_version, state, language, memory, agent, heard_at)
where s.conversation_id = t.conversation_id and s.version = t.version and s.lease_token = %(token)s
returning s.conversation_id

-- name: release
-- These conversations are free again, after a wait of their own.
update sessions s set lease_token = null, leased_until = now() + t.wait_s * interval '1 second'
from unnest(%(conversation_id)s::bigint[], %(wait_s)s::float[]) as t (conversation_id, wait_s)
where s.conversation_id = t.conversation_id and s.lease_token = %(token)s

-- name: forgive
-- These conversations are free again, and their lines start counting anew: the poisonous event is buried, or nothing
-- was waiting after all.
update sessions set claims = 0, lease_token = null, leased_until = '-infinity'
where conversation_id = any(%(conversation_ids)s) and lease_token = %(token)s

-- name: pinned
-- Live conversations, counted by flow, version and state.
select flow, flow_version, state, count(*) as conversations
from sessions where version > 0
group by flow, flow_version, state order by flow, flow_version, state
