-- name: claim_beside
-- With the first reply of a letter, all else that the same turn decided goes out: one claim, one outcome.
update outbox o set state = 'claimed', claimed_at = now(), attempts = o.attempts + 1
from outbox f
where f.id = any(%(id)s::bigint[]) and f.state = 'claimed'
    and o.conversation_id = f.conversation_id and o.event_id = f.event_id and o.id > f.id
    and o.initiative = f.initiative and o.state = 'waiting'
returning f.id as first, o.id, o.kind, o.text, o.content

-- name: heads
-- The head of each letter: its recipient, the business that writes it, and the customer's letter that it answers (the
-- last one before the turn that decided it).
select o.id, c.name, coalesce(d.name, '') as desk, coalesce(nullif(s.language, ''), d.language, 'es') as language, heard.answers
from outbox o
join conversations conv on conv.id = o.conversation_id
join contacts c on c.id = conv.contact_id
join sessions s on s.conversation_id = o.conversation_id
join channels ch on ch.id = o.channel_id
left join desks d on d.id = ch.desk_id
left join lateral (
    select i.content -> 'letter' as answers from inbox i
    where i.conversation_id = o.conversation_id and i.origin = 'customer' and i.content ? 'letter'
        and (o.event_id is null or i.id <= o.event_id)
    order by i.id desc limit 1
) heard on true
where o.id = any(%(id)s::bigint[])
