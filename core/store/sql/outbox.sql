-- name: put
-- Said if and only if decided: part of the turn's transaction. Replies that customers fetch are on their way at once.
insert into outbox (
    channel_id, conversation_id, event_id, correlation_id, kind, text, content, initiative, state, sent_at
)
select conv.channel_id, t.conversation_id, t.event_id, t.correlation_id, t.kind, t.text, t.content, t.initiative,
    case when ch.pulled then 'sent' else 'waiting' end, case when ch.pulled then now() end
from unnest(
    %(conversation_id)s::bigint[], %(event_id)s::bigint[], %(correlation_id)s::text[], %(kind)s::text[],
    %(text)s::text[], %(content)s::jsonb[], %(initiative)s::bool[]
) with ordinality as t (conversation_id, event_id, correlation_id, kind, text, content, initiative, ord)
join conversations conv on conv.id = t.conversation_id
join channels ch on ch.id = conv.channel_id
order by t.ord

-- name: claim
-- Mark as going out, before any of it goes: the oldest open reply of each conversation, replies before bulk, as many
-- as the pace of each number and of each customer allows. Both paces are "paid until" times (GCRA), so they are exact
-- across any number of senders. A number's pace keeps a tenth of its rate as the burst, and refills at nine tenths, so
-- that no second ever holds more than the rate.
with number as (
    select ch.id, ch.address, 1 / (0.9 * coalesce(ch.rate_per_s, %(rate_per_s)s)) as period_s,
        floor(
            greatest(1, 0.1 * coalesce(ch.rate_per_s, %(rate_per_s)s))
            - greatest(0, extract(epoch from ch.pace_at - clock_timestamp()))
                * 0.9 * coalesce(ch.rate_per_s, %(rate_per_s)s)
        )::int as quota
    from channels ch
    where ch.kind = %(channel_kind)s and ch.paused_until <= now() and not regexp_replace(ch.address, '/[a-z0-9][a-z0-9-]*$', '') = any(%(barred)s)
        and not exists (
            select 1 from switches s
            where s.kind = 'sending' and s.subject in (ch.address, regexp_replace(ch.address, '/[a-z0-9][a-z0-9-]*$', '')) and s.off and coalesce(s.until > now(), true)
        )
        and exists (select 1 from outbox o where o.channel_id = ch.id and o.state = 'waiting')
    order by ch.id
    for no key update of ch  -- not `for update`: whoever inserts a row of this number holds its key
),
head as materialized (
    select o.id, o.conversation_id, number.id as channel_id, o.waiting_rank
    from number
    cross join lateral (
        select w.id, w.conversation_id, row_number() over (order by w.initiative, w.id) as waiting_rank
        from outbox w
        join conversations c on c.id = w.conversation_id
        where w.channel_id = number.id and w.state = 'waiting' and w.due_at <= now() and c.send_after <= now()
            and c.pace_at <= now() + (%(customer_burst)s - 1) * %(customer_s)s * interval '1 second'
            and not exists (
                select 1 from outbox e where e.conversation_id = w.conversation_id and e.open and e.id < w.id
            )
        order by w.initiative, w.id
        limit greatest(0, least(number.quota, %(size)s))
    ) o
    order by o.waiting_rank
    limit %(size)s
),
taken as (
    update outbox o set state = 'claimed', claimed_at = now(), attempts = o.attempts + 1
    from head where o.id = head.id and o.state = 'waiting'
    returning o.*
),
number_paid as (
    update channels ch
    set pace_at = greatest(ch.pace_at, clock_timestamp()) + t.sends * number.period_s * interval '1 second'
    from (select channel_id, count(*) as sends from taken group by channel_id) t, number
    where ch.id = t.channel_id and number.id = ch.id
),
customer_paid as (
    update conversations c set pace_at = greatest(c.pace_at, now()) + %(customer_s)s * interval '1 second'
    from taken where c.id = taken.conversation_id
)
select taken.id, taken.conversation_id, taken.correlation_id, taken.kind, taken.text, taken.content, taken.initiative,
    taken.attempts, taken.unknowns, number.address,
    %(window_s)s::float is null or s.heard_at > now() - %(window_s)s::float * interval '1 second' as in_window,
    ch.fallback_template, known.names,
    (select extract(epoch from now() - i.received_at) from inbox i where i.id = taken.event_id)::float as waited_s
from taken
join number on number.id = taken.channel_id
join channels ch on ch.id = taken.channel_id
join sessions s on s.conversation_id = taken.conversation_id
join conversations c on c.id = taken.conversation_id
left join lateral (
    select jsonb_object_agg(a.kind, a.value order by a.learned_at) as names from aliases a  -- the last of a kind counts
    where a.contact_id = c.contact_id and a.kind = any(%(reached_by)s) and a.scope in ('', ch.scope)
) known on true
order by taken.id

-- name: mark
-- The outcomes of these sends. A delivery status may have been faster than the platform's own answer: it is not undone.
-- An answer that was late to be written down (the database was away, the janitor gave the sender up) still tells that
-- the platform has it: a second try is called off.
with result as (
    select * from unnest(
        %(id)s::bigint[], %(state)s::text[], %(external_id)s::text[], %(error_code)s::int[], %(error)s::text[],
        %(wait_s)s::float[]
    ) as t (id, state, external_id, error_code, error, wait_s)
),
locked as (
    select o.id from outbox o join result using (id) order by o.id for update of o
)
update outbox o
set state = case
        when o.state in ('claimed', 'unknown') or (o.state = 'waiting' and r.state = 'sent') then r.state
        else o.state
    end,
    external_id = coalesce(r.external_id, o.external_id),
    sent_at = case when r.state = 'sent' then coalesce(o.sent_at, now()) else o.sent_at end,
    error_code = r.error_code,
    error = r.error,
    due_at = case when r.state = 'waiting' then now() + r.wait_s * interval '1 second' else o.due_at end,
    settle_at = case when o.state in ('claimed', 'unknown') and r.state = 'unknown'
        then now() + r.wait_s * interval '1 second' end,
    unknowns = o.unknowns + case when r.state = 'unknown' then 1 else 0 end
from result r join locked using (id)
where o.id = r.id

-- name: reword
-- This send goes out as something else: the template for a shut window. Its text is the one that goes out;
-- its content keeps the reply that was decided.
update outbox set kind = %(kind)s, text = %(text)s, content = %(content)s where id = %(id)s and state = 'claimed'

-- name: refused
-- Questions and pictures with a caption that the platform refused for their form or their file, and after which the
-- customer has heard nothing else.
select o.id, o.kind, o.text, o.content, o.error_code, o.external_id
from outbox o
where o.id = any(%(id)s::bigint[]) and o.state = 'failed' and o.error_code = any(%(code)s::int[])
    and (o.kind in ('buttons', 'list', 'link', 'location_request') or (o.kind = 'image' and o.text <> ''))
    and not o.content ? 'instead_of'
    and not exists (
        select 1 from outbox later
        where later.conversation_id = o.conversation_id and later.id > o.id
            and later.state in ('sent', 'delivered', 'read')
    )
order by o.id for update of o

-- name: say_plainly
-- They go once more, as text. No customer has seen them: the platform said so.
update outbox o
set kind = 'text', text = t.text, content = t.content, state = 'waiting', due_at = now(), external_id = null,
    sent_at = null
from unnest(%(id)s::bigint[], %(text)s::text[], %(content)s::jsonb[]) as t (id, text, content)
where o.id = t.id
returning o.id, o.correlation_id

-- name: hold_customer
-- The platform asked this customer's sends to wait.
update conversations set send_after = now() + %(wait_s)s * interval '1 second' where id = %(conversation_id)s

-- name: hold_number
-- This number's sends wait: the platform asked for it, or a person must look.
update channels
set paused_until = greatest(paused_until, now() + %(wait_s)s * interval '1 second'), paused_why = %(why)s
where kind = %(channel_kind)s and regexp_replace(address, '/[a-z0-9][a-z0-9-]*$', '') = %(number)s

-- name: resume_number
update channels set paused_until = '-infinity', paused_why = ''
where kind = %(channel_kind)s and regexp_replace(address, '/[a-z0-9][a-z0-9-]*$', '') = %(number)s

-- name: rescue
-- Marked as going out, and then nobody told what became of it: its sender died. The outcome is unknown, and a
-- delivery status may still tell: it gets its whole time from now on, because we may all have been away until now.
update outbox
set state = 'unknown', unknowns = unknowns + 1, error = 'the sender stopped in the middle',
    settle_at = now() + %(settle_s)s * interval '1 second'
where id in (
    select id from outbox
    where state = 'claimed' and claimed_at < now() - %(lease_s)s * interval '1 second'
    order by id limit %(size)s for update skip locked
)
returning id, correlation_id

-- name: give_time
-- We were not listening for a while: statuses that could not reach us meanwhile get their whole time again.
update outbox set settle_at = now() + %(settle_s)s * interval '1 second'
where state = 'unknown' and settle_at < now() + %(settle_s)s * interval '1 second'

-- name: settle
-- The time for a status to tell is over. The platform reports what it accepted within seconds, so this was not
-- accepted: a reply to a waiting customer goes once more; a send that the bot began, and a second unknown, is for staff.
update outbox
set state = case when unknowns = 1 and not initiative then 'waiting' else 'unknown' end,
    error = case when unknowns = 1 and not initiative then 'sent once more: no status told of it'
        else 'for staff: nobody knows whether it arrived' end,
    settle_at = null
where id in (
    select id from outbox where state = 'unknown' and settle_at <= now()
    order by id limit %(size)s for update skip locked
)
returning id, state, correlation_id

-- name: figures
-- How much waits to be sent, how long the oldest has waited, and what needs a person.
select count(*) filter (where state = 'waiting') as waiting,
    coalesce(extract(epoch from now() - min(created_at) filter (where state = 'waiting')), 0)::float as oldest_s,
    count(*) filter (where state = 'unknown') as unknown
from outbox where state in ('waiting', 'claimed', 'unknown')
