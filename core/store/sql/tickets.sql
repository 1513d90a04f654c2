-- name: find
select number, kind, status, desk_id, conversation_id, created_at, resolved_at, assignee from tickets
where number = %(number)s

-- name: newest
select number, kind, status, desk_id, created_at from tickets order by created_at desc, number limit %(size)s

-- name: page
-- Tickets that fit, newest first, from below a place in that order. Of those with no index for what is asked, at most
-- `walk` are looked at. The place is a comparison and nothing else, so that the index leads to it under any plan, and
-- a name is looked up for each row that is shown, because a join might put off the end of the walk.
select t.number, t.desk_id as desk, t.kind, t.status, t.assignee,
    (select holder.name from staff holder where holder.email = t.assignee) as assignee_name, t.conversation_id,
    t.priority, t.summary, t.created_at, t.resolved_at, t.content #> '{given,location,value}' as pin,
    t.content #>> '{given,address,value}' as address
from (
    select * from tickets t
    where (t.created_at, t.number) < (coalesce(%(at)s::timestamptz, 'infinity'), coalesce(%(number)s::text, ''))
    order by t.created_at desc, t.number desc limit %(walk)s
) t
where (%(desks)s::text[] is null or t.desk_id = any(%(desks)s))
    and (%(desk)s::text is null or t.desk_id = %(desk)s)
    and (%(kind)s::text is null or t.kind = %(kind)s)
    and (%(status)s::text is null or t.status = %(status)s)
    and (%(urgent)s::bool is not true or t.priority = 'urgent' and t.status in ('pending', 'in_progress'))
    and (%(assigned)s::bool is null or (t.assignee is not null) = %(assigned)s)
    and (%(assignee)s::text is null or t.assignee = %(assignee)s)
    and (%(since_s)s::float is null or t.created_at >= now() - %(since_s)s * interval '1 second')
    and (%(words)s::text is null or lower(t.number) like folded(%(words)s)
        or %(reads)s and folded(t.summary) like folded(%(words)s))
order by t.created_at desc, t.number desc limit %(most)s

-- name: walked
-- The last that such a walk looks at; nothing when it comes to the end first.
select t.created_at, t.number from tickets t
where (t.created_at, t.number) < (coalesce(%(at)s::timestamptz, 'infinity'), coalesce(%(number)s::text, ''))
order by t.created_at desc, t.number desc offset %(walk)s - 1 limit 1

-- name: in_full
-- One ticket, whole, for those whose desk it is.
select t.number, t.desk_id as desk, d.name as desk_name, t.kind, t.status, t.priority, t.assignee, holder.name as assignee_name,
    t.conversation_id, t.event_id, t.summary, t.content, t.created_at, t.resolved_at, c.name as contact_name,
    alias.value as alias, s.status as survey, s.comment as survey_comment
from tickets t
join desks d on d.id = t.desk_id
left join staff holder on holder.email = t.assignee
left join conversations conv on conv.id = t.conversation_id
left join contacts c on c.id = conv.contact_id
left join surveys s on s.ticket = t.number
left join lateral (
    select a.value from aliases a where a.contact_id = conv.contact_id and a.kind <> 'parent_bsuid'
    order by a.kind = 'wa_id' desc, a.learned_at desc limit 1
) alias on true
where t.number = %(number)s and (%(desks)s::text[] is null or t.desk_id = any(%(desks)s))

-- name: history
-- Changes of a ticket, oldest first.
select h.at, h.by, staff.name as by_name, h.what, h.before, h.after, h.note
from ticket_changes h
left join staff on staff.email = h.by
where h.ticket = %(number)s order by h.id

-- name: asked
-- Changes that staff asked for and no turn has made: the event waits, or it failed and is a dead letter.
select i.id, i.received_at as at, i.content ->> 'by' as by, staff.name as by_name,
    coalesce(i.content ->> 'status', i.content ->> 'assignee') as after, i.content ? 'status' as is_status, i.state
from inbox i
left join staff on staff.email = i.content ->> 'by'
where i.conversation_id = %(conversation_id)s and i.kind = 'ticket' and i.content ->> 'number' = %(number)s
    and i.state in ('waiting', 'buried') and i.discarded_at is null
order by i.id

-- name: photos
select id, purpose, received_at from report.photos
where conversation_id = %(conversation_id)s and ticket = %(number)s order by received_at, id

-- name: ratings
select a.question, a.rating, q.content ->> 'short' as short from survey_answers a
join tickets t on t.number = a.ticket
left join catalogue q on q.desk_id = t.desk_id and q.kind = 'survey_questions' and q.key = a.question::text
where a.ticket = %(number)s order by a.question

-- name: kinds
-- The kinds of tickets that occur.
select distinct kind from (select kind from tickets order by created_at desc limit 5000) t order by kind

-- name: assignees
-- Staff who may hold tickets of one of these desks; of any, when none are named.
select email, name from staff
where disabled_at is null and role <> 'viewer' and (desks is null or %(desks)s::text[] is null or desks && %(desks)s)
order by lower(name), email

-- name: open_by_hand
-- A ticket that no turn decided, because none could: its event is a number that no event has.
insert into tickets (number, desk_id, conversation_id, event_id, kind, summary, content, priority)
select %(number)s, ch.desk_id, conv.id, %(mark)s, 'help', %(summary)s,
    jsonb_build_object('given', '{}'::jsonb, 'at', '', 'by', %(by)s::text), %(priority)s
from conversations conv join channels ch on ch.id = conv.channel_id
where conv.id = %(conversation_id)s and ch.desk_id is not null

-- name: desk_of
-- The desk that a conversation is with.
select d.id, d.name, d.language, d.timezone, d.menu, d.settings
from conversations conv join channels ch on ch.id = conv.channel_id join desks d on d.id = ch.desk_id
where conv.id = %(conversation_id)s
