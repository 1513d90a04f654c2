-- name: add_channel
insert into channels (kind, address, desk_id, pulled) values ('web', %(address)s, %(desk_id)s, true)

-- name: channels
-- Channels of synthetic customers, also of those whose process died.
select address from channels where kind = 'web' and starts_with(address, %(prefix)s)

-- name: customers
select conv.contact_id as id
from channels ch join conversations conv on conv.channel_id = ch.id
where ch.kind = 'web' and ch.address = %(address)s

-- name: take_tickets
delete from tickets where conversation_id in (select id from conversations where contact_id = %(contact_id)s)

-- name: take_statuses
delete from deliveries d using outbox o, conversations conv
where d.outbox_id = o.id and o.conversation_id = conv.id and conv.contact_id = %(contact_id)s

-- name: take_customer
-- The rest goes with it.
delete from contacts where id = %(contact_id)s

-- name: take_sessions
delete from web_sessions w using channels ch
where ch.id = w.channel_id and ch.kind = 'web' and ch.address = %(address)s

-- name: take_channel
-- Somebody who wrote meanwhile keeps it until the next time.
delete from channels ch
where ch.kind = 'web' and ch.address = %(address)s
    and not exists (select 1 from conversations conv where conv.channel_id = ch.id)
    and not exists (select 1 from inbox i where i.channel_id = ch.id)
