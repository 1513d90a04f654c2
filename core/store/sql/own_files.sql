-- name: keep
-- Part of the turn's transaction: a reply that shows a file is committed with its bytes. Said again, it is not written
-- again, and its time begins anew once a day at most: a row version for each reply would cost more than the file.
insert into own_files (conversation_id, name, mime_type, content)
select t.conversation_id, t.name, t.mime_type, t.content
from unnest(%(conversation_id)s::bigint[], %(name)s::text[], %(mime_type)s::text[], %(content)s::bytea[])
    as t (conversation_id, name, mime_type, content)
on conflict (conversation_id, name) do update set said_at = now()
where own_files.said_at < now() - interval '1 day'

-- name: get
-- A file that was said in this conversation: nobody else's picture is ever found by its name.
select content, mime_type from own_files where conversation_id = %(conversation_id)s and name = %(name)s

-- name: uploaded
-- The id under which the platform keeps it, while it surely does.
select u.media_id
from uploads u join channels ch on ch.id = u.channel_id
where ch.kind = %(channel_kind)s and ch.address = %(address)s and u.name = %(name)s
    and u.uploaded_at > now() - %(keep_s)s * interval '1 second'

-- name: note_upload
insert into uploads (channel_id, name, media_id)
select ch.id, %(name)s, %(media_id)s from channels ch
where ch.kind = %(channel_kind)s and ch.address = %(address)s
on conflict (channel_id, name) do update set media_id = excluded.media_id, uploaded_at = now()

-- name: forget_upload
delete from uploads u using channels ch
where ch.id = u.channel_id and ch.kind = %(channel_kind)s and ch.address = %(address)s and u.media_id = %(media_id)s
