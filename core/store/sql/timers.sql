-- name: arm
-- These timers are set; one of the same name is set anew.
insert into timers (conversation_id, name, due_at, rest_s, set_at_version, content)
select * from unnest(
    %(conversation_id)s::bigint[], %(name)s::text[], %(due_at)s::timestamptz[], %(rest_s)s::float[],
    %(set_at_version)s::int[], %(content)s::jsonb[]
)
on conflict (conversation_id, name) do update
    set due_at = excluded.due_at, rest_s = excluded.rest_s, set_at_version = excluded.set_at_version,
        content = excluded.content

-- name: cancel
delete from timers t using unnest(%(conversation_id)s::bigint[], %(name)s::text[]) as c (conversation_id, name)
where t.conversation_id = c.conversation_id and t.name = c.name

-- name: postpone
-- A timer that waits for silence starts again from the last thing the customer said. Doing it here, when it is due,
-- spares every turn a write.
update timers t set due_at = s.heard_at + t.rest_s * interval '1 second'
from sessions s
where s.conversation_id = t.conversation_id and t.due_at <= now() and t.rest_s is not null
    and s.heard_at + t.rest_s * interval '1 second' > now()

-- name: fire
-- Due timers become events, each once: gone from here and in the inbox by one commit.
with due as (
    select conversation_id, name from timers where due_at <= now()
    order by due_at limit %(size)s for update skip locked
),
gone as (
    delete from timers t using due where t.conversation_id = due.conversation_id and t.name = due.name
    returning t.*
)
insert into inbox (channel_id, conversation_id, external_id, kind, origin, content)
select conv.channel_id, gone.conversation_id,
    'timer:' || gone.conversation_id || ':' || gone.name || ':' || gone.set_at_version, 'timer', 'timer',
    gone.content || jsonb_build_object('name', gone.name, 'set_at_version', gone.set_at_version)
from gone join conversations conv on conv.id = gone.conversation_id
on conflict (channel_id, external_id) do nothing
