-- name: claim
-- Photos and voice notes that wait, leased to one worker. A claim counts as a try, so that one which kills its
-- workers is given up in the end. Fair queue: jobs of known people come before those of
-- visitors of the chat, and conversations take turns, counting the jobs that are under way.
with waiting as (
    select j.id, ch.kind = 'web' as from_chat, row_number() over (partition by j.conversation_id order by j.id) as turn
    from media_jobs j join conversations v on v.id = j.conversation_id join channels ch on ch.id = v.channel_id
    where j.state = 'waiting'
), due as (
    select j.id, i.external_id, coalesce(i.received_at, j.created_at) as received_at, s.language, d.menu
    from waiting w join media_jobs j on j.id = w.id left join inbox i on i.id = j.event_id
    join sessions s on s.conversation_id = j.conversation_id
    join conversations v on v.id = j.conversation_id join channels ch on ch.id = v.channel_id
    join desks d on d.id = ch.desk_id
    where j.state = 'waiting' and j.leased_until <= now()
    order by w.from_chat, w.turn, j.id limit %(size)s for update of j skip locked
)
update media_jobs j
set leased_until = now() + %(lease_s)s * interval '1 second', lease_token = %(token)s, attempts = j.attempts + 1
from due where j.id = due.id
returning j.id, j.conversation_id, j.event_id, j.kind, j.media_id, j.purpose, j.attempts, due.received_at, due.language, due.menu,
    coalesce(due.external_id, '') as external_id, extract(epoch from now() - j.created_at)::float as age_s

-- name: renew
-- Prolongs the leases of jobs that are under way.
update media_jobs set leased_until = now() + %(lease_s)s * interval '1 second'
where id = any(%(id)s::bigint[]) and lease_token = %(token)s and state = 'waiting'

-- name: put_off
-- To be tried again later, by anybody.
update media_jobs set leased_until = now() + %(wait_s)s * interval '1 second', lease_token = null, error = %(error)s
where id = %(id)s and lease_token = %(token)s and state = 'waiting'

-- name: finish
-- Finishes a job whose lease is still ours; a worker that lost the lease changes nothing.
update media_jobs
set state = case when %(error)s::text is null then 'done' else 'failed' end, error = %(error)s, finished_at = now(),
    lease_token = null
where id = %(id)s and lease_token = %(token)s and state = 'waiting'

-- name: purge
-- One small batch of what was finished long ago.
delete from media_jobs where id in (
    select id from media_jobs where state <> 'waiting' and finished_at < now() - %(keep_days)s * interval '1 day'
    order by id limit %(size)s
)
