-- name: put
-- Every line stands in the catalogue; a line that is not in the file is kept. What is the same is not written again.
-- The last select sees the table as it was before, and so can tell what changed.
with put as (
    insert into catalogue as t (desk_id, kind, key, content, personal)
    select %(desk_id)s, %(kind)s, g.key, g.content::jsonb, %(personal)s::text[]
    from unnest(%(key)s::text[], %(content)s::text[]) as g (key, content) order by g.key
    on conflict (desk_id, kind, key) do update set content = excluded.content, personal = excluded.personal
        where (t.content, t.personal) is distinct from (excluded.content, excluded.personal)
    returning t.key, t.content, t.xmax = 0 as fresh
)
select put.key, put.fresh, put.content as now, was.content as was,
    count(*) filter (where put.fresh) over () as added, count(*) filter (where not put.fresh) over () as changed
from put left join catalogue was on was.desk_id = %(desk_id)s and was.kind = %(kind)s and was.key = put.key
order by put.fresh, put.key limit %(examples)s

-- name: all
-- Every line of a kind.
select content from catalogue where desk_id = %(desk_id)s and kind = %(kind)s order by key

-- name: size
-- How many lines of a kind a desk has.
select count(*) as lines from catalogue where desk_id = %(desk_id)s and kind = %(kind)s

-- name: one
-- Lines by their key, of the desks of these conversations; without content where a desk has others of the kind only.
select w.conversation_id, w.key, c.content
from unnest(%(conversation_id)s::bigint[], %(key)s::text[]) as w (conversation_id, key)
join conversations conv on conv.id = w.conversation_id
join channels ch on ch.id = conv.channel_id
left join catalogue c on c.desk_id = ch.desk_id and c.kind = %(kind)s and c.key = w.key
where c.key is not null or exists (select 1 from catalogue a where a.desk_id = ch.desk_id and a.kind = %(kind)s)

-- name: lines
-- All lines of a kind, of the desks of these conversations.
select w.conversation_id, c.content
from (select distinct unnest(%(conversation_id)s::bigint[]) as conversation_id) w
join conversations conv on conv.id = w.conversation_id
join channels ch on ch.id = conv.channel_id
join catalogue c on c.desk_id = ch.desk_id and c.kind = %(kind)s
order by w.conversation_id, c.key
