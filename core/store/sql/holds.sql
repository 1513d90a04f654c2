-- part: hold
h.id, h.key, h.number, h.resource, h.unit, lower(h.period) as lower, upper(h.period) as upper, h.state, h.until, h.kept

-- part: live
(h.state = 'booked' or h.state = 'held' and h.until > now())

-- part: mine
h.desk_id = %(desk_id)s and h.key = %(key)s

-- part: own
h.desk_id = %(desk_id)s and h.key = %(key)s
        and (%(conversation_id)s::bigint is null or h.conversation_id = %(conversation_id)s)

-- name: line
-- Takers of one resource stand in line, so that units can be counted; the wait ends with the lock timeout of the
-- connection. That no two have one unit is proved by the exclusion constraint, not by this.
select pg_advisory_xact_lock(hashtextextended(%(desk_id)s || e'\x1f' || %(resource)s, 7878004))

-- part: over
-- The end of a hold whose time is over: `released` where what it was for is booked elsewhere, else `expired`.
case when exists (select 1 from hold_acts a where a.hold_id = h.id and a.act = 'booked') then 'released' else 'expired' end

-- name: lapse
-- Ends the holds in the way whose time is over, and ours of that key: an exclusion constraint cannot see the clock.
with gone as (
    update holds h set state = @over@, ended_at = now()
    where h.desk_id = %(desk_id)s and h.state = 'held' and h.until <= now()
        and (h.key = %(key)s or h.resource = %(resource)s and h.period && tstzrange(%(lower)s, %(upper)s))
    returning h.*
)
insert into hold_acts (hold_id, desk_id, key, act, resource, unit, period, until)
select g.id, g.desk_id, g.key, g.state, g.resource, g.unit, g.period, g.until from gone g

-- name: lapse_some
-- Marks one small batch of holds whose time is over, so that they are counted though nobody came for their places.
with gone as (
    update holds h set state = @over@, ended_at = now()
    where h.id in (
        select id from holds where state = 'held' and until <= now() order by until limit %(size)s for update skip locked
    )
    returning h.*
)
insert into hold_acts (hold_id, desk_id, key, act, resource, unit, period, until)
select g.id, g.desk_id, g.key, g.state, g.resource, g.unit, g.period, g.until from gone g

-- name: live
-- The holds and bookings of one key.
select @hold@ from holds h where @mine@ and @live@ order by h.number

-- name: taken
-- Units that somebody has at any moment of the period.
select distinct h.resource, h.unit from holds h
where h.desk_id = %(desk_id)s and (%(resource)s = '' or h.resource = %(resource)s) and @live@
    and h.period && tstzrange(%(lower)s, %(upper)s) and h.key <> %(but)s
order by h.resource, h.unit

-- name: counted
-- How many of a resource are had at some moment of the period.
select count(*) as holds from holds h
where h.desk_id = %(desk_id)s and h.resource = %(resource)s and @live@ and h.period && tstzrange(%(lower)s, %(upper)s)

-- name: take
-- The first so many of these units that nobody has. `do nothing` is the exclusion constraint's answer to a taker who
-- came in between without standing in line.
with free as (
    select u.unit, row_number() over (order by u.place) as number
    from unnest(%(unit)s::text[]) with ordinality as u (unit, place)
    where not exists (
        select 1 from holds h
        where h.desk_id = %(desk_id)s and h.resource = %(resource)s and h.unit = u.unit
            and h.state in ('held', 'booked') and h.period && tstzrange(%(lower)s, %(upper)s)
    )
    order by u.place limit %(count)s
),
taken as (
    insert into holds as h (desk_id, conversation_id, key, number, resource, unit, period, until)
    select %(desk_id)s, %(conversation_id)s, %(key)s, f.number, %(resource)s, f.unit,
        tstzrange(%(lower)s, %(upper)s), now() + %(for_s)s * interval '1 second'
    from free f where (select count(*) from free) = %(count)s
    on conflict do nothing
    returning h.*
),
noted as (
    insert into hold_acts (hold_id, desk_id, key, act, resource, unit, period, until)
    select t.id, t.desk_id, t.key, 'taken', t.resource, t.unit, t.period, t.until from taken t
)
select @hold@ from taken h order by h.number

-- name: undo
-- Takes back what was taken just now: somebody who stood in no line has the others, and some are of no use.
delete from holds where id = any(%(id)s::bigint[])

-- name: conflict
-- Notes that somebody wanted units that others have.
insert into hold_acts (desk_id, key, act, resource, unit, period)
values (%(desk_id)s, %(key)s, 'conflict', %(resource)s, '', tstzrange(%(lower)s, %(upper)s))

-- name: keep
-- Its owner has it longer: `kept` twice at most, `looked_at` and `worked_on` without counting. Never shorter than it was.
with longer as (
    update holds h set until = greatest(h.until, now() + %(for_s)s * interval '1 second'),
        kept = h.kept + case when %(act)s = 'kept' then 1 else 0 end
    where @own@ and h.state = 'held' and h.until > now() and (%(act)s <> 'kept' or h.kept < 2)
    returning h.*
),
noted as (
    insert into hold_acts (hold_id, desk_id, key, act, resource, unit, period, until)
    select l.id, l.desk_id, l.key, %(act)s, l.resource, l.unit, l.period, l.until from longer l
)
select @hold@ from longer h order by h.number

-- name: given
-- Booked where somebody else gives out the units. The hold ends by itself after so long: others who read just before may
-- still count on its place being had.
with given as (
    update holds h set until = least(h.until, now() + %(for_s)s * interval '1 second')
    where @mine@ and h.state = 'held' and h.until > now()
    returning h.*
)
insert into hold_acts (hold_id, desk_id, key, act, resource, unit, period, until)
select g.id, g.desk_id, g.key, 'booked', g.resource, g.unit, g.period, g.until
from given g where not exists (select 1 from hold_acts a where a.hold_id = g.id and a.act = 'booked')

-- name: finish
-- Its owner is done with it: `released` while it is held, `cancelled` once it was booked.
with gone as (
    update holds h set state = %(act)s, ended_at = now()
    where @own@ and h.state = case %(act)s::text when 'cancelled' then 'booked' else 'held' end
    returning h.*
)
insert into hold_acts (hold_id, desk_id, key, act, resource, unit, period, until)
select g.id, g.desk_id, g.key, %(act)s, g.resource, g.unit, g.period, g.until from gone g

-- name: book
-- A hold that is still its owner's becomes a booking, which lasts until its period is over.
with booked as (
    update holds h set state = 'booked', until = upper(h.period) where @mine@ and h.state = 'held' and h.until > now()
    returning h.*
),
noted as (
    insert into hold_acts (hold_id, desk_id, key, act, resource, unit, period, until)
    select b.id, b.desk_id, b.key, 'booked', b.resource, b.unit, b.period, b.until from booked b
)
select @hold@ from booked h order by h.number

-- name: move
-- Another time for what is booked. The exclusion constraint refuses it where somebody else is.
with moved as (
    update holds h set period = tstzrange(%(lower)s, %(upper)s), until = %(upper)s where @mine@ and h.state = 'booked'
    returning h.*
),
noted as (
    insert into hold_acts (hold_id, desk_id, key, act, resource, unit, period, until)
    select m.id, m.desk_id, m.key, 'moved', m.resource, m.unit, m.period, m.until from moved m
)
select @hold@ from moved h order by h.number

-- name: rehouse
-- Another unit for what is held or booked, also in what its booking says of it.
with moved as (
    update holds h set unit = %(unit)s
    where h.id = %(id)s and h.desk_id = %(desk_id)s and h.unit = %(expected)s and @live@
        and h.period = tstzrange(%(lower)s, %(upper)s)
    returning h.*
),
booked as (
    update bookings b set changed_at = now(), content = jsonb_set(b.content, '{units}', (
        select jsonb_agg(case when u.unit = %(expected)s then %(unit)s::text else u.unit end order by u.at)
        from jsonb_array_elements_text(b.content -> 'units') with ordinality as u (unit, at)
    ))
    from moved m where b.desk_id = m.desk_id and b.hold_key = m.key and b.content -> 'units' ? %(expected)s
)
insert into hold_acts (hold_id, desk_id, key, act, resource, unit, period, until)
select m.id, m.desk_id, m.key, 'moved', m.resource, m.unit, m.period, m.until from moved m

-- name: purge
-- One small batch of holds that ended long ago, with their acts.
delete from holds where id in (
    select id from holds where state in ('expired', 'released', 'cancelled')
        and ended_at < now() - %(keep_days)s * interval '1 day' limit %(size)s
)

-- name: purge_acts
-- Conflicts belong to no hold, and are purged by their age.
delete from hold_acts where id in (
    select id from hold_acts where hold_id is null and at < now() - %(keep_days)s * interval '1 day' limit %(size)s
)
