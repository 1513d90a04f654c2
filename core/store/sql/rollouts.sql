-- name: begin
-- A version takes so many of a hundred conversations, and these. What was there of another rollout is over.
insert into rollouts (version, share, conversations, rest_s)
values (%(version)s, %(share)s, %(conversations)s, %(rest_s)s)
on conflict (one) do update set version = excluded.version, share = excluded.share, rest_s = excluded.rest_s,
    conversations = excluded.conversations, withdrawn = false, began_at = now(), stage_at = now()

-- name: widen
update rollouts set share = %(share)s, stage_at = now() where not withdrawn

-- name: withdraw
update rollouts set withdrawn = true, stage_at = now()

-- name: finish
delete from rollouts

-- name: now
select version, share, cardinality(conversations) as listed, withdrawn, began_at, stage_at,
    (select count(*) from sessions s where s.release = r.version) as conversations
from rollouts r

-- name: figures
-- Doings of the new version within these seconds, and what the others did: turns, what failed, and how long the turns took.
with taken as (
    select st.at, i.received_at, s.release = r.version as new, st.conversation_id, st.event_id
    from rollouts r, steps st
    join sessions s on s.conversation_id = st.conversation_id
    join inbox i on i.id = st.event_id
    where st.at > now() - %(within_s)s * interval '1 second' and st.origin = 'customer'
)
select count(*) filter (where new) as turns, count(*) filter (where not new) as turns_of_others,
    percentile_cont(0.95) within group (order by extract(epoch from at - received_at)) filter (where new) as p95_s,
    percentile_cont(0.95) within group (order by extract(epoch from at - received_at)) filter (where not new) as p95_s_of_others,
    (select count(*) from outbox o join sessions s using (conversation_id), rollouts r
        where o.state = 'failed' and s.release = r.version and o.created_at > now() - %(within_s)s * interval '1 second')
        as failed,
    (select count(*) from inbox i join sessions s using (conversation_id), rollouts r
        where i.state = 'buried' and s.release = r.version and i.finished_at > r.began_at) as dead_letters,
    (select coalesce(bool_or(h.breakers ->> 'ai' = 'open'), false) from heartbeats h, rollouts r
        where h.version = r.version and h.at > now() - interval '1 minute') as ai_open,
    (select coalesce(bool_or(h.breakers ->> 'ai' = 'open'), false) from heartbeats h, rollouts r
        where h.version <> r.version and h.at > now() - interval '1 minute') as ai_open_of_others,
    (select count(*) from heartbeats h, rollouts r
        where h.version = r.version and h.kind = 'workers' and h.at > now() - interval '1 minute') as workers
from taken
