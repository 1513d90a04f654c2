-- part: tickets_of_a_browser
-- The tickets of a session in a browser, with the number of the person who helps.
select t.number, t.summary, s.language,
    coalesce(d.settings ->> 'technician', d.settings ->> 'whatsapp_number', '') as phone
from web_sessions w
join aliases a on a.scope = '' and a.kind = 'web' and a.value = w.secret_hash
join conversations conv on conv.contact_id = a.contact_id and conv.channel_id = w.channel_id
join sessions s on s.conversation_id = conv.id
join tickets t on t.conversation_id = conv.id
join desks d on d.id = t.desk_id

-- name: open
-- The link of a ticket: the one that is there, for as long as it had, or a new one when it was over. Asked for again it
-- does not live longer: a link that was passed on ends.
insert into ticket_links as l (ticket, key, expires_at)
select number, %(key)s, now() + %(within_s)s * interval '1 second' from tickets where number = %(ticket)s
on conflict (ticket) do update set
    key = case when l.expires_at > now() then l.key else excluded.key end,
    expires_at = case when l.expires_at > now() then l.expires_at else excluded.expires_at end
returning key, expires_at

-- name: find
-- A ticket as whoever holds its link may see it.
select t.number, t.kind, t.status, t.summary, t.created_at, t.resolved_at, d.name as desk_name, d.timezone, d.language,
    coalesce(d.settings ->> 'zone', '') as zone, l.key, l.expires_at
from ticket_links l
join tickets t on t.number = l.ticket
join desks d on d.id = t.desk_id
where l.ticket = %(ticket)s and l.expires_at > now()

-- name: revoke
delete from ticket_links where ticket = %(ticket)s

-- name: mine
-- The tickets of a conversation, the newest first.
select number, kind, status, summary, created_at from tickets where conversation_id = %(conversation_id)s
order by created_at desc, number limit %(size)s

-- name: newest_open
-- The last open ticket of a session in a browser, with the number of the person who helps.
@tickets_of_a_browser@
where w.secret_hash = %(secret_hash)s and t.status in ('pending', 'in_progress')
order by t.created_at desc, t.number desc limit 1

-- name: own
-- One ticket of a session in a browser, the same way.
@tickets_of_a_browser@
where w.secret_hash = %(secret_hash)s and t.number = %(ticket)s
