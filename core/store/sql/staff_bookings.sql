-- part: alias
left join conversations conv on conv.id = x.conversation_id
left join contacts c on c.id = conv.contact_id
left join lateral (
    select a.value from aliases a where a.contact_id = conv.contact_id and a.kind <> 'parent_bsuid'
    order by a.kind = 'wa_id' desc, a.learned_at desc limit 1
) alias on true

-- part: theirs
(%(desks)s::text[] is null or x.desk_id = any(%(desks)s))

-- name: page
-- Bookings that fit, newest first, from below an id. At most `walk` are looked at, because no index serves every filter.
select x.id, x.desk_id as desk, x.reference, x.resource, x.content ->> 'name' as title, lower(x.period) as lower,
    upper(x.period) as upper, d.timezone, x.amount, x.currency, x.state, x.attention,
    coalesce(x.content #>> '{guest,name}', '') as guest, x.created_at
from (
    select * from bookings b where b.id < coalesce(%(below)s::bigint, 9223372036854775807) order by b.id desc limit %(walk)s
) x
join desks d on d.id = x.desk_id
where @theirs@ and x.desk_id = any(%(booking)s::text[])
    and (%(desk)s::text is null or x.desk_id = %(desk)s)
    and (%(state)s::text is null or x.state = %(state)s)
    and (%(attention)s::bool is not true or x.attention <> '')
    and (%(begins)s::date is null or (lower(x.period) at time zone d.timezone)::date = %(begins)s)
    and (%(words)s::text is null or lower(x.reference) like folded(%(words)s)
        or %(reads)s and folded(x.content #>> '{guest,name}') like folded(%(words)s))
order by x.id desc limit %(most)s

-- name: walked
-- The last that such a walk looks at; nothing when it comes to the end first.
select b.id from bookings b
where b.id < coalesce(%(below)s::bigint, 9223372036854775807) order by b.id desc offset %(walk)s - 1 limit 1

-- name: held
-- Live holds that are no booking yet, the first to end first: one row for each key.
select x.id, x.desk_id as desk, x.resource, x.units, x.lower, x.upper, d.timezone, x.until, c.name as contact_name,
    alias.value as alias
from (
    select min(h.id) as id, h.desk_id, h.key, min(h.resource) as resource, array_agg(h.unit order by h.number) as units,
        min(lower(h.period)) as lower, max(upper(h.period)) as upper, min(h.until) as until,
        min(h.conversation_id) as conversation_id
    from holds h
    where h.state = 'held' and h.until > now()
        and not exists (
            select 1 from bookings b
            where b.desk_id = h.desk_id and b.hold_key = h.key and b.state in ('booked', 'unknown')
        )
    group by h.desk_id, h.key
) x
join desks d on d.id = x.desk_id
@alias@
where @theirs@ and x.desk_id = any(%(booking)s::text[])
order by x.until, x.id limit %(most)s

-- part: asked
x.id, x.desk_id as desk, x.service, x.what, x.key, x.state, x.wanted, x.wanted_at, x.conversation_id, x.content, x.error,
    c.name as contact_name, alias.value as alias,
    (select b.id from bookings b where b.conversation_id = x.conversation_id
        and (b.key = 'turno-' || x.conversation_id || '-' || x.key or b.hold_key = x.content ->> 'hold') limit 1) as booking_id,
    (select h.id from holds h where h.conversation_id = x.conversation_id and h.key = x.content ->> 'hold'
        order by h.id desc limit 1) as hold_id

-- name: asked
-- Errands whose outcome nobody knows, the longest wait first.
select @asked@
from (
    select e.*, ch.desk_id from errands e
    join conversations at on at.id = e.conversation_id join channels ch on ch.id = at.channel_id
    where e.state = 'unknown' order by e.id limit 500
) x
@alias@
where @theirs@ and x.desk_id = any(%(booking)s::text[])
order by x.wanted_at, x.id limit %(most)s

-- name: one_asked
-- One errand, for those whose desk it is.
select @asked@
from (
    select e.*, ch.desk_id from errands e
    join conversations at on at.id = e.conversation_id join channels ch on ch.id = at.channel_id
    where e.id = %(id)s
) x
@alias@
where @theirs@

-- name: in_full
-- One booking, whole.
select x.id, x.desk_id as desk, d.name as desk_name, d.timezone, d.menu, x.conversation_id, x.quote_id, x.key, x.hold_key,
    x.reference, x.resource, lower(x.period) as lower, upper(x.period) as upper, x.amount, x.currency, x.state,
    x.attention, x.content, x.source, x.created_at, x.changed_at, c.name as contact_name, alias.value as alias
from bookings x
join desks d on d.id = x.desk_id
@alias@
where x.id = %(id)s and @theirs@

-- name: hold
-- One hold, for those whose desk it is, and the booking that was made of it.
select x.id, x.desk_id as desk, d.name as desk_name, d.timezone, d.menu, x.conversation_id, x.key, x.resource, x.unit,
    lower(x.period) as lower, upper(x.period) as upper,
    case when x.state = 'held' and x.until <= now() then 'expired' else x.state end as state, x.until, x.created_at,
    c.name as contact_name, alias.value as alias,
    (select b.id from bookings b where b.desk_id = x.desk_id and b.hold_key = x.key limit 1) as booking_id
from holds x
join desks d on d.id = x.desk_id
@alias@
where x.id = %(id)s and @theirs@

-- name: holds
-- The holds of one key, oldest first; those whose time is over count as expired.
select h.id, h.number, h.resource, h.unit, lower(h.period) as lower, upper(h.period) as upper,
    case when h.state = 'held' and h.until <= now() then 'expired' else h.state end as state, h.until, h.kept, h.created_at
from holds h where h.desk_id = %(desk_id)s and h.key = %(key)s order by h.id limit 50

-- name: acts
-- Acts on the holds of one key, oldest first.
select a.act, a.unit, a.until, a.at from hold_acts a
where a.desk_id = %(desk_id)s and a.hold_id in (select h.id from holds h where h.desk_id = %(desk_id)s and h.key = %(key)s)
order by a.id limit 100

-- name: quotes
-- The last prices that were told in a conversation, newest first.
select q.id, q.resource, q.content ->> 'name' as title, lower(q.period) as lower, upper(q.period) as upper, q.amount,
    q.tax, q.currency, q.source, q.read_at, q.good_until, q.good_until <= now() as over, q.created_at
from quotes q where q.conversation_id = %(conversation_id)s order by q.id desc limit 12

-- name: errands
-- Slow work about one booking or hold: of its key, or that names its hold, its quote or its number.
select e.id, e.service, e.what, e.key, e.state, e.attempts, e.wanted, e.error, e.content, e.result, e.answer, e.created_at,
    e.wanted_at, e.begun_at, e.finished_at
from errands e
where e.conversation_id = %(conversation_id)s and (
    'turno-' || e.conversation_id || '-' || e.key = %(key)s or e.content ->> 'hold' = %(hold_key)s
    or e.content ->> 'quote' = %(quote)s or upper(e.content ->> 'reference') = upper(nullif(%(reference)s, ''))
)
order by e.id desc limit 30

-- name: told_of
-- The event that tells a conversation of an errand's answer; none while a worker has not done it.
select i.id from inbox i
where i.conversation_id = %(conversation_id)s and i.kind = 'errand'
    and i.external_id in ('errand:' || %(errand_id)s::bigint, 'errand:' || %(errand_id)s::bigint || ':' || %(wanted)s::int)
order by i.id desc limit 1

-- name: tickets
-- Tickets of the conversation that a booking was made in, newest first.
select t.number, t.kind, t.status, t.priority, t.summary, coalesce(t.content ->> 'hold', '') as hold_key,
    t.content - 'given' as content, t.created_at
from tickets t
where t.conversation_id = %(conversation_id)s order by t.created_at desc, t.number limit 10

-- name: receipts
-- Open tickets about something that is held for a customer, the longest wait first.
select t.number, t.desk_id as desk, t.kind, t.summary, t.created_at, h.id as hold_id
from tickets t
join lateral (
    select id from holds h where h.desk_id = t.desk_id and h.key = t.content ->> 'hold' order by h.id desc limit 1
) h on true
where t.status in ('pending', 'in_progress') and t.content ->> 'hold' <> '' and t.desk_id = any(%(booking)s::text[])
    and (%(desks)s::text[] is null or t.desk_id = any(%(desks)s))
order by t.created_at, t.number limit %(most)s

-- name: photos
-- The last photos of the conversation that a booking was made in.
select p.id, p.purpose, p.received_at from photos p
where p.conversation_id = %(conversation_id)s order by p.received_at desc, p.id desc limit 6

-- name: audited
-- Audit of a booking or a hold, newest first; that somebody looked at it is left out.
select a.at, a.who, staff.name, a.did, a.why
from audit a
left join staff on staff.email = a.who
where a.subject ~ '^(booking|hold):' and split_part(a.subject, ' ', 1) = any(%(subjects)s::text[])
    and a.did not like 'read %%'
order by a.id desc limit 50

-- name: units
-- The units of a resource that a business lists, but those that somebody has at some moment of the period.
select k.key as unit from catalogue k
where k.desk_id = %(desk_id)s and k.kind = %(kind)s and k.content ->> %(column)s = %(resource)s
    and not exists (
        select 1 from holds h
        where h.desk_id = %(desk_id)s and h.resource = %(resource)s and h.unit = k.key
            and (h.state = 'booked' or h.state = 'held' and h.until > now())
            and h.period && tstzrange(%(lower)s, %(upper)s)
    )
order by k.key limit 500
