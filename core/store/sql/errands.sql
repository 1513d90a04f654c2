-- name: due
-- Lists the desks and services that have an errand which waits for a worker.
select d.id as desk_id, d.name as desk_name, d.language as desk_language, d.timezone, d.menu, d.settings, w.service
from (
    select distinct ch.desk_id, e.service
    from errands e join conversations v on v.id = e.conversation_id join channels ch on ch.id = v.channel_id
    where e.state = 'waiting' and e.leased_until <= now()
) w
join desks d on d.id = w.desk_id
order by d.id, w.service

-- name: claim
-- Leases errands that wait to one worker: of each desk and service as many as it has room for. A claim counts as a
-- try, so that one which kills its workers is given up in the end. Fair queue: errands of known people come before
-- those of visitors of the chat, and conversations take turns, counting the errands that are under way.
with waiting as (
    select e.id, ch.kind = 'web' as from_chat, ch.desk_id,
        row_number() over (partition by e.service, e.conversation_id order by e.id) as turn
    from errands e join conversations v on v.id = e.conversation_id join channels ch on ch.id = v.channel_id
    where e.state = 'waiting'
), due as (
    select taken.*
    from unnest(%(desk_id)s::text[], %(service)s::text[], %(room)s::int[]) as r (desk_id, service, room)
    cross join lateral (
        select e.id, w.desk_id
        from errands e join waiting w on w.id = e.id
        where e.state = 'waiting' and e.leased_until <= now() and e.service = r.service
            and (r.desk_id is null or w.desk_id = r.desk_id)
        order by w.from_chat, w.turn, e.id limit r.room for update of e skip locked
    ) taken
)
update errands e
set leased_until = now() + %(lease_s)s * interval '1 second', lease_token = %(token)s, attempts = e.attempts + 1
from due
join desks d on d.id = due.desk_id
where e.id = due.id
returning e.id, e.conversation_id, e.event_id, e.service, e.what, e.key, e.content, e.within_s, e.attempts, e.wanted,
    e.result, e.answer, extract(epoch from now() - e.wanted_at)::float as age_s,
    extract(epoch from now() - e.begun_at)::float as begun_s,
    coalesce((select i.external_id from inbox i where i.id = e.event_id), '') as external_id,
    coalesce((select i.received_at from inbox i where i.id = e.event_id), e.created_at) as received_at,
    coalesce((select s.language from sessions s where s.conversation_id = e.conversation_id), d.language) as language,
    d.id as desk_id, d.name as desk_name, d.language as desk_language, d.timezone, d.menu, d.settings

-- name: begin
-- Marks that a call goes out which may have an effect. A worker that finds the mark and no result looks it up first.
update errands set begun_at = now() where id = %(id)s and lease_token = %(token)s and state = 'waiting'

-- name: renew
-- Prolongs the leases of errands that are under way.
update errands set leased_until = now() + %(lease_s)s * interval '1 second'
where id = any(%(id)s::bigint[]) and lease_token = %(token)s and state = 'waiting'

-- name: put_off
-- Puts an errand off: any worker may try it again later. An unsettled one keeps its mark.
update errands set leased_until = now() + %(wait_s)s * interval '1 second', lease_token = null, error = %(error)s,
    begun_at = case when %(unsettled)s then begun_at end
where id = %(id)s and lease_token = %(token)s and state = 'waiting'

-- name: finish
-- Finishes an errand whose lease is still ours; a worker that lost the lease changes nothing. An unknown one keeps its mark.
update errands
set state = %(state)s, error = %(error)s, result = coalesce(%(result)s::jsonb, result), finished_at = now(),
    lease_token = null, begun_at = case when %(state)s::text = 'unknown' then begun_at end
where id = %(id)s and lease_token = %(token)s and state = 'waiting'

-- name: answer
-- Answers an errand whose outcome nobody knows, as a member of staff says: a worker gives it to the service, and tells the
-- conversation. Not while a worker has it in hand, and once for each wish.
update errands e
set answer = %(answer)s::jsonb, state = 'waiting', wanted_at = now(), attempts = 0, leased_until = '-infinity',
    finished_at = null, wanted = e.wanted + case when e.state = 'unknown' then 1 else 0 end
where e.id = %(id)s and e.wanted = %(wanted)s and (
    e.state = 'unknown'
    or e.state = 'waiting' and e.begun_at is not null and e.lease_token is null and e.answer is null
)

-- name: purge
-- Purges one small batch of errands that were over long ago.
delete from errands where id in (
    select id from errands where state <> 'waiting' and finished_at < now() - %(keep_days)s * interval '1 day'
    order by id limit %(size)s
)
