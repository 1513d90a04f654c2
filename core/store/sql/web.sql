-- name: open
-- A session in a browser, on the web channel of this address.
insert into web_sessions (secret_hash, channel_id, csrf_token, locale)
select %(secret_hash)s, ch.id, %(csrf_token)s, %(locale)s
from channels ch where ch.kind = 'web' and ch.address = %(address)s and ch.desk_id is not null
returning secret_hash

-- name: find
-- The session, while it lives: with its conversation, once somebody spoke.
select w.secret_hash, w.csrf_token, w.locale, w.created_at, w.spoke_at, ch.id as channel_id, ch.address, ch.desk_id,
    conv.id as conversation_id, a.contact_id, s.flow, s.state, s.language, w.seen_at < now() - interval '1 minute' as stale
from web_sessions w
join channels ch on ch.id = w.channel_id
left join aliases a on a.scope = '' and a.kind = 'web' and a.value = w.secret_hash
left join conversations conv on conv.contact_id = a.contact_id and conv.channel_id = ch.id
left join sessions s on s.conversation_id = conv.id
where w.secret_hash = %(secret_hash)s and w.ended_at is null
    and w.seen_at > now() - %(keep_s)s * interval '1 second'

-- name: see
-- It is used: its time begins anew.
update web_sessions set seen_at = now() where secret_hash = %(secret_hash)s

-- name: speak
-- The first line was written in it.
update web_sessions set spoke_at = now() where secret_hash = %(secret_hash)s and spoke_at is null

-- name: finish
update web_sessions set ended_at = now() where secret_hash = %(secret_hash)s and ended_at is null

-- name: places
-- Web channels of desks: first that of the desk which takes those who name none, then the oldest. Those of synthetic
-- customers are not shown to anybody.
select ch.address, ch.desk_id, d.name, d.language
from channels ch join desks d on d.id = ch.desk_id
where ch.kind = 'web' and not starts_with(ch.address, 'canary-')
order by d.settings -> 'chat_first' is distinct from 'true', ch.id

-- name: busy
-- How many people are in the chat: those who wrote a line. A visitor who only opened it takes no place.
select count(*) as people from web_sessions
where ended_at is null and spoke_at is not null and seen_at > now() - %(within_s)s * interval '1 second'

-- name: answers
-- Replies to these events, for those that took effect: the replies in order, or one row without a reply.
select i.external_id, i.id as event_id, i.conversation_id, i.state as event_state, s.flow, s.state,
    o.id, o.kind, o.text, o.content, o.created_at, (select min(number) from tickets where event_id = i.id) as ticket
from unnest(%(external_id)s::text[]) as asked (external_id)
join channels ch on ch.kind = 'web'
join inbox i on i.channel_id = ch.id and i.external_id = asked.external_id and i.state <> 'waiting'
join sessions s on s.conversation_id = i.conversation_id
left join outbox o on o.conversation_id = i.conversation_id and o.event_id = i.id
order by i.id, o.id

-- name: lines
-- Lines after these two places of the conversation, in the order in which they took effect: the customer's (from any
-- window) and ours. A greeting that was shown before the first line is left out.
select * from (
    select i.received_at as at, 'user' as who, i.kind, i.text, i.content, i.id as event_id, null::bigint as outbound_id,
        i.external_id, case when i.state = 'waiting' then 'sent' else 'delivered' end as delivery, null::text as ticket
    from inbox i
    where i.conversation_id = %(conversation_id)s and i.id > %(event_id)s
        and i.origin = 'customer' and i.kind <> all(%(unspoken)s::text[])
    union all
    select o.created_at, coalesce(o.content ->> 'author', 'bot'), o.kind, o.text, o.content, o.event_id, o.id,
        '', o.state, (select min(number) from tickets where event_id = o.event_id)
    from outbox o where o.conversation_id = %(conversation_id)s and o.id > %(outbound_id)s
        and not (%(greeted)s and exists (select 1 from inbox w where w.id = o.event_id and w.kind = 'request_welcome'))
) line
order by event_id, outbound_id nulls first
limit %(size)s

-- name: transcript
-- The same from below a place on, in the order of its places, so that a page takes up where the last one ended.
select * from (
    select i.received_at as at, 'user' as who, i.kind, i.text, i.id as event_id, 0::bigint as outbound_id
    from inbox i
    where i.conversation_id = %(conversation_id)s and i.id >= %(event_id)s
        and i.origin = 'customer' and i.kind <> all(%(unspoken)s::text[])
    union all
    select o.created_at, coalesce(o.content ->> 'author', 'bot'), o.kind, o.text, coalesce(o.event_id, 0), o.id
    from outbox o where o.conversation_id = %(conversation_id)s and coalesce(o.event_id, 0) >= %(event_id)s
) line
where (event_id, outbound_id) > (%(event_id)s, %(outbound_id)s)
order by event_id, outbound_id
limit %(size)s

-- name: shown
-- How many photos a session has shown, counted no further than asked.
select count(*) as photos from (
    select 1 from web_sessions w join inbox i on i.conversation_id = %(conversation_id)s
    where w.secret_hash = %(secret_hash)s and i.kind = 'image' and i.received_at >= w.created_at limit %(most)s
) shown

-- name: forget
-- A session of whom nothing else is known.
delete from web_sessions where secret_hash = %(secret_hash)s

-- name: unseen
-- Replies up to here that are not yet known to have arrived (or to have been read).
select id from outbox
where conversation_id = %(conversation_id)s and id <= %(outbound_id)s and state = any(%(states)s)
order by id limit 500

-- name: purge
-- One small batch of sessions whose time is long over; of those in which nothing was written, after an hour.
delete from web_sessions where secret_hash in (
    select secret_hash from web_sessions
    where seen_at < now() - %(keep_s)s * interval '1 second'
        or (spoke_at is null and seen_at < now() - interval '1 hour')
    limit %(size)s
)

-- name: present
-- Visitors in the chat, the last to speak first. The id of a session stays out: it is a secret.
select w.created_at, w.seen_at, w.locale, ch.desk_id as desk, conv.id as conversation_id, s.flow, s.state
from web_sessions w
join channels ch on ch.id = w.channel_id
left join aliases a on a.scope = '' and a.kind = 'web' and a.value = w.secret_hash
left join conversations conv on conv.contact_id = a.contact_id and conv.channel_id = ch.id
left join sessions s on s.conversation_id = conv.id
where w.ended_at is null and w.spoke_at is not null and w.seen_at > now() - %(within_s)s * interval '1 second'
order by w.seen_at desc limit %(size)s
