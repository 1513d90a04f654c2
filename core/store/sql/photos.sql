-- name: add
-- A photo that was kept; of one event, once.
insert into photos (conversation_id, event_id, purpose, sha256, bytes, received_at)
values (%(conversation_id)s, %(event_id)s, %(purpose)s, %(sha256)s, %(bytes)s, %(received_at)s)
on conflict (event_id) do nothing

-- name: purge
-- One small batch of those whose time is over; their files go when no photo names them any more.
delete from photos where id in (
    select id from photos where stored_at < now() - %(keep_days)s * interval '1 day' order by stored_at limit %(size)s
)

-- name: unnamed
-- Of these files, the ones that no photo and no waiting job names.
select t.sha256 from unnest(%(sha256)s::text[]) as t (sha256)
where not exists (select 1 from photos p where p.sha256 = t.sha256)
    and not exists (select 1 from errands e where e.state = 'waiting' and e.content ->> 'media_id' = 'upload:' || t.sha256)
    and not exists (
        select 1 from inbox i
        where i.state = 'waiting' and i.kind = 'image' and i.content ->> 'media_id' = 'upload:' || t.sha256
    )
