-- part: ticket
t.number, t.kind, t.status, t.summary, t.content, t.created_at

-- name: ticket
-- A ticket of this desk by its number (or the last eight characters of it), and whether it is this contact's own.
select w.conversation_id, w.key, @ticket@,
    owner.contact_id is not distinct from conv.contact_id as mine
from unnest(%(conversation_id)s::bigint[], %(key)s::text[]) as w (conversation_id, key)
join conversations conv on conv.id = w.conversation_id
join channels ch on ch.id = conv.channel_id
join tickets t on t.desk_id = ch.desk_id and t.number in (w.key, 'TKT-' || w.key)
left join conversations owner on owner.id = t.conversation_id

-- name: own_ticket
-- How a ticket of this very conversation stands.
select w.conversation_id, w.key, t.status, coalesce(t.assignee, '') as assignee
from unnest(%(conversation_id)s::bigint[], %(key)s::text[]) as w (conversation_id, key)
join tickets t on t.number = w.key and t.conversation_id = w.conversation_id

-- name: my_tickets
-- The last five tickets of these contacts, newest first.
select w.conversation_id, 'mine' as key, @ticket@, true as mine
from unnest(%(conversation_id)s::bigint[]) as w (conversation_id)
join conversations conv on conv.id = w.conversation_id
cross join lateral (
    select t.* from tickets t join conversations own on own.id = t.conversation_id
    where own.contact_id = conv.contact_id and own.channel_id = conv.channel_id
    order by t.created_at desc, t.number limit 5
) t
order by w.conversation_id, t.created_at desc, t.number

-- name: own_hold
-- Live holds of this very conversation.
select w.conversation_id, w.key, max(h.until) as until
from unnest(%(conversation_id)s::bigint[], %(key)s::text[]) as w (conversation_id, key)
join holds h on h.key = w.key and h.conversation_id = w.conversation_id
where h.state = 'held' and h.until > now()
group by w.conversation_id, w.key

-- name: bookings
-- The last five bookings of these people at a desk, newest first; or the one of theirs that has the number.
select w.conversation_id, w.key, jsonb_build_object(
    'reference', b.reference, 'resource', b.resource, 'state', b.state, 'attention', b.attention,
    'amount', b.amount::text, 'currency', b.currency, 'key', b.key, 'hold', b.hold_key,
    'lower', lower(b.period), 'upper', upper(b.period), 'content', b.content) as booking
from unnest(%(conversation_id)s::bigint[], %(key)s::text[]) as w (conversation_id, key)
join conversations conv on conv.id = w.conversation_id
join channels ch on ch.id = conv.channel_id
cross join lateral (
    select b.* from bookings b join conversations own on own.id = b.conversation_id
    where b.desk_id = ch.desk_id and own.contact_id = conv.contact_id
        and (w.key = 'mine' or upper(b.reference) = upper(w.key))
    order by b.id desc limit 5
) b
order by w.conversation_id, b.id desc

-- name: outbound
-- A send, as it was decided (or as the text that took the place of a refused question); `open` while nobody knows it to have arrived and nothing more will be tried.
select w.conversation_id, w.key,
    case when o.content #> '{instead_of,refused}' is null then coalesce(o.content #>> '{instead_of,text}', o.text) else o.text end as text,
    case when o.content #> '{instead_of,refused}' is null then coalesce(o.content #>> '{instead_of,kind}', o.kind) else o.kind end as kind,
    case when o.content #> '{instead_of,refused}' is null then coalesce(o.content -> 'instead_of', o.content) else o.content end as content,
    o.state in ('parked', 'failed') or (o.state = 'unknown' and o.settle_at is null) as open
from unnest(%(conversation_id)s::bigint[], %(key)s::text[]) as w (conversation_id, key)
join outbox o on o.conversation_id = w.conversation_id and o.id::text = w.key

-- name: photos_waiting
-- How many photos wait to be looked into, of all desks: they share the eyes.
select count(*)::int as waiting from errands where state = 'waiting' and service = 'photo'

-- name: opted_out
-- Whether these people want nothing from us by ourselves.
select conv.id as conversation_id, c.opted_out_at is not null as opted_out
from conversations conv join contacts c on c.id = conv.contact_id
where conv.id = any(%(conversation_id)s::bigint[])

-- part: waits
-- The last people of the desk `ch.desk_id` who asked for a person, and when one first answered each.
cross join lateral (
    select st.conversation_id, st.version, st.at
    from steps st join conversations c on c.id = st.conversation_id join channels theirs on theirs.id = c.channel_id
    where st.trigger = 'person' and st.at > now() - interval '14 days' and theirs.desk_id = ch.desk_id
    order by st.at desc limit 50
) s
cross join lateral (
    select n.at from steps n
    where n.conversation_id = s.conversation_id and n.version > s.version and n.trigger in ('answer', 'echo')
    order by n.version limit 1
) a

-- name: first_answer
-- How long the last people of a desk who asked for a person waited for the first answer of one; none while too few did.
select w.conversation_id, percentile_cont(0.5) within group (order by extract(epoch from a.at - s.at))::float as median_s
from (select distinct unnest(%(conversation_id)s::bigint[]) as conversation_id) w
join conversations conv on conv.id = w.conversation_id
join channels ch on ch.id = conv.channel_id
@waits@
group by w.conversation_id
having count(*) >= 3

-- name: first_answer_of_desk
-- The same, of a desk by its id.
select percentile_cont(0.5) within group (order by extract(epoch from a.at - s.at))::float as median_s
from (select %(desk)s as desk_id) ch
@waits@
having count(*) >= 3
