-- name: line
-- Conversations that wait for a person and that no member of staff holds, the longest wait first: ids alone, for every page asks it.
select s.conversation_id as id
from sessions s
join conversations conv on conv.id = s.conversation_id
join channels ch on ch.id = conv.channel_id
where s.person_wanted is not null and s.agent is null
    and (%(desks)s::text[] is null or ch.desk_id = any(%(desks)s))
order by s.person_wanted, s.conversation_id
limit %(most)s

-- name: listed
-- The same with who they are, since when they wait, and what they said last.
select s.conversation_id as id, ch.desk_id as desk, c.name, alias.value as alias, s.flow, s.state,
    (case when s.person_wanted ~ '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d' then s.person_wanted end)::timestamptz as since,
    heard.kind as heard_kind, heard.text as heard_text, s.memory #>> '{notes,callback}' as callback
from sessions s
join conversations conv on conv.id = s.conversation_id
join channels ch on ch.id = conv.channel_id
join contacts c on c.id = conv.contact_id
left join lateral (
    select a.value from aliases a where a.contact_id = conv.contact_id and a.kind <> 'parent_bsuid'
    order by a.kind = 'wa_id' desc, a.learned_at desc limit 1
) alias on true
left join lateral (
    select i.kind, left(i.text, 160) as text from inbox i
    where i.conversation_id = s.conversation_id and not i.kind = any(%(unspoken)s)
    order by i.id desc limit 1
) heard on true
where s.person_wanted is not null and s.agent is null
    and (%(desks)s::text[] is null or ch.desk_id = any(%(desks)s))
    and (%(desk)s::text is null or ch.desk_id = %(desk)s)
order by s.person_wanted, s.conversation_id
limit %(most)s
