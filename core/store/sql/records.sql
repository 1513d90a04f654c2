-- name: open_tickets
-- The database has no room for a second ticket of one confirmation.
insert into tickets (number, desk_id, conversation_id, event_id, kind, summary, content, priority)
select * from unnest(
    %(number)s::text[], %(desk_id)s::text[], %(conversation_id)s::bigint[], %(event_id)s::bigint[], %(kind)s::text[],
    %(summary)s::text[], %(content)s::jsonb[], %(priority)s::text[]
)

-- name: change_tickets
-- A ticket of this conversation stands otherwise, and its history, which outlives the events, says who wanted it.
with wanted as (
    select * from unnest(
        %(conversation_id)s::bigint[], %(event_id)s::bigint[], %(number)s::text[], %(what)s::text[],
        %(before)s::text[], %(after)s::text[], %(by)s::text[], %(note)s::text[]
    ) as w (conversation_id, event_id, number, what, before, after, by, note)
),
changed as (
    update tickets t set
        status = case w.what when 'status' then w.after else t.status end,
        assignee = case w.what when 'assignee' then nullif(w.after, '') else t.assignee end,
        resolved_at = case when w.what <> 'status' then t.resolved_at when w.after = 'resolved' then now() end
    from wanted w where t.number = w.number and t.conversation_id = w.conversation_id
    returning t.number
)
insert into ticket_changes (ticket, by, what, before, after, note, event_id)
select w.number, w.by, w.what, w.before, w.after, w.note, w.event_id from wanted w join changed c on c.number = w.number

-- name: add_to_tickets
-- Additions by the customer to a ticket of this conversation: put behind what was told before, and kept line by line.
update tickets t
set summary = left(t.summary || ' · ' || a.said, 4000),
    content = t.content || jsonb_build_object('added', coalesce(t.content -> 'added', '[]') || a.lines)
from (
    select conversation_id, number, string_agg(text, ' · ' order by ord) as said,
        jsonb_agg(jsonb_build_object('at', now(), 'text', text) order by ord) as lines
    from unnest(%(conversation_id)s::bigint[], %(number)s::text[], %(text)s::text[])
        with ordinality as w (conversation_id, number, text, ord)
    group by conversation_id, number
) a
where t.number = a.number and t.conversation_id = a.conversation_id

-- name: answer_surveys
-- A rating is counted once.
insert into survey_answers (ticket, question, rating)
select * from unnest(%(ticket)s::text[], %(question)s::smallint[], %(rating)s::smallint[])
on conflict do nothing

-- name: finish_surveys
insert into surveys (ticket, status, comment, finished_at)
select *, now() from unnest(%(ticket)s::text[], %(status)s::text[], %(comment)s::text[])
on conflict (ticket) do update set status = excluded.status, comment = excluded.comment, finished_at = now()

-- name: want_errands
-- An idempotency key is one errand. Wanted again while it waits, it is the same wish; wanted again when it is over, it is
-- told again: by its stored result if it is done, else after another try. What it is about changes only as long as
-- nothing can have happened.
insert into errands as e (conversation_id, event_id, service, what, key, content, within_s)
select * from unnest(
    %(conversation_id)s::bigint[], %(event_id)s::bigint[], %(service)s::text[], %(what)s::text[], %(key)s::text[],
    %(content)s::jsonb[], %(within_s)s::float[]
)
on conflict (conversation_id, service, key) do update
set state = 'waiting', answer = null, event_id = excluded.event_id, within_s = excluded.within_s, wanted_at = now(),
    wanted = e.wanted + 1, attempts = 0, leased_until = '-infinity', lease_token = null, finished_at = null,
    what = case when e.result is null and e.begun_at is null then excluded.what else e.what end,
    content = case when e.result is null and e.begun_at is null then excluded.content else e.content end
where e.state <> 'waiting'

-- name: give_up
-- These sends are said again by the same turn: their outcomes are no longer awaited.
update outbox set state = 'failed', error = 'given up: said again', settle_at = null
where id = any(%(id)s::bigint[]) and (state in ('parked', 'failed') or (state = 'unknown' and settle_at is null))

-- name: set_opt_outs
-- An opt-out belongs to the person, not to a conversation. Of two numbers in one group, the later event counts.
-- Contacts are locked in the order of their ids, so that two groups cannot wait for each other.
with wanted as (
    select distinct on (conv.contact_id) conv.contact_id, w.out
    from unnest(%(conversation_id)s::bigint[], %(event_id)s::bigint[], %(out)s::bool[])
        as w (conversation_id, event_id, out)
    join conversations conv on conv.id = w.conversation_id
    order by conv.contact_id, w.event_id desc
),
held as (
    select c.id, w.out from contacts c join wanted w on w.contact_id = c.id order by c.id for no key update of c
)
update contacts c set opted_out_at = case when held.out then coalesce(c.opted_out_at, now()) end
from held where c.id = held.id
