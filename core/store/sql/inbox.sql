-- name: accept
-- Every event of the group is in the inbox once, in the order it came; a copy only counts.
-- Rows are inserted in the order of their external ids, so that two groups that share events cannot wait for
-- each other, but numbered in the order they came, because that is the order in which they take effect.
-- An event whose conversation is not there yet (its stranger is being met by another group) is left out:
-- the caller meets and accepts it again. With `or_none`, one that is left out leaves out all.
with item as (
    select *
    from unnest(
        %(channel_kind)s::text[], %(address)s::text[], %(external_id)s::text[], %(kind)s::text[], %(origin)s::text[],
        %(text)s::text[],
        %(content)s::jsonb[], %(raw)s::json[], %(sent_at)s::timestamptz[], %(state)s::text[], %(error)s::text[],
        %(copies)s::int[], %(alias_kind)s::text[], %(alias_value)s::text[]
    ) with ordinality as t (
        channel_kind, address, external_id, kind, origin, text, content, raw, sent_at, state, error,
        copies, alias_kind, alias_value, ord
    )
),
placed as (
    select item.*, ch.id as channel_id, ch.desk_id, conv.id as conversation_id
    from item
    join channels ch on ch.kind = item.channel_kind and ch.address = item.address
    left join aliases a on a.kind = item.alias_kind and a.value = item.alias_value
        and a.scope = case item.alias_kind when 'bsuid' then ch.scope when 'parent_bsuid' then ch.scope else '' end
    left join conversations conv on conv.channel_id = ch.id and conv.contact_id = a.contact_id
),
numbered as materialized (
    select nextval(pg_get_serial_sequence('inbox', 'id')) as id, line.*
    from (select * from placed where alias_value is null or conversation_id is not null order by ord) line
    where not %(or_none)s or (select count(*) from item)
        = (select count(*) from placed where alias_value is null or conversation_id is not null)
)
insert into inbox (
    id, channel_id, conversation_id, external_id, kind, origin, text, content, raw, sent_at, retries, state, error, finished_at
)
overriding system value
select
    id, channel_id, conversation_id, external_id, kind, origin, text, content, raw, sent_at, copies,
    case when state = 'waiting' and desk_id is null then 'buried' else state end,
    case when state = 'waiting' and desk_id is null then 'no desk answers on this number' else error end,
    case when state = 'waiting' and desk_id is not null then null else now() end
from numbered
order by channel_id, external_id
on conflict (channel_id, external_id) do update
    set retries = inbox.retries + 1 + excluded.retries, last_retry_at = now()
returning external_id, kind, retries, state, xmax = 0 as fresh

-- name: add_channels
-- A number that no row knows gets one, with no desk: its events are kept and shown.
insert into channels (kind, address)
select distinct kind, address from unnest(%(kind)s::text[], %(address)s::text[]) as t (kind, address)
order by kind, address
on conflict do nothing

-- name: finish
-- These events have taken effect. Only a waiting one can: anything else means two histories.
update inbox i
set state = case when t.error is null then 'done' else 'buried' end, error = t.error, attempts = t.attempts,
    finished_at = now()
from unnest(%(id)s::bigint[], %(attempts)s::int[], %(error)s::text[]) as t (id, attempts, error)
where i.id = t.id and i.state = 'waiting'

-- name: note_failure
-- The errors of events that are tried again: they stay waiting.
update inbox i set attempts = t.attempts, error = t.error
from unnest(%(id)s::bigint[], %(attempts)s::int[], %(error)s::text[]) as t (id, attempts, error)
where i.id = t.id and i.state = 'waiting'

-- name: replay
-- A dead letter goes back to the line, if its conversation and a desk for it are there.
update inbox i
set state = 'waiting', error = null, attempts = 0, finished_at = null, discarded_at = null, discarded_by = null,
    discarded_why = null
from channels ch
where i.id = %(id)s and i.state = 'buried' and i.conversation_id is not null
    and ch.id = i.channel_id and ch.desk_id is not null

-- name: figures
-- How much waits, and how long the oldest has waited.
select count(*) as waiting, coalesce(extract(epoch from now() - min(received_at)), 0)::float as oldest_s,
    (select count(*) from inbox where state = 'buried' and discarded_at is null) as buried
from inbox where state = 'waiting'

-- name: buried
-- The newest dead letters that nobody put aside.
select id, kind, received_at, error from inbox where state = 'buried' and discarded_at is null order by id desc limit 100

-- name: add_own
-- An event of our own about a conversation: an act of staff, the result of a photo.
insert into inbox (channel_id, conversation_id, external_id, kind, origin, text, content)
select conv.channel_id, conv.id, %(external_id)s, %(kind)s, %(origin)s, %(text)s, %(content)s::jsonb
from conversations conv where conv.id = %(conversation_id)s
on conflict (channel_id, external_id) do update
    set retries = inbox.retries + 1, last_retry_at = now()
returning id, xmax = 0 as fresh
