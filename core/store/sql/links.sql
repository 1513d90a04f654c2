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
-- A ticket as whoever holds its link may see it, in the language of its conversation.
select t.number, t.kind, t.status, t.summary, t.created_at, t.resolved_at, d.name as desk_name, d.timezone,
    coalesce(s.language, d.language) as language, coalesce(d.settings ->> 'zone', '') as zone, l.key, l.expires_at,
    t.desk_id, t.conversation_id, ch.kind as channel_kind, t.assignee is not null as assigned, t.content -> 'added' as added,
    t.content #>> '{arrival,expected_at}' as expected_at, (d.settings ->> 'calls_within_h')::float as calls_within_h,
    coalesce(d.settings ->> 'technician', d.settings ->> 'whatsapp_number', '') as phone
from ticket_links l
join tickets t on t.number = l.ticket
join desks d on d.id = t.desk_id
left join conversations conv on conv.id = t.conversation_id
left join channels ch on ch.id = conv.channel_id
left join sessions s on s.conversation_id = conv.id
where l.ticket = %(ticket)s and l.expires_at > now()

-- name: steps
-- When a ticket came to somebody, came under way, was taken back; and how much its customer told that no turn has taken yet.
select min(at) filter (where what = 'assignee' and after <> '') as assigned_at,
    max(at) filter (where what = 'status' and after = 'in_progress') as begun_at,
    max(at) filter (where what = 'status' and after = 'cancelled') as cancelled_at,
    (select count(*) from inbox i where i.conversation_id = %(conversation_id)s and i.kind = 'ticket_told'
        and i.state = 'waiting' and i.content ->> 'number' = %(ticket)s) as waiting
from ticket_changes where ticket = %(ticket)s

-- name: usual
-- How long the last tickets of a desk and a kind took until they were resolved; none while too few were.
select percentile_cont(0.5) within group (order by extract(epoch from resolved_at - created_at))::float as median_s
from (
    select created_at, resolved_at from tickets
    where desk_id = %(desk)s and kind = %(kind)s and status = 'resolved' and created_at > now() - interval '60 days'
    order by created_at desc limit 200
) t
having count(*) >= 5

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
