-- name: page
-- Conversations by their last activity, newest first, from below a place in that order. At most `walk` of them are
-- looked at, so that a filter which fits few costs no more than one that fits many: the caller may walk on.
-- `active_at` is the activity in steps of ten minutes, which is what the index knows; within one, they are sorted.
select s.conversation_id as id, ch.desk_id as desk, ch.kind as channel_kind, c.name, alias.value as alias,
    s.flow, s.state, s.version, s.agent, holder.name as agent_name, s.heard_at, s.updated_at,
    s.person_wanted as person_wanted_at,
    heard.kind as heard_kind, heard.text as heard_text, heard.received_at,
    said.kind as said_kind, said.text as said_text, said.state as said_state, said.created_at as said_at,
    said.content ->> 'author' as said_by
from (
    select s.* from sessions s
    where s.active_at <= date_bin('10 minutes', coalesce(%(at)s::timestamptz, now() + interval '1 day'), '1970-01-01 00:00:00+00')
        and (%(at)s::timestamptz is null or (s.updated_at, s.conversation_id) < (%(at)s, %(id)s::bigint))
    order by s.active_at desc, s.updated_at desc, s.conversation_id desc
    limit %(walk)s
) s
join conversations conv on conv.id = s.conversation_id
join channels ch on ch.id = conv.channel_id
join contacts c on c.id = conv.contact_id
left join staff holder on holder.email = s.agent
left join lateral (
    select a.value from aliases a where a.contact_id = conv.contact_id and a.kind <> 'parent_bsuid'
    order by a.kind = 'wa_id' desc, a.learned_at desc limit 1
) alias on true
left join lateral (
    select i.kind, left(i.text, 160) as text, i.received_at from inbox i
    where i.conversation_id = s.conversation_id and not i.kind = any(%(unspoken)s)
    order by i.id desc limit 1
) heard on true
left join lateral (
    select o.kind, left(o.text, 160) as text, o.state, o.created_at, o.content from outbox o
    where o.conversation_id = s.conversation_id order by o.id desc limit 1
) said on true
where (%(desks)s::text[] is null or ch.desk_id = any(%(desks)s))
    and (%(desk)s::text is null or ch.desk_id = %(desk)s)
    and (%(flow)s::text is null or s.flow = %(flow)s)
    and (%(state)s::text is null or s.state = %(state)s)
    and (%(held)s::bool is null or (s.agent is not null) = %(held)s)
    and (%(agent)s::text is null or s.agent = %(agent)s)
    and (not %(wanted)s::bool or s.person_wanted is not null)
    and (not %(closing)s::bool or exists (
        select from unnest(%(windowed)s::text[], %(window_s)s::float[]) as w (kind, window_s)
        where w.kind = ch.kind and s.heard_at > now() - w.window_s * interval '1 second'
            and s.heard_at < now() - (w.window_s - %(closing_s)s) * interval '1 second'))
    and (%(waiting_s)s::float is null or (heard.received_at < now() - %(waiting_s)s * interval '1 second'
        and (said.created_at is null or heard.received_at > said.created_at)))
order by s.active_at desc, s.updated_at desc, s.conversation_id desc
limit %(most)s

-- name: walked
-- The last that such a walk looks at; nothing when it comes to the end first.
select s.updated_at, s.conversation_id as id from sessions s
where s.active_at <= date_bin('10 minutes', coalesce(%(at)s::timestamptz, now() + interval '1 day'), '1970-01-01 00:00:00+00')
    and (%(at)s::timestamptz is null or (s.updated_at, s.conversation_id) < (%(at)s, %(id)s::bigint))
order by s.active_at desc, s.updated_at desc, s.conversation_id desc
offset %(walk)s - 1 limit 1

-- name: find
-- One conversation as it stands, with whom it is, for those whose desk it is.
select conv.id, conv.contact_id, conv.created_at, ch.desk_id as desk, d.name as desk_name, d.timezone, d.menu, ch.kind as channel_kind,
    ch.address, ch.fallback_template, ch.paused_until > now() as paused, ch.paused_why, c.name, c.opted_out_at,
    alias.kind as alias_kind, alias.value as alias, s.version, s.flow, s.flow_version, s.state, s.language, s.memory,
    s.agent, holder.name as agent_name, s.heard_at, s.updated_at,
    s.lease_token is not null and s.leased_until > now() as leased,
    s.person_wanted as person
from conversations conv
join channels ch on ch.id = conv.channel_id
left join desks d on d.id = ch.desk_id
join contacts c on c.id = conv.contact_id
join sessions s on s.conversation_id = conv.id
left join staff holder on holder.email = s.agent
left join lateral (
    select a.kind, a.value from aliases a where a.contact_id = conv.contact_id and a.kind <> 'parent_bsuid'
    order by a.kind = 'wa_id' desc, a.learned_at desc limit 1
) alias on true
where conv.id = %(id)s and (%(desks)s::text[] is null or ch.desk_id = any(%(desks)s))

-- name: heard
-- Events of a conversation, newest first, from below an id; of a very long text the beginning.
select i.id, i.kind, left(i.text, %(longest)s) as text, length(i.text) as characters, i.content, i.state, i.attempts,
    i.retries, i.error, i.received_at as at, i.sent_at, i.finished_at
from inbox i
where i.conversation_id = %(conversation_id)s and i.id < coalesce(%(below)s::bigint, 9223372036854775807)
order by i.id desc limit %(most)s

-- name: steps
-- Steps of a conversation, newest first, from below a version.
select s.version, s.event_id, s.from_flow, s.from_state, s.to_flow, s.to_state, s.trigger, s.origin, s.reading,
    s.replies, s.note, s.at
from steps s
where s.conversation_id = %(conversation_id)s and s.version < coalesce(%(below)s::int, 2147483647)
order by s.version desc limit %(most)s

-- name: said
-- Sends of a conversation, newest first, from below an id.
select o.id, o.event_id, o.kind, left(o.text, %(longest)s) as text, length(o.text) as characters, o.content, o.state,
    o.initiative, o.attempts, o.unknowns, o.error_code, o.error, o.created_at as at,
    nullif(o.due_at, '-infinity') as due_at, o.settle_at, o.sent_at,
    o.delivered_at, o.read_at
from outbox o
where o.conversation_id = %(conversation_id)s and o.id < coalesce(%(below)s::bigint, 9223372036854775807)
order by o.id desc limit %(most)s

-- name: around
-- From below where to read, in each of the three, so that an event stands in the middle: below a few events after it.
-- Nothing when there are not so many after it: then it is among the newest.
select later.id as heard,
    (select min(s.version) from steps s
        where s.conversation_id = %(conversation_id)s and s.at >= later.received_at) as step,
    (select min(o.id) from outbox o
        where o.conversation_id = %(conversation_id)s and o.created_at >= later.received_at) as said
from (
    select id, received_at from inbox
    where conversation_id = %(conversation_id)s and id > %(event_id)s order by id offset %(after)s limit 1
) later

-- name: timers
select name, due_at, rest_s, set_at_version from timers where conversation_id = %(conversation_id)s order by due_at, name

-- name: tickets
select number, kind, status, summary, event_id, created_at, resolved_at from tickets
where conversation_id = %(conversation_id)s order by created_at desc, number limit %(most)s

-- name: photos
select id, event_id, purpose, received_at from photos
where conversation_id = %(conversation_id)s order by received_at desc, id desc limit %(most)s

-- name: photo
-- The key under which a photo is stored, for staff of its desk.
select p.sha256, p.conversation_id, ch.desk_id as desk
from photos p
join conversations conv on conv.id = p.conversation_id
join channels ch on ch.id = conv.channel_id
where p.id = %(id)s and (%(desks)s::text[] is null or ch.desk_id = any(%(desks)s))

-- name: event
-- One event of a conversation, whole, with the turn it led to.
select i.id, i.kind, i.text, i.content, i.state, i.attempts, i.retries, i.error, i.received_at, i.sent_at,
    i.finished_at, s.version, s.trigger, s.note, s.from_flow, s.from_state, s.to_flow, s.to_state, s.at as stepped_at
from inbox i
left join steps s on s.conversation_id = i.conversation_id and s.event_id = i.id
where i.conversation_id = %(conversation_id)s and i.id = %(event_id)s
order by s.version desc limit 1

-- name: answers
-- All replies to one event, in full.
select id, kind, text, content, state, error_code, error, created_at as at from outbox
where conversation_id = %(conversation_id)s and event_id = %(event_id)s order by id

-- name: unsettled
-- A send of this conversation that nobody knows to have arrived, and for which nothing more will be tried.
select id, state from outbox
where id = %(id)s and conversation_id = %(conversation_id)s
    and (state in ('parked', 'failed') or (state = 'unknown' and settle_at is null))
