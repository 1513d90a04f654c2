-- name: equipment
select w.conversation_id, w.key, e.code, e.model, e.brand, e.client, e.place
from unnest(%(conversation_id)s::bigint[], %(key)s::text[]) as w (conversation_id, key)
join conversations conv on conv.id = w.conversation_id
join channels ch on ch.id = conv.channel_id
join equipment e on e.desk_id = ch.desk_id and e.code = w.key

-- name: ticket
-- A ticket of this desk by its number (or the last eight characters of it), and whether it is this contact's own.
select w.conversation_id, w.key, t.number, t.kind, t.status, t.summary, t.content, t.created_at,
    owner.contact_id is not distinct from conv.contact_id as mine
from unnest(%(conversation_id)s::bigint[], %(key)s::text[]) as w (conversation_id, key)
join conversations conv on conv.id = w.conversation_id
join channels ch on ch.id = conv.channel_id
join tickets t on t.desk_id = ch.desk_id and t.number in (w.key, 'TKT-' || w.key)
left join conversations owner on owner.id = t.conversation_id

-- name: my_tickets
-- The last five tickets of these contacts, newest first.
select w.conversation_id, t.number, t.kind, t.status, t.summary, t.content, t.created_at
from unnest(%(conversation_id)s::bigint[]) as w (conversation_id)
join conversations conv on conv.id = w.conversation_id
cross join lateral (
    select t.* from tickets t join conversations own on own.id = t.conversation_id
    where own.contact_id = conv.contact_id and own.channel_id = conv.channel_id
    order by t.created_at desc, t.number limit 5
) t
order by w.conversation_id, t.created_at desc, t.number

-- name: centres
select w.conversation_id, c.code, c.name, c.address, c.city, c.latitude, c.longitude, c.phone, c.opens, c.closes, c.days
from (select distinct unnest(%(conversation_id)s::bigint[]) as conversation_id) w
join conversations conv on conv.id = w.conversation_id
join channels ch on ch.id = conv.channel_id
join centres c on c.desk_id = ch.desk_id and c.active
order by w.conversation_id, c.code
