-- name: page
-- Dead letters that fit, newest first, from below an id. It moved on: a later event of its conversation took effect
-- since it was given up.
select i.id, i.kind, i.received_at, i.finished_at, i.error, i.attempts, i.conversation_id, ch.desk_id as desk,
    i.discarded_at, exists (
        select 1 from inbox l where l.conversation_id = i.conversation_id and l.id > i.id and l.state = 'done'
            and l.finished_at > i.finished_at
    ) as moved_on, (
        select a.value from conversations conv join aliases a on a.contact_id = conv.contact_id
        where conv.id = i.conversation_id and a.kind = 'wa_id' order by a.learned_at desc limit 1
    ) as phone
from inbox i join channels ch on ch.id = i.channel_id
where i.state = 'buried' and (i.discarded_at is not null) = %(discarded)s
    and (%(before)s::bigint is null or i.id < %(before)s)
    and (%(desks)s::text[] is null or ch.desk_id = any(%(desks)s))
    and (%(desk)s::text is null or ch.desk_id = %(desk)s)
    and (%(kind)s::text is null or i.kind = %(kind)s)
    and (%(error)s::text is null or i.error = %(error)s)
    and (%(says)s::text is null or strpos(folded(i.error), folded(%(says)s)) > 0)
    and (%(phone)s::text is null or length(%(phone)s) >= 4 and exists (
        select 1 from conversations conv join aliases a on a.contact_id = conv.contact_id
        where conv.id = i.conversation_id and a.kind = 'wa_id' and reverse(a.value) like reverse(%(phone)s) || '%%'
    ))
order by i.id desc limit %(most)s

-- name: errors
-- Errors of the newest thousand dead letters, counted.
select error, count(*) as events, max(received_at) as newest_at
from (
    select i.error, i.received_at
    from inbox i join channels ch on ch.id = i.channel_id
    where i.state = 'buried' and (i.discarded_at is not null) = %(discarded)s
        and (%(desks)s::text[] is null or ch.desk_id = any(%(desks)s))
    order by i.id desc limit 1000
) newest
group by error order by events desc, error limit 12

-- name: kinds
select distinct i.kind from inbox i where i.state = 'buried' order by i.kind

-- name: find
-- One of them, whole.
select i.id, i.kind, i.external_id, i.received_at, i.sent_at, i.finished_at, i.error, i.attempts, i.retries, i.text,
    i.content, i.raw::text as raw, i.state, i.conversation_id, i.discarded_at, i.discarded_by, i.discarded_why,
    ch.desk_id as desk, ch.kind as channel_kind, ch.address, (
        select count(*) from inbox l where l.conversation_id = i.conversation_id and l.id > i.id and l.state = 'done'
            and l.finished_at > i.finished_at
    ) as later
from inbox i join channels ch on ch.id = i.channel_id
where i.id = %(id)s and (%(desks)s::text[] is null or ch.desk_id = any(%(desks)s))

-- name: matching
-- Dead letters that fit and could be replayed, oldest first, held until this transaction ends.
select i.id, exists (
        select 1 from inbox l where l.conversation_id = i.conversation_id and l.id > i.id and l.state = 'done'
            and l.finished_at > i.finished_at
    ) as moved_on
from inbox i join channels ch on ch.id = i.channel_id
where i.state = 'buried' and i.discarded_at is null and i.conversation_id is not null and ch.desk_id is not null
    and (%(desks)s::text[] is null or ch.desk_id = any(%(desks)s))
    and (%(desk)s::text is null or ch.desk_id = %(desk)s)
    and (%(kind)s::text is null or i.kind = %(kind)s)
    and (%(error)s::text is null or i.error = %(error)s)
    and (%(says)s::text is null or strpos(folded(i.error), folded(%(says)s)) > 0)
    and (%(phone)s::text is null or length(%(phone)s) >= 4 and exists (
        select 1 from conversations conv join aliases a on a.contact_id = conv.contact_id
        where conv.id = i.conversation_id and a.kind = 'wa_id' and reverse(a.value) like reverse(%(phone)s) || '%%'
    ))
order by i.id limit %(most)s for update of i

-- name: discard
-- Put aside, with who and why; it stays to be seen.
update inbox set discarded_at = now(), discarded_by = %(who)s, discarded_why = %(why)s
where id = %(id)s and state = 'buried' and discarded_at is null
