-- part: booking
b.id, b.desk_id, b.conversation_id, b.quote_id, b.key, b.hold_key, b.reference, b.resource, lower(b.period) as lower,
upper(b.period) as upper, b.amount, b.currency, b.state, b.attention, b.content, b.source, b.created_at

-- name: ask
-- Writes down that a booking is asked for, before it is: from now on it is unknown until its outcome is.
insert into bookings as b (desk_id, conversation_id, quote_id, key, hold_key, resource, period, amount, currency, content,
    source)
values (%(desk_id)s, %(conversation_id)s, %(quote_id)s, %(key)s, %(hold_key)s, %(resource)s,
    tstzrange(%(lower)s, %(upper)s), %(amount)s, %(currency)s, %(content)s::jsonb, %(source)s)
on conflict (desk_id, key) do update set state = 'unknown', changed_at = now(), quote_id = excluded.quote_id,
    hold_key = excluded.hold_key, resource = excluded.resource, period = excluded.period, amount = excluded.amount,
    currency = excluded.currency, content = excluded.content
where b.state in ('failed', 'unknown')

-- name: settle
-- The outcome of a booking that was asked for: how it stands, under which number, and what reception must look at. One
-- that is booked has not failed, whatever a worker says that came too late.
update bookings b set state = %(state)s, reference = coalesce(%(reference)s, b.reference), changed_at = now(),
    attention = case when %(attention)s = '' then b.attention else %(attention)s end,
    quote_id = coalesce(%(quote_id)s, b.quote_id),
    content = b.content || %(content)s::jsonb
where b.desk_id = %(desk_id)s and b.key = %(key)s and not (%(state)s = 'failed' and b.state in ('booked', 'cancelled'))

-- name: move
-- Another time or price for what is booked, and perhaps another resource.
update bookings b set resource = coalesce(%(resource)s, b.resource), period = tstzrange(%(lower)s, %(upper)s), amount = %(amount)s, changed_at = now(),
    content = b.content || %(content)s::jsonb
where b.desk_id = %(desk_id)s and b.key = %(key)s and b.state = 'booked'

-- name: lock
-- The booking that was asked for, and nobody else settles it until this transaction ends.
select @booking@ from bookings b where b.desk_id = %(desk_id)s and b.key = %(key)s for update

-- name: by_key
select @booking@ from bookings b where b.desk_id = %(desk_id)s and b.key = %(key)s

-- name: by_reference
-- A booking by its number, and only for the person whose it is: on whichever channel they write.
select @booking@ from bookings b
join conversations theirs on theirs.id = b.conversation_id
join conversations mine on mine.id = %(conversation_id)s and mine.contact_id = theirs.contact_id
where b.desk_id = %(desk_id)s and upper(b.reference) = upper(%(reference)s)

-- name: stays_before
-- How often the person whose booking this is has stayed before.
select count(*) as stays
from bookings b
join conversations own on own.id = b.conversation_id
join conversations theirs on theirs.contact_id = own.contact_id
join bookings earlier on earlier.conversation_id = theirs.id and earlier.desk_id = b.desk_id
where b.desk_id = %(desk_id)s and b.key = %(key)s and earlier.state = 'booked' and upper(earlier.period) < lower(b.period)

-- name: of_person
-- The last bookings of the person who writes.
select @booking@ from bookings b
join conversations theirs on theirs.id = b.conversation_id
join conversations mine on mine.id = %(conversation_id)s and mine.contact_id = theirs.contact_id
where b.desk_id = %(desk_id)s order by b.id desc limit %(most)s
