-- name: find
-- People with one of these names, or whose phone ends in these digits; the digits of a phone are written with or
-- without the country's.
select c.id, c.name, c.erased_at, array_agg(distinct a.kind || ' ' || a.value) as names
from contacts c
join aliases a on a.contact_id = c.id
where a.value = %(name)s or (%(digits)s <> '' and a.kind = 'wa_id' and right(a.value, length(%(digits)s)) = %(digits)s)
group by c.id order by c.id limit 50

-- name: holdings
-- The person and the number of rows about them: all that an export brings and an erasure takes.
select c.id, c.name, c.created_at, c.erased_at,
    coalesce((select array_agg(a.kind || ' ' || a.value order by a.kind, a.value) from aliases a where a.contact_id = c.id),
        '{}') as names,
    (select count(*) from conversations v where v.contact_id = c.id) as conversations,
    coalesce((select array_agg(distinct ch.desk_id) from conversations v join channels ch on ch.id = v.channel_id
        where v.contact_id = c.id and ch.desk_id is not null), '{}') as desks,
    (select count(*) from inbox i join conversations v on v.id = i.conversation_id where v.contact_id = c.id) as events,
    (select count(*) from outbox o join conversations v on v.id = o.conversation_id where v.contact_id = c.id) as sends,
    (select count(*) from steps s join conversations v on v.id = s.conversation_id where v.contact_id = c.id) as steps,
    (select count(*) from photos p join conversations v on v.id = p.conversation_id where v.contact_id = c.id) as photos,
    (select count(*) from tickets t join conversations v on v.id = t.conversation_id where v.contact_id = c.id) as tickets,
    (select count(*) from tickets t join conversations v on v.id = t.conversation_id where v.contact_id = c.id
        and t.status in ('pending', 'in_progress')) as open_tickets
from contacts c where c.id = %(contact_id)s

-- name: lock
-- Locks the person: no second erasure runs meanwhile, and no arriving event is matched to this person. The order of locks is
-- that of a turn (session, inbox, media, timers, outbox), with the contact before them all, as where people are met.
select id, now() as now from contacts where id = %(contact_id)s for update

-- name: names
select scope, kind, value from aliases where contact_id = %(contact_id)s order by scope, kind, value

-- name: remember
-- That these names were erased, and when last: the names themselves cannot be had from their digests.
insert into tombstones (digest, key, erased_at)
select t.digest, %(key)s, t.erased_at
from unnest(%(digest)s::text[], %(erased_at)s::timestamptz[]) as t (digest, erased_at)
on conflict (digest) do update
    set key = excluded.key, erased_at = greatest(tombstones.erased_at, excluded.erased_at)

-- name: mark_events
-- A late copy of these events must not bring the person back: the platform repeats for seven days.
insert into erased_events (digest)
select encode(sha256(convert_to(i.external_id, 'UTF8')), 'hex')
from inbox i join conversations v on v.id = i.conversation_id
where v.contact_id = %(contact_id)s and i.received_at > now() - interval '8 days'
on conflict do nothing

-- name: cut_sessions
-- A turn under way finds no session to save, and nobody claims these conversations any more.
delete from sessions where conversation_id in (select id from conversations where contact_id = %(contact_id)s)

-- name: cut_waiting
delete from inbox
where state = 'waiting' and conversation_id in (select id from conversations where contact_id = %(contact_id)s)

-- name: cut_nameless
-- Events without a conversation that mention one of these names: dead letters of unreadable items, notices.
with gone as (
    delete from inbox i
    where i.conversation_id is null and exists (
        select 1 from unnest(%(values)s::text[]) as t (value)
        where strpos(i.raw::text, t.value) > 0 or strpos(i.content::text, t.value) > 0 or strpos(i.text, t.value) > 0
    )
    returning external_id, received_at
)
insert into erased_events (digest)
select encode(sha256(convert_to(external_id, 'UTF8')), 'hex') from gone where received_at > now() - interval '8 days'
on conflict do nothing

-- name: cut_errands
delete from errands
where state = 'waiting' and conversation_id in (select id from conversations where contact_id = %(contact_id)s)

-- name: uploads
-- Uploads of this person that no worker has examined yet: no photo names them, and none will once they are cut off.
select substr(e.content ->> 'media_id', length('upload:') + 1) as sha256
from errands e join conversations v on v.id = e.conversation_id
where v.contact_id = %(contact_id)s and e.state = 'waiting' and e.content ->> 'media_id' like 'upload:%%'
union
select substr(i.content ->> 'media_id', length('upload:') + 1)
from inbox i join conversations v on v.id = i.conversation_id
where v.contact_id = %(contact_id)s and i.state = 'waiting' and i.kind = 'image'
    and i.content ->> 'media_id' like 'upload:%%'

-- name: cut_timers
delete from timers where conversation_id in (select id from conversations where contact_id = %(contact_id)s)

-- name: cut_sends
-- Cancels sends that wait; those under way go out.
delete from outbox
where state = 'waiting' and conversation_id in (select id from conversations where contact_id = %(contact_id)s)

-- name: cut_statuses
-- Statuses that wait for a send which never was ours.
delete from deliveries where outbox_id is null and recipient = any(%(values)s::text[])

-- name: cut_questions
-- Queries of staff about one of these names, however its digits were set apart; and about the person by
-- name, where it has two words or more: one word alone may be a word of SQL, or of anything.
with person as (
    select phraseto_tsquery('simple', folded(name)) as called from contacts
    where id = %(contact_id)s and name ~ '\w\W+\w'
), runs as (
    delete from console_runs r
    where exists (
        select 1 from unnest(%(values)s::text[]) as t (value)
        where strpos(r.sql, t.value) > 0 or strpos(translate(r.sql, ' -.()', ''), t.value) > 0
    ) or exists (select 1 from person where to_tsvector('simple', folded(r.sql)) @@ called)
)
delete from console_queries q
where exists (
    select 1 from unnest(%(values)s::text[]) as t (value)
    where strpos(q.name || ' ' || q.sql, t.value) > 0 or strpos(translate(q.name || ' ' || q.sql, ' -.()', ''), t.value) > 0
) or exists (select 1 from person where to_tsvector('simple', folded(q.name || ' ' || q.sql)) @@ called)

-- name: cut_web
-- A browser that is still open begins anew.
delete from web_sessions where secret_hash = any(%(values)s::text[])

-- name: cut_mapping
delete from desk_contacts m using aliases a
where a.contact_id = %(contact_id)s and m.kind = a.kind and m.value = a.value

-- name: cut_names
delete from aliases where contact_id = %(contact_id)s

-- name: cut_contact
update contacts set name = '', erased_at = coalesce(erased_at, now()) where id = %(contact_id)s

-- name: doomed
-- Somebody who was erased, and of whom there are rows left.
select id from contacts where erased_at is not null order by erased_at limit 1

-- name: erase_sends
with gone as (
    delete from outbox where id in (
        select o.id from outbox o join conversations v on v.id = o.conversation_id
        where v.contact_id = %(contact_id)s limit %(size)s
    )
    returning id
),
told as (
    delete from deliveries d using gone where d.outbox_id = gone.id
)
select count(*) as gone from gone

-- name: erase_events
with gone as (
    delete from inbox where id in (
        select i.id from inbox i join conversations v on v.id = i.conversation_id
        where v.contact_id = %(contact_id)s limit %(size)s
    )
    returning external_id, received_at
),
marked as (
    insert into erased_events (digest)
    select encode(sha256(convert_to(external_id, 'UTF8')), 'hex') from gone
    where received_at > now() - interval '8 days'
    on conflict do nothing
)
select count(*) as gone from gone

-- name: erase_steps
with gone as (
    delete from steps s using (
        select s.conversation_id, s.version from steps s join conversations v on v.id = s.conversation_id
        where v.contact_id = %(contact_id)s limit %(size)s
    ) t
    where s.conversation_id = t.conversation_id and s.version = t.version
    returning 1
)
select count(*) as gone from gone

-- name: erase_errands
with gone as (
    delete from errands where id in (
        select e.id from errands e join conversations v on v.id = e.conversation_id
        where v.contact_id = %(contact_id)s limit %(size)s
    )
    returning 1
)
select count(*) as gone from gone

-- name: erase_quotes
with gone as (
    delete from quotes where id in (
        select q.id from quotes q join conversations v on v.id = q.conversation_id
        where v.contact_id = %(contact_id)s limit %(size)s
    )
    returning 1
)
select count(*) as gone from gone

-- name: erase_bookings
-- A booking stays: somebody comes, or came, to that place at that time. Nothing in it tells any more who.
with emptied as (
    update bookings b set content = '{}', conversation_id = null, quote_id = null
    from (
        select b.id from bookings b join conversations v on v.id = b.conversation_id
        where v.contact_id = %(contact_id)s limit %(size)s
    ) mine
    where b.id = mine.id
    returning 1
)
select count(*) as gone from emptied

-- name: erase_photos
delete from photos where id in (
    select p.id from photos p join conversations v on v.id = p.conversation_id
    where v.contact_id = %(contact_id)s limit %(size)s
)
returning sha256, stored_at

-- name: erase_own_files
with gone as (
    delete from own_files f using (
        select o.conversation_id, o.name from own_files o join conversations v on v.id = o.conversation_id
        where v.contact_id = %(contact_id)s limit %(size)s
    ) mine
    where f.conversation_id = mine.conversation_id and f.name = mine.name
    returning 1
)
select count(*) as gone from gone

-- name: erase_proofs
with gone as (
    delete from proofs p using (
        select o.desk_id, o.kind, o.digest from proofs o join conversations v on v.id = o.conversation_id
        where v.contact_id = %(contact_id)s limit %(size)s
    ) mine
    where p.desk_id = mine.desk_id and p.kind = mine.kind and p.digest = mine.digest
    returning 1
)
select count(*) as gone from gone

-- name: erase_tickets
-- A ticket stays as a number in the statistics: its kind, its centre, its times and its ratings, and nothing that was
-- said. One that was open is cancelled: there is nobody to be told, and nothing to go by.
with emptied as (
    update tickets t
    set summary = '', conversation_id = null,
        status = case when t.status in ('pending', 'in_progress') then 'cancelled' else t.status end,
        content = jsonb_strip_nulls(jsonb_build_object('arrival', case when t.content ? 'arrival' then
            jsonb_build_object('code', t.content #> '{arrival,code}', 'name', t.content #> '{arrival,name}') end))
    from (
        select t.number from tickets t join conversations v on v.id = t.conversation_id
        where v.contact_id = %(contact_id)s limit %(size)s
    ) mine
    where t.number = mine.number
    returning t.number
),
silenced as (
    update surveys s set comment = '' from emptied where s.ticket = emptied.number
),
unlinked as (
    delete from ticket_links l using emptied where l.ticket = emptied.number
),
unnoted as (
    update ticket_changes h set note = '' from emptied where h.ticket = emptied.number and h.note <> ''
)
select count(*) as gone from emptied

-- name: erase_contact
-- The last of it, and with it whatever came in at the very moment of the erasure.
delete from contacts where id = %(contact_id)s and erased_at is not null

-- name: living
-- A page of the people there are, each with all its names.
select c.id, c.created_at, a.scope, a.kind, a.value
from (select id, created_at from contacts where id > %(after)s and erased_at is null order by id limit %(size)s) c
left join aliases a on a.contact_id = c.id
order by c.id

-- name: tombstones
select digest, key, erased_at from tombstones order by erased_at, digest

-- name: copies
-- Of these events, the copies whose sender was erased after they came the first time.
select t.external_id
from unnest(%(external_id)s::text[]) as t (external_id)
join erased_events e on e.digest = encode(sha256(convert_to(t.external_id, 'UTF8')), 'hex')

-- name: forget_events
-- One small batch of marks that no copy can need any more.
delete from erased_events where digest in (
    select digest from erased_events where at < now() - interval '8 days' limit %(size)s
)
