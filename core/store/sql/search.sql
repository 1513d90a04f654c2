-- name: by_phone
-- Conversations of those whose number ends like this (given backwards, as the index has it), or is this.
select conv.id, ch.desk_id as desk, c.name, a.value as alias, s.flow, s.state, s.agent, s.updated_at
from aliases a
join contacts c on c.id = a.contact_id
join conversations conv on conv.contact_id = c.id
join channels ch on ch.id = conv.channel_id
join sessions s on s.conversation_id = conv.id
where a.kind = 'wa_id' and reverse(a.value) like %(backwards)s || '%%'
    and (not %(whole)s or reverse(a.value) = %(backwards)s)
    and (%(desks)s::text[] is null or ch.desk_id = any(%(desks)s))
order by s.updated_at desc, conv.id desc limit %(most)s

-- name: by_name
-- Conversations of those in whose name every one of these words begins one.
select conv.id, ch.desk_id as desk, c.name, alias.value as alias, s.flow, s.state, s.agent, s.updated_at
from contacts c
join conversations conv on conv.contact_id = c.id
join channels ch on ch.id = conv.channel_id
join sessions s on s.conversation_id = conv.id
left join lateral (
    select a.value from aliases a where a.contact_id = c.id and a.kind <> 'parent_bsuid'
    order by a.kind = 'wa_id' desc, a.learned_at desc limit 1
) alias on true
where to_tsvector('simple', folded(c.name)) @@ to_tsquery('simple', folded(%(words)s::text))
    and (%(desks)s::text[] is null or ch.desk_id = any(%(desks)s))
order by s.updated_at desc, conv.id desc limit %(most)s

-- name: by_number
-- Tickets whose number begins with one of these.
select t.number, t.desk_id as desk, t.kind, t.status, t.summary, t.created_at, t.conversation_id
from unnest(%(beginnings)s::text[]) as b (beginning)
join tickets t on t.number ~>=~ b.beginning and t.number ~<~ (b.beginning || '~')
where %(desks)s::text[] is null or t.desk_id = any(%(desks)s)
order by t.created_at desc, t.number limit %(most)s

-- name: heard
-- Messages of customers that hold this, newest first, among one piece of the inbox: nothing indexes what is in them,
-- because an index would be paid for by every message, so a search reads a piece, and may go on with the next.
select i.id, i.conversation_id, ch.desk_id as desk, c.name, i.received_at as at,
    substr(i.text, greatest(1, strpos(folded(i.text), folded(%(needle)s::text)) - 60), 180) as text
from (
    select id, conversation_id, kind, received_at, left(text, 4000) as text
    from inbox where id < coalesce(%(below)s::bigint, 9223372036854775807) order by id desc limit %(piece)s
) i
join conversations conv on conv.id = i.conversation_id
join channels ch on ch.id = conv.channel_id
join contacts c on c.id = conv.contact_id
where not i.kind = any(%(by_us)s) and strpos(folded(i.text), folded(%(needle)s::text)) > 0
    and (%(desks)s::text[] is null or ch.desk_id = any(%(desks)s))
order by i.id desc limit %(most)s

-- name: heard_piece
-- How far such a piece reaches.
select min(id) as id, min(received_at) as at, count(*) as messages from (
    select id, received_at from inbox
    where id < coalesce(%(below)s::bigint, 9223372036854775807) order by id desc limit %(piece)s
) i

-- name: said
-- The same among what we said.
select o.id, o.event_id, o.conversation_id, ch.desk_id as desk, c.name, o.created_at as at,
    substr(o.text, greatest(1, strpos(folded(o.text), folded(%(needle)s::text)) - 60), 180) as text
from (
    select id, event_id, conversation_id, created_at, left(text, 4000) as text
    from outbox where id < coalesce(%(below)s::bigint, 9223372036854775807) order by id desc limit %(piece)s
) o
join conversations conv on conv.id = o.conversation_id
join channels ch on ch.id = conv.channel_id
join contacts c on c.id = conv.contact_id
where strpos(folded(o.text), folded(%(needle)s::text)) > 0 and (%(desks)s::text[] is null or ch.desk_id = any(%(desks)s))
order by o.id desc limit %(most)s

-- name: said_piece
-- How far such a piece reaches.
select min(id) as id, min(created_at) as at, count(*) as messages from (
    select id, created_at from outbox
    where id < coalesce(%(below)s::bigint, 9223372036854775807) order by id desc limit %(piece)s
) o
