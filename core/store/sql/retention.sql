-- name: events
-- One small batch of finished events whose time is over. Never what waits, and never sooner than the platform repeats.
delete from inbox where id in (
    select id from inbox
    where state = 'done' and received_at < now() - %(keep_days)s * interval '1 day' limit %(size)s
)

-- name: bodies
-- How it came, letter by letter, is kept for a shorter time than what it says; of dead letters, as long as they are.
-- The rows themselves stay, so what was looked at is remembered: else all of them would be looked at each time.
with place as (
    select reached from sweeps where kind = 'bodies' for update skip locked
),
looked as (
    select i.id, i.received_at from inbox i, place where i.id > place.reached order by i.id limit %(size)s
),
old as (
    select id from looked where received_at < now() - %(keep_days)s * interval '1 day'
),
moved as (
    update sweeps set reached = (select max(id) from old) where kind = 'bodies' and exists (select 1 from old)
),
emptied as (
    update inbox i set raw = null from old where i.id = old.id and i.state = 'done' and i.raw is not null
)
select count(*) as gone from old

-- name: letters
-- Dead letters that nobody wanted in all this time.
delete from inbox where id in (
    select id from inbox
    where state = 'buried' and received_at < now() - %(keep_days)s * interval '1 day' limit %(size)s
)

-- name: sends
-- With what the platform said of them. Never one that those after it must wait for.
with gone as (
    delete from outbox where id in (
        select id from outbox
        where not open and created_at < now() - %(keep_days)s * interval '1 day' limit %(size)s
    )
    returning id
),
told as (
    delete from deliveries d using gone where d.outbox_id = gone.id
)
select count(*) as gone from gone

-- name: own_files
-- Pictures of ours, as long as the replies that show them. One that was said again is young; a day's grace, because
-- saying it again writes it once a day at most.
delete from own_files f using (
    select conversation_id, name from own_files
    where said_at < now() - (%(keep_days)s + 1) * interval '1 day' limit %(size)s
) old
where f.conversation_id = old.conversation_id and f.name = old.name

-- name: uploads
-- Ids that the platform has forgotten by now.
delete from uploads u using (
    select channel_id, name from uploads where uploaded_at < now() - interval '31 days' limit %(size)s
) old
where u.channel_id = old.channel_id and u.name = old.name

-- name: proofs
-- A receipt of more than a year ago proves nothing new.
delete from proofs p using (
    select desk_id, kind, digest from proofs where used_at < now() - interval '400 days' limit %(size)s
) old
where p.desk_id = old.desk_id and p.kind = old.kind and p.digest = old.digest

-- name: statuses
-- Delivery statuses, also those of sends that were never ours.
delete from deliveries where id in (
    select id from deliveries where received_at < now() - %(keep_days)s * interval '1 day' limit %(size)s
)

-- name: lost_statuses
-- Statuses that name a send of ours which is not there any more.
delete from deliveries where id in (
    select d.id from deliveries d
    where d.outbox_id is null and d.callback_id is not null
        and not exists (select 1 from outbox o where o.id = d.callback_id or o.external_id = d.external_id)
    limit %(size)s
)

-- name: steps
delete from steps s using (
    select conversation_id, version from steps where at < now() - %(keep_days)s * interval '1 day' limit %(size)s
) old
where s.conversation_id = old.conversation_id and s.version = old.version
