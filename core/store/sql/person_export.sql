-- name: contact
-- Each block gives the rows of one person as lines of JSON, those after the last one had (-1: from the beginning).
select 0 as after, row_to_json(t)::text as line from contacts t where t.id = %(contact_id)s and %(after)s < 0

-- name: aliases
-- By what a browser is known, no file tells.
select 0 as after, (case when t.kind = 'web' then row_to_json(t)::jsonb - 'value' else row_to_json(t)::jsonb end)::text
    as line
from aliases t
where t.contact_id = %(contact_id)s and %(after)s < 0 order by t.scope, t.kind, t.value

-- name: conversations
select t.id as after, row_to_json(t)::text as line
from (
    select v.*, ch.kind as channel_kind, ch.address, ch.desk_id
    from conversations v join channels ch on ch.id = v.channel_id
    where v.contact_id = %(contact_id)s and v.id > %(after)s
) t
order by t.id limit %(size)s

-- name: sessions
select t.conversation_id as after, row_to_json(t)::text as line
from sessions t join conversations v on v.id = t.conversation_id
where v.contact_id = %(contact_id)s and t.conversation_id > %(after)s order by t.conversation_id limit %(size)s

-- name: inbox
select t.id as after, row_to_json(t)::text as line
from inbox t join conversations v on v.id = t.conversation_id
where v.contact_id = %(contact_id)s and t.id > %(after)s order by t.id limit %(size)s

-- name: outbox
select t.id as after, row_to_json(t)::text as line
from outbox t join conversations v on v.id = t.conversation_id
where v.contact_id = %(contact_id)s and t.id > %(after)s order by t.id limit %(size)s

-- name: deliveries
select t.id as after, row_to_json(t)::text as line
from deliveries t join outbox o on o.id = t.outbox_id join conversations v on v.id = o.conversation_id
where v.contact_id = %(contact_id)s and t.id > %(after)s order by t.id limit %(size)s

-- name: steps
-- A step's two numbers as one.
select (t.conversation_id << 31) + t.version as after, row_to_json(t)::text as line
from steps t join conversations v on v.id = t.conversation_id
where v.contact_id = %(contact_id)s
    and (t.conversation_id, t.version) > (%(after)s::bigint >> 31, %(after)s::bigint & 2147483647)
order by t.conversation_id, t.version limit %(size)s

-- name: timers
select 0 as after, row_to_json(t)::text as line
from timers t join conversations v on v.id = t.conversation_id
where v.contact_id = %(contact_id)s and %(after)s < 0 order by t.conversation_id, t.name

-- name: tickets
select 0 as after, row_to_json(t)::text as line
from tickets t join conversations v on v.id = t.conversation_id
where v.contact_id = %(contact_id)s and %(after)s < 0 order by t.created_at, t.number

-- name: ticket_changes
select h.id as after, row_to_json(h)::text as line
from ticket_changes h join tickets t on t.number = h.ticket join conversations v on v.id = t.conversation_id
where v.contact_id = %(contact_id)s and h.id > %(after)s order by h.id limit %(size)s

-- name: surveys
select 0 as after, row_to_json(s)::text as line
from surveys s join tickets t on t.number = s.ticket join conversations v on v.id = t.conversation_id
where v.contact_id = %(contact_id)s and %(after)s < 0 order by s.ticket

-- name: survey_answers
select 0 as after, row_to_json(a)::text as line
from survey_answers a join tickets t on t.number = a.ticket join conversations v on v.id = t.conversation_id
where v.contact_id = %(contact_id)s and %(after)s < 0 order by a.ticket, a.question

-- name: errands
select t.id as after, row_to_json(t)::text as line
from errands t join conversations v on v.id = t.conversation_id
where v.contact_id = %(contact_id)s and t.id > %(after)s order by t.id limit %(size)s

-- name: quotes
select t.id as after, row_to_json(t)::text as line
from quotes t join conversations v on v.id = t.conversation_id
where v.contact_id = %(contact_id)s and t.id > %(after)s order by t.id limit %(size)s

-- name: bookings
select t.id as after, row_to_json(t)::text as line
from bookings t join conversations v on v.id = t.conversation_id
where v.contact_id = %(contact_id)s and t.id > %(after)s order by t.id limit %(size)s

-- name: photos
select t.id as after, row_to_json(t)::text as line, t.sha256
from photos t join conversations v on v.id = t.conversation_id
where v.contact_id = %(contact_id)s and t.id > %(after)s order by t.id limit %(size)s

-- name: own_files
-- Pictures that we showed; the bytes as they were said.
select t.place as after,
    (row_to_json(t)::jsonb - 'place' - 'content' || jsonb_build_object('content', encode(t.content, 'base64')))::text as line
from (
    select f.*, row_number() over (order by f.conversation_id, f.name) as place
    from own_files f join conversations v on v.id = f.conversation_id
    where v.contact_id = %(contact_id)s
) t
where t.place > %(after)s order by t.place limit %(size)s

-- name: proofs
select 0 as after, row_to_json(p)::text as line
from proofs p join conversations v on v.id = p.conversation_id
where v.contact_id = %(contact_id)s and %(after)s < 0 order by p.used_at

-- name: web_sessions
-- Without what lets a browser go on with the conversation.
select 0 as after, (row_to_json(w)::jsonb - 'csrf_token' - 'secret_hash')::text as line
from web_sessions w join aliases a on a.kind = 'web' and a.value = w.secret_hash
where a.contact_id = %(contact_id)s and %(after)s < 0 order by w.created_at

-- name: desk_contacts
select 0 as after, (row_to_json(m)::jsonb - 'mapped_by')::text as line
from desk_contacts m join aliases a on a.kind = m.kind and a.value = m.value
where a.contact_id = %(contact_id)s and %(after)s < 0 order by m.kind, m.value

-- name: transcript
-- The transcript, word for word, one conversation after the other.
select 0 as after, to_char(t.at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' UTC  ' || t.author || ': ' || t.text
    as line
from report.transcript t join conversations v on v.id = t.conversation_id
where v.contact_id = %(contact_id)s and %(after)s < 0
order by t.conversation_id, t.at, t.event_id, t.outbound_id nulls first

-- name: staff
-- Names of staff, to be left out: a person's file says what they did, and not who they are.
select email from staff order by length(email) desc, email
